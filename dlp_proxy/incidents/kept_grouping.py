"""Grouping once, and going on from there: a million transfers are not grouped at each question."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.incidents.grouped import VERSION, Grouped, Version
from dlp_proxy.incidents.regrouping import MANY, World, group_all, group_more
from dlp_proxy.stores.sqlite.log_reading import last_of
from dlp_proxy.stores.sqlite.writing import Writing

_SHAPE: Final = 3
"""Of what is kept; another one is not read."""
_LISTS: Final = 4
"""Lists of sanctioned destinations of which the grouping is kept."""
_MORE: Final = (b'"do":"seen"', b'"do":"outcome"')
"""Entries about one transfer."""
_OTHERWISE: Final = (b'"do":"adopted"', b'"do":"purge"')
"""Entries after which everything may come out otherwise."""


def kept_or_grouped(
    connection: sqlite3.Connection, sanctioned: Iterable[str] = (), version: Version = VERSION
) -> tuple[World, int]:
    """Return the incidents of all that a store holds.

    Also the entry of the log that they are as of where that is a later one than what was kept, for `keep`; else 0.
    """
    known = sorted(set(sanctioned))
    newest = last_of(connection)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'grouped'").fetchone():
        row = connection.execute(
            "SELECT entry, json FROM grouped WHERE asked = ?", (_asked(known, version),)
        ).fetchone()
        if row is not None and row[0] <= newest:  # who looks at an earlier moment must not see what came later
            uids = _changed(connection, row[0])
            kept = json.loads(row[1])
            before = World([Grouped.of_row(one) for one in kept["rows"]], kept["state"])
            if uids == []:
                return before, 0
            after = None if uids is None else group_more(connection, known, before, uids, version)
            if after is not None:
                return after, newest
    return group_all(connection, known, version), newest


def keep(writing: Writing, sanctioned: Iterable[str], world: World, entry: int, version: Version = VERSION) -> None:
    """Keep what was grouped as of an entry of the log, in the place of what was grouped before."""
    writing.connection.execute(
        "DELETE FROM grouped WHERE asked NOT IN (SELECT asked FROM grouped ORDER BY entry DESC LIMIT ?)", (_LISTS,)
    )
    writing.connection.execute(
        "INSERT OR REPLACE INTO grouped (asked, entry, json) VALUES (?, ?, ?)",
        (
            _asked(sorted(set(sanctioned)), version),
            entry,
            canonical({"rows": [one.as_row() for one in world.found], "state": dict(world.kept)}),
        ),
    )


def _asked(sanctioned: list[str], version: Version) -> str:
    return json.dumps([version, _SHAPE, {"sanctioned": sanctioned}])


def _changed(connection: sqlite3.Connection, entry: int) -> list[str] | None:
    """Return the transfers that entries after one are about; None where all must be grouped anew."""
    uids: dict[str, None] = {}
    for (one,) in connection.execute("SELECT entry FROM log WHERE number > ?", (entry,)):
        if any(word in one for word in _OTHERWISE) or len(uids) > MANY:
            return None
        if any(word in one for word in _MORE):
            uids[json.loads(one)["of"]] = None
    return list(uids)
