"""The investigators' queue: every incident with its numbers, where it stands, and what was asked to be seen of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dlp_proxy.incidents.casebook import CASE, Standing, standings
from dlp_proxy.incidents.grouped import Grouped
from dlp_proxy.stores.ports import IncidentRow

type Order = Literal["last", "severity", "customers"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue.

    Attributes:
        row: the numbers as they were always printed; `row.records` counts what a window held too.
        grouped: how it was grouped; None for a ring, whose own event is no transfer, and for a case.
    """

    row: IncidentRow
    grouped: Grouped | None
    standing: Standing
    severity: int
    terms: tuple[tuple[int, str], ...]
    because: str

    @property
    def customers(self) -> int:
        return self.row.records

    def as_json(self) -> dict[str, Any]:
        one, row = self.grouped, self.row
        return {
            "incident": row.incident,
            "kind": row.kind,
            "user": row.user,
            "people": list(row.people),
            "rule": row.rule,
            "action": row.action,
            "first": row.first,
            "last": row.last,
            "events": row.events,
            "records": row.records,
            "sites": list(row.sites),
            "left": None if one is None else one.left,
            "possible": None if one is None else one.possible,
            "blocked": None if one is None else one.blocked,
            "severity": self.severity,
            "terms": [list(term) for term in self.terms],
            "because": self.because,
            "state": self.standing.state,
            "owner": self.standing.owner,
            "due": self.standing.due,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked to be seen. Times in milliseconds since the epoch; empty and 0: any."""

    since: int = 0
    user: str = ""
    site: str = ""
    least: int = 0
    state: str = ""
    kind: str = ""
    order: Order = "last"

    def fits(self, line: Line) -> bool:
        people = {*line.row.people, line.row.user}
        return (
            line.row.last * 1000 >= self.since
            and (not self.user or self.user in people)
            and (not self.site or self.site in line.row.sites)
            and line.customers >= self.least
            and (not self.state or line.standing.state == self.state)
            and (not self.kind or line.row.kind == self.kind)
        )


def queue(
    connection: sqlite3.Connection,
    live: Iterable[IncidentRow],
    found: Iterable[Grouped],
    wanted: Wanted,
) -> list[Line]:
    """Return the lines that are wanted, in the order that is wanted.

    Args:
        live: incidents of block pages.
        found: what was grouped; of its bursts only those are shown that are in `live`.
    """
    marked = standings(connection)
    bursts = {one.id: one for one in found if one.kind == "burst"}
    lines = [_of_live(row, bursts.get(row.incident), marked) for row in live]
    lines += [_of_grouped(one, marked) for one in found if one.kind != "burst"]
    lines += [_of_case(name, one) for name, one in marked.items() if name.startswith(CASE)]
    orders = {
        "last": lambda line: (-line.row.last, line.row.incident),
        "severity": lambda line: (-line.severity, -line.row.last, line.row.incident),
        "customers": lambda line: (-line.customers, -line.row.last, line.row.incident),
    }
    return sorted((line for line in lines if wanted.fits(line)), key=orders[wanted.order])


def _of_live(row: IncidentRow, one: Grouped | None, marked: Mapping[str, Standing]) -> Line:
    standing = marked.get(row.incident, Standing()).seen_with(row.records)
    if one is None:
        because = "people linked by customers that several of them sent to one place, as a rule's ring counts"
        terms = ((10, "several people"),) if row.kind == "ring" else ()
        return Line(row, None, standing, sum(points for points, _ in terms), terms, because)
    return Line(row, one, standing, one.severity, one.terms, one.because)


def _of_grouped(one: Grouped, marked: Mapping[str, Standing]) -> Line:
    row = IncidentRow(
        one.id,
        one.people[0],
        one.rule,
        one.action,
        one.first / 1000,
        one.last / 1000,
        len(one.events),
        one.customers,
        one.sites,
        one.kind,
        one.people,
    )
    standing = marked.get(one.id, Standing()).seen_with(one.customers)
    return Line(row, one, standing, one.severity, one.terms, one.because)


def _of_case(name: str, case: Standing) -> Line:
    first, last = case.steps[0].at / 1000, case.steps[-1].at / 1000
    row = IncidentRow(name, "", "", "", first, last, 0, 0, (), "tip" if case.tip else "case")
    members = ", ".join(case.members) or "nothing yet"
    return Line(row, None, case, 0, (), f"opened by {case.steps[0].actor}: {case.title}; with {members}")
