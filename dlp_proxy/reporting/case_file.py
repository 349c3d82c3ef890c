"""A case as a SQLite file of its own, for asking in SQL: people under pseudonyms, customers as tokens."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from dlp_proxy.reporting.case import Case, Shown
from dlp_proxy.reporting.edges import edges_of
from dlp_proxy.reporting.words import utc

_TABLES: Final = """
CREATE TABLE about (what TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE transfer (
  sequence INTEGER PRIMARY KEY, event TEXT NOT NULL UNIQUE, time TEXT NOT NULL, person TEXT NOT NULL,
  site TEXT NOT NULL, verdict TEXT NOT NULL, rule TEXT NOT NULL, reached TEXT NOT NULL, why TEXT NOT NULL,
  customers INTEGER NOT NULL, bytes INTEGER NOT NULL, coverage TEXT NOT NULL
) STRICT;
CREATE TABLE customer (transfer INTEGER NOT NULL REFERENCES transfer, token TEXT NOT NULL) STRICT;
CREATE INDEX customer_by_token ON customer (token);
CREATE TABLE person (
  person TEXT NOT NULL, method TEXT NOT NULL, strength TEXT NOT NULL, shared INTEGER NOT NULL
) STRICT;
CREATE TABLE edge (
  person TEXT NOT NULL, site TEXT NOT NULL, left INTEGER NOT NULL, possible INTEGER NOT NULL, blocked INTEGER NOT NULL,
  records INTEGER NOT NULL, transfers INTEGER NOT NULL
) STRICT;
CREATE TABLE custody (entry INTEGER PRIMARY KEY, time TEXT NOT NULL, did TEXT NOT NULL, of TEXT NOT NULL) STRICT;
"""


def write_case_file(path: Path, source: sqlite3.Connection, case: Case, shown: Shown) -> None:
    """Write the file anew.

    Args:
        path: of a file that is not there, or is empty.
        source: the store, for the tokens.
    """
    tokens = sorted({token for one in case.transfers for token in one.customers})
    values = {
        token: source.execute("SELECT value FROM token WHERE number = ?", (token,)).fetchone()[0].hex()
        for token in tokens
    }
    moment = case.moment
    about = {"case": case.name, "origin": moment.origin, "checkpoint": str(moment.size), "at": utc(moment.at)}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.executescript(f"BEGIN;{_TABLES}")
        connection.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
        connection.executemany(
            "INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(one.sequence, one.uid, utc(one.time), shown(one.user), one.site, one.action, one.rule),
                    *(one.reached.word, one.why, len(set(one.customers)), one.bytes, one.coverage),
                )
                for one in case.transfers
            ),
        )
        connection.executemany(
            "INSERT INTO customer VALUES (?, ?)",
            ((one.sequence, values[token]) for one in case.transfers for token in sorted(set(one.customers))),
        )
        connection.executemany(
            "INSERT INTO person VALUES (?, ?, ?, ?)",
            ((shown(one.user), m, s, int(several)) for one in case.people for m, s, several in one.known_by),
        )
        connection.executemany(
            "INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (shown(one.user), one.site, one.left, one.possible, one.blocked, one.records, one.transfers)
                for one in edges_of(case.transfers)
            ),
        )
        connection.executemany(
            "INSERT INTO custody VALUES (?, ?, ?, ?)",
            ((one.number, utc(one.at), one.did, one.of) for one in case.custody),
        )
        connection.execute("COMMIT")
