"""The log inside the store: entries in one chain, whoever of the machine's proxies writes them, and its checkpoints."""

from __future__ import annotations

import sqlite3

from dlp_proxy.evidence.checkpoint import Checkpoint, Signer
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.evidence.merkle import FIRST, Frontier, leaf


class Log:
    """Appends to the log in one transaction, which is what makes the numbers gap-free and the chain one.

    Args:
        connection: in a transaction that began with ``BEGIN IMMEDIATE``.
        at: the time of the entries, in milliseconds since the epoch.
    """

    def __init__(self, connection: sqlite3.Connection, at: int) -> None:
        self._connection = connection
        self.at = at
        self._tail: tuple[int, bytes] | None = None
        self.appended = 0

    def append(self, entry: Entry) -> int:
        """Write an entry and return its number."""
        number, before = self._tail or last(self._connection)
        number += 1
        written = entry.written(number, self.at)
        hashed = leaf(before, written)
        self._connection.execute("INSERT INTO log (number, entry, hash) VALUES (?, ?, ?)", (number, written, hashed))
        self._tail = number, hashed
        self.appended += 1
        return number

    def sign(self, signer: Signer) -> Checkpoint | None:
        """Sign what is in the log, keep the note, and say so in an entry. None where nothing is new since the last.

        A checkpoint's own entry is nothing new: a log at rest is not signed for ever.
        """
        size, _ = self._tail or last(self._connection)
        tree = frontier(self._connection)
        if size <= tree.size + bool(tree.size):
            return None
        rows = self._connection.execute("SELECT hash FROM log WHERE number > ? ORDER BY number", (tree.size,))
        tree.extend([hashed for (hashed,) in rows])
        signed = Checkpoint(signer.name, size, tree.root(), self.at)
        self._connection.execute(
            "INSERT INTO checkpoint (size, note, frontier) VALUES (?, ?, ?)",
            (size, signer.sign(signed.text), tree.dump()),
        )
        self.append(Entry("checkpoint", more={"size": size, "root": tree.root().hex()}))
        return signed


def last(connection: sqlite3.Connection) -> tuple[int, bytes]:
    """Return number and hash of the last entry; zero and the first link where there is none."""
    row = connection.execute("SELECT number, hash FROM log ORDER BY number DESC LIMIT 1").fetchone()
    return (0, FIRST) if row is None else (int(row[0]), bytes(row[1]))


def frontier(connection: sqlite3.Connection) -> Frontier:
    """Return the tree as of the last checkpoint."""
    row = connection.execute("SELECT size, frontier FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    return Frontier() if row is None else Frontier.of(int(row[0]), bytes(row[1]))


def keep_node(connection: sqlite3.Connection, name: str) -> str:
    """Return the machine's name in the log: the first that was ever given, so that the log keeps its origin."""
    if name and connection.execute("SELECT 1 FROM node").fetchone() is None:
        connection.execute("INSERT INTO node (name) VALUES (?)", (name,))
    return node_of(connection)


def node_of(connection: sqlite3.Connection) -> str:
    """Return the machine's name in the log, as somebody who only reads finds it."""
    row = connection.execute("SELECT name FROM node").fetchone()
    return "unnamed" if row is None else str(row[0])


def notes(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Return size and signed note of every checkpoint, ascending."""
    return list(connection.execute("SELECT size, note FROM checkpoint ORDER BY size"))


def origin_of(node: str) -> str:
    """Return which log it is: the first line of its checkpoints, and the name of the key that signs them."""
    return f"dlp_proxy/{node}/log"
