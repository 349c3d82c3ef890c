"""What replay judges with in the place of the windows of a running proxy."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.model.totals import NOTHING_READ, Observation, Ring, Series, Totals
from dlp_proxy.pipeline import Memory


class Counters:
    """Answers what was read then; and where nothing was, what windows say that are fed again.

    Attributes:
        missing: series that neither could answer for: whatever is decided with them is not known.
        counted: what the windows said, whether or not it was asked for.
    """

    def __init__(self, read: Totals, windows: Memory | None = None, blind: frozenset[Series] = frozenset()) -> None:
        """Take what answers.

        Args:
            blind: series of which not all that was counted is known; windows neither get nor give them.
        """
        self._read = read
        self._windows = windows
        self._blind = blind
        self.missing: set[Series] = set()
        self.counted = NOTHING_READ

    def observe(self, now: float, observations: Sequence[Observation]) -> Totals:
        """Add what is known and return the totals."""
        known = [one for one in observations if one.series not in self._blind]
        own = self._windows.observe(now, known) if self._windows is not None and known else NOTHING_READ
        # The first answer is the one that was decided with: that a rule acted is added after that.
        self.counted = Totals({**own.distinct, **self.counted.distinct}, {**own.rings, **self.counted.rings})
        distinct: dict[tuple[Series, int], int] = {}
        rings: dict[tuple[Series, int, int], Ring] = {}
        for one in observations:
            for seconds in one.windows:
                if one.sharing is None:
                    at = one.series, seconds
                    found = self._read.distinct.get(at, own.distinct.get(at))
                    distinct[at] = self._known(one, found, 0)
                else:
                    of = one.series, seconds, one.sharing.least
                    ring = self._read.rings.get(of, own.rings.get(of))
                    rings[of] = self._known(one, ring, Ring((one.sharing.person,)))
        return Totals(distinct, rings)

    def _known[T](self, one: Observation, found: T | None, nothing: T) -> T:
        if found is None:
            self.missing.add(one.series)
            return nothing
        return found


class Side:
    """The windows of one of two policies that are fed in one place: nothing of one counts for the other."""

    def __init__(self, windows: Memory, name: str) -> None:
        self._windows = windows
        self._name = name

    def observe(self, now: float, observations: Sequence[Observation]) -> Totals:
        """Add identities and return the totals with them."""
        mine = [one._replace(series=Series(f"{self._name}:{one.series.name}", one.series.key)) for one in observations]
        names = {theirs.series: one.series for theirs, one in zip(mine, observations, strict=True)}
        said = self._windows.observe(now, mine)
        return Totals(
            {(names[series], seconds): total for (series, seconds), total in said.distinct.items()},
            {(names[series], seconds, least): ring for (series, seconds, least), ring in said.rings.items()},
        )
