"""Blocked, and then let go in another form: split, renamed, encoded, or to another place, by the same person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.incidents.grouped import DAY, Draft, People
from dlp_proxy.incidents.transfers import Reached, Transfer

WITHIN: Final = DAY
QUIET: Final = 3 * DAY
FEWEST: Final = 3
ENOUGH: Final = 10
"""Customers of a blocked transfer that must be let go after it: half of them, at least 3; and 10 are enough."""


@dataclass(slots=True)
class _Blocked:
    one: Transfer
    customers: frozenset[int]
    through: set[int] = field(default_factory=set)
    after: list[Transfer] = field(default_factory=list)

    @property
    def evaded(self) -> bool:
        return len(self.through) >= max(FEWEST, min(ENOUGH, (len(self.customers) + 1) // 2))


class Evasion:
    """Remembers what was blocked of each person for a day, and which of its customers are let go afterwards.

    What goes to a sanctioned destination is no evasion: the batch was sent where it belongs.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._recent: dict[str, list[_Blocked]] = {}
        self._all: list[_Blocked] = []

    def see(self, one: Transfer) -> None:
        if not one.customers or one.user not in self._people.groups:
            return
        recent = self._recent[one.user] = [
            each for each in self._recent.get(one.user, ()) if one.time - each.one.time <= WITHIN
        ]
        if one.reached is Reached.BLOCKED:
            if one.action == "block":
                blocked = _Blocked(one, frozenset(one.customers))
                recent.append(blocked)
                self._all.append(blocked)
        elif not self._people.meant(one):
            for each in recent:
                if shared := each.customers.intersection(one.customers):
                    each.through |= shared
                    each.after.append(one)

    def found(self) -> list[Draft]:
        groups: list[list[_Blocked]] = []
        newest: dict[str, list[_Blocked]] = {}
        for each in (one for one in self._all if one.evaded):
            group = newest.get(each.one.user)
            if group is None or each.one.time - group[-1].after[-1].time > QUIET:
                group = newest[each.one.user] = []
                groups.append(group)
            group.append(each)
        return [_draft(group) for group in groups]


def _draft(group: list[_Blocked]) -> Draft:
    first = group[0].one
    through = set().union(*(each.through for each in group))
    blocked = set().union(*(each.customers for each in group))
    after = {one.sequence: one for each in group for one in each.after}
    events = {each.one.sequence for each in group} | set(after)
    sites = sorted({one.site for one in after.values()})
    return Draft(
        "evasion",
        first.uid,
        (first.user,),
        tuple(sorted(events)),
        f"{len(through)} of {len(blocked)} customers whose transfer was blocked were let go by the same person within"
        f" 24 hours, in {len(after)} other transfers to {', '.join(sites[:3])}"
        + (f" and {len(sites) - 3} more" if len(sites) > 3 else ""),
        first.rule,
        ((12, "after a block"),),
    )
