"""How close people are to the limits of windows, and when a window lets go."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dlp_proxy.model.totals import BESIDE, Series
from dlp_proxy.policy.policy import Counting, Ladder, Limit, Policy, Rule
from dlp_proxy.stores.ports import EventReader
from dlp_proxy.windows.ring import people_around


@dataclass(frozen=True, slots=True)
class Tally:
    """One limit of one window, for one key.

    Attributes:
        series: whose total it is.
        who: what it counts by -> whose it is, such as ``{"user": "li.na@corp.example"}``; empty for ``by: rule``.
        exception: the exception whose limit it is; empty for the rule's own.
        limit: the limit as people read it.
        total: how many are in the window now; a lower bound once it is past the limit and past what is kept.
        lets_go: when the total falls under the limit if nothing is added, by the time of the windows; None below it.
        person: of whose ring it is, where people are counted.
    """

    policy: str
    rule: str
    exception: str
    series: Series
    who: Mapping[str, str]
    limit: str
    action: str
    at_least: int
    total: int
    lets_go: float | None
    person: str = ""


def tallies(policy: Policy, reader: EventReader, wanted: Mapping[str, str]) -> Iterator[Tally]:
    """Yield every limit over a window that somebody counts towards, as of now.

    Args:
        wanted: only keys that hold these, such as ``{"user": "li.na@corp.example"}``.
    """
    now = reader.window_time()
    for rule in sorted((*policy.seeking, *policy.unreading, *policy.plain), key=lambda one: (one.policy, one.name)):
        for exception, ladder in _ladders(rule):
            for counting in ladder.countings:
                if counting.counts.sharing:
                    yield from _of_rings(rule, exception, ladder, counting, reader, wanted)
                    continue
                for series, seen in reader.latest(counting.series):
                    who = _who(counting, series.key)
                    if all(who.get(by) == value.casefold() for by, value in wanted.items()):
                        for limit in ladder.limits:
                            if limit.seconds and limit.counts == counting.counts:
                                yield _tally(rule, exception, limit, series, who, _counted(seen, limit, now))


def _of_rings(  # noqa: PLR0917 - all that the answer depends on
    rule: Rule, exception: str, ladder: Ladder, counting: Counting, reader: EventReader, wanted: Mapping[str, str]
) -> Iterator[Tally]:
    """Yield the ring of everybody who shares customers with somebody, for each limit on people."""
    now = reader.window_time()
    for series, rows in reader.sent(counting.series):
        for person in sorted({one for one, _, _ in rows}):
            who = {**_who(counting, series.key), "user": person}
            if any(who.get(by) != value.casefold() for by, value in wanted.items()):
                continue
            for limit in (each for each in ladder.limits if each.counts == counting.counts):
                total = _ring(rows, limit, person, now)
                if total > 1:
                    times = sorted({seen + limit.seconds for _, _, seen in rows if seen + limit.seconds > now})
                    ends = bisect(times, 0, key=lambda at: _ring(rows, limit, person, at) < limit.at_least)
                    free = times[ends] if total >= limit.at_least else None
                    yield _tally(rule, exception, limit, series, who, (total, free), person)


def _ring(rows: Sequence[tuple[str, bytes, float]], limit: Limit, person: str, at: float) -> int:
    senders: dict[bytes, list[str]] = {}
    for one, identity, seen in rows:
        if seen > at - limit.seconds:
            senders.setdefault(identity, []).append(one)

    def others(mine: str) -> Iterator[str]:
        for some in senders.values():
            if mine in some:
                yield from (one for one in some if one != mine)

    return len(people_around(person, limit.sharing, others))


def _ladders(rule: Rule) -> Iterator[tuple[str, Ladder]]:
    yield "", rule.ladder
    for exemption in rule.exemptions:
        if exemption.ladder is not None:
            yield exemption.name, exemption.ladder


def _who(counting: Counting, key: str) -> dict[str, str]:
    by = [one for one in counting.counts.by if one != "rule"]
    return dict(zip(by, key.split(BESIDE), strict=True)) if by else {}


def _tally(  # noqa: PLR0917 - what one line of the answer is made of
    rule: Rule,
    exception: str,
    limit: Limit,
    series: Series,
    who: Mapping[str, str],
    standing: tuple[int, float | None],
    person: str = "",
) -> Tally:
    """Return a tally; `standing` is the total, and when it lets go."""
    total, lets_go = standing
    return Tally(
        policy=rule.policy,
        rule=rule.name,
        exception=exception,
        series=series,
        who=who,
        limit=limit.words,
        action=limit.action.word,
        at_least=limit.at_least,
        total=total,
        lets_go=lets_go,
        person=person,
    )


def _counted(seen: Sequence[float], limit: Limit, now: float) -> tuple[int, float | None]:
    """Return how many of `seen`, the latest first, count, and when the limit lets go."""
    counts = [one for one in seen if one > now - limit.seconds]
    reached = len(counts) >= limit.at_least
    return len(counts), counts[limit.at_least - 1] + limit.seconds if reached else None
