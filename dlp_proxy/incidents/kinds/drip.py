"""Slow theft: more different customers over weeks than others send, never many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from dlp_proxy.incidents.grouped import DAY, Draft, People
from dlp_proxy.incidents.kinds.curve import Curve, Stretch
from dlp_proxy.incidents.transfers import Reached, Transfer

RARE: Final = " at destinations that are not everybody's"

type Curves = tuple[Curve, Curve]
"""Of the destinations that are not everybody's, and of all."""
type Read = Callable[[Stretch], list[Transfer]]
"""A drip -> what its person sent in its days."""


class Drip:
    """Counts, for each person, different customers in 7, 30 and 90 days at destinations that are not sanctioned.

    First only at those that are not everybody's: what all send to the courier would hide what one sends elsewhere.
    Then at all, for a drip may go through everybody's mail. Blocked transfers do not count.

    Attributes:
        used: destination -> person -> first day, of what counts.
        curves: what was found so far; one that was kept may be gone on with.
    """

    def __init__(self, people: People, curves: Curves | None = None) -> None:
        self._people = people
        self._sent: defaultdict[int, list[Transfer]] = defaultdict(list)
        self.used: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.curves = curves or (Curve(RARE), Curve(""))

    def see(self, one: Transfer) -> None:
        if counts(one, self._people):
            day = one.time // DAY
            self._sent[day].append(one)
            used = self.used[one.site]
            used[one.user] = min(day, used.get(one.user, day))

    def found(self) -> list[Draft]:
        self.go_on()
        return self.drafts(lambda one: [each for day in one.days for each in self._sent[day] if each.user == one.user])

    def rare(self) -> frozenset[str]:
        """Return the destinations that are not everybody's."""
        return frozenset(site for site, used in self.used.items() if len(used) <= self._people.most)

    def go_on(self, until: int | None = None) -> None:
        """Take the days that are not in the curves yet, up to `until`, into them."""
        rare = self.rare()
        for curve in self.curves:
            for day in sorted(self._sent):
                if day <= curve.until or (until is not None and day > until):
                    continue
                sent: defaultdict[str, set[int]] = defaultdict(set)
                for one in self._sent[day]:
                    if not curve.where or one.site in rare:
                        sent[one.user].update(one.customers)
                if sent:
                    curve.take(self._people, day, sent)

    def sent(self) -> Mapping[str, set[int]]:
        """Return whom each person sent, of what was seen."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for some in self._sent.values():
            for one in some:
                found[one.user].update(one.customers)
        return found

    def drafts(self, read: Read) -> list[Draft]:
        """Return the drips; who has one at rare destinations has no other."""
        rare = self.rare()
        first, second = (
            [_draft(one, [each for each in read(one) if not curve.where or each.site in rare]) for one in curve.drips()]
            for curve in self.curves
        )
        known = {user for draft in first for user in draft.people}
        return first + [draft for draft in second if draft.people[0] not in known]


def counts(one: Transfer, people: People) -> bool:
    """Tell whether a transfer counts towards a drip."""
    return (
        bool(one.customers)
        and one.reached is not Reached.BLOCKED
        and one.user in people.groups
        and not people.meant(one)
    )


def _draft(one: Stretch, some: list[Transfer]) -> Draft:
    began = min(some, key=lambda each: (each.time // DAY, each.sequence)).sequence
    events = tuple(sorted(each.sequence for each in some))
    return Draft("drip", f"{one.user}\0{began}", (one.user,), events, one.because, terms=one.terms)
