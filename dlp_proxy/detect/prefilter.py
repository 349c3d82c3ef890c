"""One pass over a text for the patterns of many detectors: Hyperscan, where it is installed.

It answers which detectors may match in a stretch of text, never where: their own patterns say that. Each detector is
asked for by wider patterns (`wider.py`); one whose patterns cannot be translated is not asked for here.

Hyperscan: Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs", NSDI 2019.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dlp_proxy.detect.chars import CASE_STRAYS

try:
    import hyperscan
except ImportError:  # an optional extra, and no wheel for every machine
    hyperscan = None  # type: ignore[assignment]

ENGINE: Final = "hyperscan" if hyperscan is not None else "regex"
"""What looks for the patterns of all detectors first."""


_GROUP: Final = 64
"""Patterns that are compiled together: twice as many take more than twice as long, and one more scan is cheap."""

type Choices = tuple[str, ...]
"""Wider patterns for one pattern, the preferred first: it may be too large to compile."""


class Stored(NamedTuple):
    """A compiled prefilter as plain bytes, for other processes on the same machine."""

    databases: tuple[bytes, ...]
    covered: frozenset[int]


class Prefilter:
    """Patterns by number, compiled. A number may stand for several patterns.

    Attributes:
        covered: numbers that are asked for; any other may match anywhere.
    """

    def __init__(self, databases: Sequence[Any], covered: frozenset[int]) -> None:
        self._gates = [(database, [hyperscan.Scratch(database)]) for database in databases]
        self._spare = [scratches[0].clone() for _, scratches in self._gates]
        self.covered = covered

    def matching(self, text: str) -> Sequence[int] | None:
        """Return the numbers of which a pattern may match in `text`, or None when that cannot be told."""
        if not text.isascii() and any(stray in text for stray in CASE_STRAYS):
            return None
        found: list[int] = []
        encoded = text.encode("utf-8", "surrogatepass")
        for index, (database, scratches) in enumerate(self._gates):
            # A scratch serves one scan at a time, and scans let other threads run. `pop` and `append` are atomic.
            try:
                scratch = scratches.pop()
            except IndexError:
                scratch = self._spare[index].clone()
            database.scan(encoded, match_event_handler=_note, context=found, scratch=scratch)
            scratches.append(scratch)
        return found

    def stored(self) -> Stored:
        """Return it for `loaded`."""
        return Stored(tuple(hyperscan.dumpb(database) for database, _ in self._gates), self.covered)


def loaded(stored: Stored) -> Prefilter | None:
    """Return a prefilter that another process compiled, or None where there is no Hyperscan or it is another one."""
    try:
        databases = [hyperscan.loadb(one, hyperscan.HS_MODE_BLOCK) for one in stored.databases]
        return Prefilter(databases, stored.covered)
    except (AttributeError, hyperscan.error):
        return None


def prefilter(wanted: Mapping[int, Sequence[Choices]]) -> Prefilter | None:
    """Return the prefilter for patterns by number, or None where there is no Hyperscan or nothing to ask for.

    A number with a pattern that does not compile is left out.
    """
    plain = tuple((number, choices) for number, patterns in wanted.items() for choices in patterns)
    return _compiled(plain, frozenset(wanted)) if plain and hyperscan is not None else None


@lru_cache(maxsize=8)
def _compiled(plain: tuple[tuple[int, Choices], ...], numbers: frozenset[int]) -> Prefilter | None:
    databases = []
    left_out: set[int] = set()
    for start in range(0, len(plain), _GROUP):
        group = plain[start : start + _GROUP]
        database = _database([(number, choices[0]) for number, choices in group])
        if database is None:
            fitting = [(number, next(filter(_compiles, choices), "")) for number, choices in group]
            left_out |= {number for number, pattern in fitting if not pattern}
            database = _database([(number, pattern) for number, pattern in fitting if pattern])
        if database is None:
            left_out |= {number for number, _ in group}
        else:
            databases.append(database)
    covered = numbers - left_out
    return Prefilter(databases, covered) if covered else None


@lru_cache(maxsize=1024)
def _compiles(pattern: str) -> bool:
    return _database([(0, pattern)]) is not None


def _database(patterns: Sequence[tuple[int, str]]) -> Any:  # noqa: ANN401 - the library has no types to rely on
    if not patterns:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[pattern.encode() for _, pattern in patterns],
            ids=[number for number, _ in patterns],
            flags=[hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL] * len(patterns),
        )
    except hyperscan.error:
        return None
    return database


def _note(number: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(number)
