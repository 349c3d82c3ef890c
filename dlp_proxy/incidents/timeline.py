"""What happened, one after the other: transfers, marks, and the times in which nobody looked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dlp_proxy.incidents.blind import blind_times
from dlp_proxy.incidents.casebook import ops
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import Reached, transfers


@dataclass(frozen=True, slots=True)
class Moment:
    """One line. `time` in milliseconds since the epoch.

    Attributes:
        what: ``transfer``, ``mark``, or ``blind``.
        who: who sent, or who marked.
        where: destination, or what was marked.
        came: for a transfer how far it came, for a mark the step, for a blind time its end in milliseconds.
        why: why that is not certain, or the reason of a mark.
        customers: different ones in the transfer; `new` of them were in no transfer before; `total` so far.
        out: different customers so far in transfers that were not blocked.
        event: uid of the transfer.
    """

    time: int
    what: Literal["transfer", "mark", "blind"]
    who: str
    where: str
    came: str
    why: str = ""
    customers: int = 0
    new: int = 0
    total: int = 0
    out: int = 0
    event: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def timeline(connection: sqlite3.Connection, selection: Selection, marked: Iterable[str] = ()) -> list[Moment]:
    """Return the moments of a selection in order of time.

    Args:
        marked: incidents and cases whose marks belong to it.
    """
    moments: list[Moment] = []
    seen: set[int] = set()
    out: set[int] = set()
    for one in transfers(connection, selection, values=False):
        before = len(seen)
        seen.update(one.customers)
        if one.reached > Reached.BLOCKED:
            out.update(one.customers)
        count, new = len(one.customers), len(seen) - before
        moments.append(
            Moment(
                one.time,
                "transfer",
                one.user,
                one.site,
                one.reached.word,
                one.why,
                count,
                new,
                len(seen),
                len(out),
                one.uid,
            )
        )
    if moments:
        first, last = min(one.time for one in moments), max(one.time for one in moments)
        moments += [
            Moment(one.first, "blind", "", "", str(one.last))
            for one in blind_times(connection, selection.since or first, selection.until or last)
            if one.why == "silent"
        ]
    wanted = set(marked)
    moments += [
        Moment(op.at, "mark", op.actor, op.target, f"{op.verb} {op.value}", op.reason)
        for op in ops(connection)
        if op.target in wanted
    ]
    return sorted(moments, key=lambda one: one.time)
