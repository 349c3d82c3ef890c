"""One pass over a text for the patterns of many detectors: Hyperscan, where it is installed.

It answers which detectors may match in a stretch of text, never where: their own patterns say that. Each detector is
asked for by wider patterns (`wider.py`); one whose patterns cannot be translated is not asked for here.

Hyperscan: Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs", NSDI 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from dlp_proxy.detect.wider import CASE_STRAYS

try:
    import hyperscan
except ImportError:  # an optional extra, and no wheel for every machine
    hyperscan = None  # type: ignore[assignment]

ENGINE: Final = "hyperscan" if hyperscan is not None else "regex"
"""What looks for the patterns of all detectors first."""

_LARGEST: Final = 4000
"""Characters of one wider pattern. Longer ones take seconds to compile."""


class Prefilter:
    """Patterns by number, compiled together. Numbers may stand for several patterns."""

    def __init__(self, database: Any, covered: frozenset[int]) -> None:  # noqa: ANN401 - the library has no types to rely on
        self._database = database
        self._scratches = [hyperscan.Scratch(database)]
        self._first = self._scratches[0].clone()
        self.covered = covered
        """Numbers that are asked for; any other may match anywhere."""

    def matching(self, text: str) -> Iterable[int] | None:
        """Return the numbers of which a pattern may match in `text`, or None when that cannot be told."""
        if not text.isascii() and any(stray in text for stray in CASE_STRAYS):
            return None
        found: list[int] = []
        # A scratch serves one scan at a time, and scans let other threads run. `pop` and `append` are atomic.
        try:
            scratch = self._scratches.pop()
        except IndexError:
            scratch = self._first.clone()
        self._database.scan(
            text.encode("utf-8", "surrogatepass"), match_event_handler=_note, context=found, scratch=scratch
        )
        self._scratches.append(scratch)
        return found


def prefilter(wanted: Mapping[int, Sequence[str]]) -> Prefilter | None:
    """Return the prefilter for patterns by number, or None where there is no Hyperscan or nothing to ask for.

    A number with a pattern that does not compile is left out.
    """
    plain = tuple((number, pattern) for number, patterns in wanted.items() for pattern in patterns)
    return _compiled(plain) if plain and hyperscan is not None else None


@lru_cache(maxsize=16)
def _compiled(plain: tuple[tuple[int, str], ...]) -> Prefilter | None:
    left_out = {number for number, pattern in plain if len(pattern) > _LARGEST}
    while True:
        kept = [(number, pattern) for number, pattern in plain if number not in left_out]
        if not kept:
            return None
        database = _database(kept)
        if database is not None:
            return Prefilter(database, frozenset(number for number, _ in kept))
        left_out |= {number for number, pattern in kept if _database([(number, pattern)]) is None}


def _database(kept: Sequence[tuple[int, str]]) -> Any:  # noqa: ANN401 - as above
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[pattern.encode() for _, pattern in kept],
            ids=[number for number, _ in kept],
            flags=[hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL] * len(kept),
        )
    except hyperscan.error:
        return None
    return database


def _note(number: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(number)
