"""Grouping v2: which transfers belong together, and why; a pure function of the transfers in order of sequence.

Burst and ring are what the proxy said on its block pages (`inc-...`): one person, one rule, a day; so the number that
somebody reads out over the telephone is the number in the list. The other kinds see what no single verdict can.
Another number or key in `kinds/` is another version, beside this one. v1 is this one with transfers that tell of no
accounts at destinations. Reasons: docs/adr/0072, docs/adr/0114.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from dlp_proxy.incidents.grouped import DAY, Draft, Grouped, People, Watching
from dlp_proxy.incidents.kinds.burst import Burst
from dlp_proxy.incidents.kinds.drip import Drip
from dlp_proxy.incidents.kinds.evasion import Evasion
from dlp_proxy.incidents.kinds.shared import SharedAccount, SharedContent, SharedDestination
from dlp_proxy.incidents.transfers import Reached, Transfer

KINDS: Final[tuple[Callable[[People], Watching], ...]] = (
    Burst,
    Drip,
    SharedDestination,
    SharedContent,
    SharedAccount,
    Evasion,
)

type Users = dict[str, dict[str, int]]
"""Destination -> person -> first day."""

_ORDER: Final = ("burst", "drip", "shared-destination", "shared-content", "shared-account", "evasion")
_SIZES: Final = ((1000, 50), (500, 45), (200, 40), (100, 30), (50, 20), (10, 10))
_STRICTEST: Final = ("allow", "counted", "log", "redact", "coach", "block")


def group(some: Iterable[Transfer], people: People) -> list[Grouped]:
    """Group transfers, which come in order of sequence; the answer in order of kind and first transfer."""
    watching = [kind(people) for kind in KINDS]
    seen = []
    users: Users = {}
    for one in some:
        if not one.customers and not one.incident:
            continue
        seen.append(one)
        used(users, one)
        for each in watching:
            each.see(one)
    return finished(watching, seen, users)[0]


def finished(watching: Iterable[Watching], seen: Iterable[Transfer], users: Users) -> tuple[list[Grouped], list[Draft]]:
    """Return what was found in all that was seen: incidents in order, and what they were made of."""
    drafts = [draft for each in watching for draft in each.found()]
    wanted = {sequence for draft in drafts for sequence in draft.events}
    by_sequence = {one.sequence: one for one in seen if one.sequence in wanted}
    return in_order(counted(draft, [by_sequence[one] for one in draft.events], users) for draft in drafts), drafts


def in_order(found: Iterable[Grouped]) -> list[Grouped]:
    """Return incidents in order of kind and first transfer."""
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), one.events, one.id))


def used(users: Users, one: Transfer) -> None:
    """Note that somebody used a destination, and on which day first."""
    days, day = users.setdefault(one.site, {}), one.time // DAY
    days[one.user] = min(day, days.get(one.user, day))


def counted(draft: Draft, some: Sequence[Transfer], users: Users) -> Grouped:
    """Return an incident with its numbers."""
    furthest: dict[int, Reached] = {}
    for one in some:
        for token in one.customers:
            furthest[token] = max(furthest.get(token, one.reached), one.reached)
    count = {reached: sum(each is reached for each in furthest.values()) for reached in Reached}
    sites = tuple(sorted({one.site for one in some}))
    terms = (*_terms(furthest, count, some, draft, users), *draft.terms)
    return Grouped(
        draft.id,
        draft.kind,
        draft.people,
        sites,
        max((one.action for one in some), key=_STRICTEST.index),
        draft.rule,
        min(one.time for one in some),
        max(one.time for one in some),
        draft.events,
        len(furthest),
        count[Reached.LEFT],
        count[Reached.POSSIBLE],
        count[Reached.BLOCKED],
        draft.because,
        sum(points for points, _ in terms),
        terms,
    )


def _terms(
    furthest: dict[int, Reached],
    count: dict[Reached, int],
    some: Sequence[Transfer],
    draft: Draft,
    users: Users,
) -> list[tuple[int, str]]:
    """Return what adds to the severity, whatever the kind."""
    terms = [(points, f"{len(furthest)} different customers") for least, points in _SIZES if len(furthest) >= least][:1]
    if out := count[Reached.LEFT] + count[Reached.POSSIBLE]:
        terms.append((20 if out >= _SIZES[-1][0] else 5, f"{out} of them left or may have left"))
    if alone := sorted({one.site for one in some if users[one.site].keys() <= set(draft.people)}):
        terms.append((10, f"nobody else sends customers to {alone[0]}" + " and others" * (len(alone) > 1)))
    if unread := sum(one.coverage in {"partial", "none"} for one in some):
        terms.append((10, f"{unread} transfers were not read whole"))
    return terms
