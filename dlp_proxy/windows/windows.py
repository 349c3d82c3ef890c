"""Exact distinct counts in sliding windows. No clock in here: `now` is an argument, so replay is honest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dlp_proxy.model.totals import Observation, Series, Totals


class Sighting(NamedTuple):
    """The last time one identity was seen in one series; `seen` is in seconds since the epoch, UTC."""

    series: Series
    identity: bytes
    seen: float


class Windows:
    """Counts the different identities of each series over its last seconds.

    One ordered map per (series, window): identity -> last seen, oldest first. A sighting moves its identity to
    the end and what is too old leaves at the front, so a total is a length and each observation costs as much as
    it brings. Attempts count: nobody here knows a verdict.

    A clock that goes back frees nobody: a sighting is never put before the newest one of its window.
    """

    def __init__(self, sightings: Iterable[Sighting] = ()) -> None:
        """Start with the last sightings of earlier runs, in any order."""
        self._tracks: dict[Series, dict[int, OrderedDict[bytes, float]]] = {}
        self._earlier: dict[Series, OrderedDict[bytes, float]] = {}
        for sighting in sorted(sightings, key=lambda one: one.seen):
            self._earlier.setdefault(sighting.series, OrderedDict())[sighting.identity] = sighting.seen

    def observe(self, now: float, observations: Iterable[Observation]) -> Totals:
        """Add the identities and return each window's total with them, as of `now` (seconds since the epoch)."""
        distinct: dict[tuple[Series, int], int] = {}
        for observation in observations:
            for seconds in observation.windows:
                track = self._track(observation.series, seconds)
                _add(track, observation.identities, now)
                _drop_before(track, now - seconds)
                distinct[observation.series, seconds] = len(track)
        return Totals(distinct)

    def expire(self, now: float) -> int:
        """Forget what no window holds any more and return how many series are left."""
        for series in list(self._tracks):
            tracks = self._tracks[series]
            for seconds, track in tracks.items():
                _drop_before(track, now - seconds)
            if not any(tracks.values()):
                del self._tracks[series]
        return len(self._tracks)

    def totals(self, now: float) -> Iterator[tuple[Series, int, int]]:
        """Yield (series, seconds, total) of every window in memory, as of `now`."""
        for series, tracks in self._tracks.items():
            for seconds, track in tracks.items():
                _drop_before(track, now - seconds)
                yield series, seconds, len(track)

    def _track(self, series: Series, seconds: int) -> OrderedDict[bytes, float]:
        tracks = self._tracks.setdefault(series, {})
        if seconds not in tracks:
            tracks[seconds] = self._history(series, tracks).copy()
        return tracks[seconds]

    def _history(self, series: Series, tracks: dict[int, OrderedDict[bytes, float]]) -> OrderedDict[bytes, float]:
        """Return what is known of a series for a window that is new: earlier runs, else its longest window."""
        if series in self._earlier:
            return self._earlier[series]
        if tracks:
            return tracks[max(tracks)]
        return OrderedDict()


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
