"""Who is linked to whom by the customers they sent to one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from dlp_proxy.model.totals import MOST_PEOPLE, Observation, Series, Totals
from dlp_proxy.model.verdict import Action, Reason, Verdict


def people_around(person: str, least: int, in_common: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Return the people who are linked to somebody, directly or through others, with themselves, in order.

    Two are linked by `least` customers that both sent. It ends at `MOST_PEOPLE`: who they are is enough to act on, and
    a place that everybody sends the same to must not cost more.

    Args:
        in_common: for one person, somebody else once for each customer in common.
    """
    found = [person]
    for one in found:
        links: Counter[str] = Counter()
        for other in in_common(one):
            links[other] += 1
            if links[other] == least and other not in found:
                found.append(other)
                if len(found) == MOST_PEOPLE:
                    return tuple(sorted(found))
    return tuple(sorted(found))


def joined(
    verdict: Verdict, observe: Callable[[float, Sequence[Observation]], Totals], now: float
) -> tuple[Reason, ...]:
    """Return the reasons that acted on a ring with somebody new in it: a ring that goes on is told once."""
    found = []
    for reason in verdict.reasons:
        if (gathering := reason.gathering) is None or reason.effective < Action.LOG:
            continue
        known = told(gathering.series)
        people = tuple(map(mark, gathering.ring.people))
        before, after = (
            observe(now, [Observation(known, some, (gathering.seconds,), MOST_PEOPLE)])
            .distinct[known, gathering.seconds]
            for some in ((), people)
        )  # fmt: skip
        if after > before:
            found.append(reason)
    return tuple(found)


def told(series: Series) -> Series:
    """Return where it is kept of whom in the rings of a place an event has told."""
    return Series(f"{series.name} told", series.key)


def mark(person: str) -> bytes:
    """Return a person as an identity that a window can count."""
    return sha256(person.encode()).digest()[:16]
