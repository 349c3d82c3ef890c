"""Exact distinct counts in sliding windows, in memory: for scan, tests and replay. `now` is an argument.

A running proxy keeps its windows in the store (`stores/sqlite/shared_windows.py`), which answers the same.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dlp_proxy.model.totals import MOST_CUSTOMERS, Observation, Ring, Series, Totals
from dlp_proxy.windows.ring import people_around


class Windows:
    """Counts the different identities of each series over its last seconds.

    One ordered map per (series, window): identity -> last seen, oldest first. A sighting moves its identity to
    the end and what is too old leaves at the front, so a total is a length and each observation costs as much as
    it brings. Attempts count: nobody here knows a verdict.

    A clock that goes back frees nobody: a sighting is never put before the newest one of its window.
    """

    def __init__(self) -> None:
        self._tracks: dict[Series, dict[int, OrderedDict[bytes, float]]] = {}
        self._sent: dict[Series, _Sent] = {}

    def observe(self, now: float, observations: Iterable[Observation]) -> Totals:
        """Add the identities and return each window's total with them, as of `now` (seconds since the epoch)."""
        distinct: dict[tuple[Series, int], int] = {}
        rings: dict[tuple[Series, int, int], Ring] = {}
        for observation in observations:
            if observation.sharing is not None:
                person, least = observation.sharing
                sent = self._sent.setdefault(observation.series, _Sent())
                sent.add(person, observation.identities, now)
                for seconds in observation.windows:
                    rings[observation.series, seconds, least] = sent.ring(person, least, now - seconds)
                continue
            for seconds in observation.windows:
                track = self._track(observation.series, seconds)
                _add(track, observation.identities, now)
                _drop_before(track, now - seconds)
                distinct[observation.series, seconds] = len(track)
        return Totals(distinct, rings)

    def _track(self, series: Series, seconds: int) -> OrderedDict[bytes, float]:
        tracks = self._tracks.setdefault(series, {})
        if seconds not in tracks:
            known: OrderedDict[bytes, float] = tracks[max(tracks)] if tracks else OrderedDict()
            tracks[seconds] = known.copy()
        return tracks[seconds]


@dataclass(slots=True)
class _Sent:
    """Who sent which customers to one place, and when last: by person, the oldest first, and by customer."""

    of: dict[str, OrderedDict[bytes, float]] = field(default_factory=dict)
    by: dict[bytes, dict[str, float]] = field(default_factory=dict)
    newest: float = float("-inf")

    def add(self, person: str, identities: Iterable[bytes], now: float) -> None:
        self.newest = max(self.newest, now)
        mine = self.of.setdefault(person, OrderedDict())
        for identity in identities:
            mine[identity] = self.newest
            mine.move_to_end(identity)
            self.by.setdefault(identity, {})[person] = self.newest
        while len(mine) > MOST_CUSTOMERS:
            identity, _ = mine.popitem(last=False)
            del self.by[identity][person]

    def ring(self, person: str, least: int, oldest: float) -> Ring:
        def others(one: str) -> Iterator[str]:
            for identity, seen in self.of.get(one, {}).items():
                if seen > oldest:
                    yield from (other for other, at in self.by[identity].items() if at > oldest and other != one)

        people = people_around(person, least, others)
        if len(people) == 1:
            return Ring(people)
        times = Counter(i for one in people for i, seen in self.of[one].items() if seen > oldest)
        return Ring(people, tuple(sorted(identity for identity, count in times.items() if count > 1)))


def _add(track: OrderedDict[bytes, float], identities: Iterable[bytes], now: float) -> None:
    newest = next(reversed(track.values()), now)
    seen = max(now, newest)
    for identity in identities:
        track[identity] = seen
        track.move_to_end(identity)


def _drop_before(track: OrderedDict[bytes, float], oldest: float) -> None:
    while track:
        identity, seen = next(iter(track.items()))
        if seen > oldest:
            return
        del track[identity]
