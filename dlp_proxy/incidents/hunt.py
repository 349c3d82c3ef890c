"""Was this customer, this file, in what was sent? Asked with keyed tokens: no value is read or kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import IS_TRANSFER, Reached, reached_by, transfers
from dlp_proxy.incidents.unseen import Unseen, unseen

type Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One transfer that holds the value; `time` in milliseconds since the epoch, `reached` as in a scope."""

    sequence: int
    uid: str
    time: int
    user: str
    site: str
    reached: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one value.

    Attributes:
        answer: ``yes``: it was in a transfer, whatever became of that one; ``no``: it was in none, and everything was
            looked at; ``unknown``: it was in none that was read, and not everything was.
        reached: the furthest it came: ``left``, ``possible``, ``blocked``; empty where it was not found.
    """

    answer: Answer
    reached: str
    hits: tuple[Hit, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Hunt:
    """The answers, in the order of the questions, and what could not be looked at in the time that was searched.

    Attributes:
        since: beginning of the time that was searched, in milliseconds since the epoch, and `until` its end.
        keys: names of the keys of the tokens in the store. More than one: values of before are not found.
    """

    found: tuple[Found, ...]
    unseen: Unseen
    since: int
    until: int
    keys: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "values": [one.as_json() for one in self.found],
            "since": self.since,
            "until": self.until,
            "keys": self.keys,
            "unknown": self.unseen.as_json(),
        }


def hunt(connection: sqlite3.Connection, wanted: Sequence[Collection[bytes]], selection: Selection, key: str) -> Hunt:
    """Look for values.

    Args:
        wanted: for each value its tokens: one for each way in which a detector may have written it.
        key: name of the key that these were made with.
    """
    since, until, limits = _searched(connection, selection)
    keys = _keys(connection)
    sure = not limits.any and set(keys) <= {key}
    found = tuple(_found(_hits(connection, one, selection), sure=sure) for one in wanted)
    return Hunt(found, limits, since, until, keys)


def hunt_transfers(connection: sqlite3.Connection, selection: Selection) -> Hunt:
    """Look for any transfer of a person or to a destination: one answer, with all of them."""
    since, until, limits = _searched(connection, selection)
    hits = [
        Hit(one.sequence, one.uid, one.time, one.user, one.site, one.reached.word, one.why)
        for one in transfers(connection, selection, values=False)
    ]
    return Hunt((_found(hits, sure=not limits.any),), limits, since, until, _keys(connection))


def _searched(connection: sqlite3.Connection, selection: Selection) -> tuple[int, int, Unseen]:
    ends = "SELECT coalesce((SELECT min(time) FROM event), 0), coalesce((SELECT max(time) FROM event), 0)"
    first, last = connection.execute(ends).fetchone()  # two questions, for an index answers one at a time
    since, until = max(selection.since, first), min(selection.until or last + 1, last + 1)
    return since, until, unseen(connection, selection, since, until)


def _found(hits: list[Hit], *, sure: bool) -> Found:
    if not hits:
        return Found("no" if sure else "unknown", "", ())
    return Found("yes", max(Reached[one.reached.upper()] for one in hits).word, tuple(hits))


def _hits(connection: sqlite3.Connection, tokens: Collection[bytes], selection: Selection) -> list[Hit]:
    condition, given = selection.where()
    found: dict[int, Hit] = {}
    for token in tokens:
        rows = connection.execute(
            "SELECT e.sequence, e.uid, e.time, e.user, e.site, e.action, o.fate, o.released"  # noqa: S608 - constants
            " FROM token t JOIN posting p ON p.token = t.number JOIN event e ON e.sequence = p.event"
            f" LEFT JOIN outcome o ON o.uid = e.uid WHERE t.value = ? AND {condition}{IS_TRANSFER}",
            (token, *given),
        )
        for sequence, uid, time, user, site, action, fate, released in rows:
            reached, why = reached_by(action, fate or "", released or 0)
            found[sequence] = Hit(sequence, uid, time, user, site, reached.word, why)
    return [found[sequence] for sequence in sorted(found)]


def _keys(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the keys in the store: of the first token and of the last, and so on between them."""
    rows = connection.execute(
        "SELECT key FROM token WHERE number IN (SELECT min(number) FROM token UNION SELECT max(number) FROM token)"
    )
    return tuple(sorted({key for (key,) in rows}))
