"""Looking at a text once for the patterns of many detectors: Hyperscan, where it is installed.

It answers which detectors may match in a stretch of text, never where: their own patterns say that. Each detector is
asked for by wider patterns (`wider.py`); one whose patterns cannot be translated is not asked for here.

The patterns are sorted by what their matches need (`needs.py`): a tiny automaton says which needs a stretch meets, and
only the automata of those are asked. Most stretches meet none.

Hyperscan: Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs", NSDI 2019.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dlp_proxy.detect.chars import CASE_STRAYS
from dlp_proxy.detect.needs import NOTHING, OUTSIDE, Need

try:
    import hyperscan
except ImportError:  # an optional extra, and no wheel for every machine
    hyperscan = None  # type: ignore[assignment]

ENGINE: Final = "hyperscan" if hyperscan is not None else "regex"
"""What looks for the patterns of all detectors first."""

_GROUP: Final = 64
"""Patterns that are compiled together: twice as many take more than twice as long, and one more scan is cheap."""

_MOST_FAMILIES: Final = 64
"""More groups than these, and the asking itself would take longer than the looking."""

SHARED: Final = "shared"
"""The family of patterns that are the same in every prefilter: compiled once in a process."""
WORDS: Final = "words"
"""The family of patterns that hold a word."""

_FEW: Final = 3
_SHORT: Final = 3500
"""A family of fewer patterns, and shorter ones, goes with the words: to ask for it takes longer than to look for it."""

_SHORT_BLOCKS: Final = 3
"""Blocks of a text that is short."""
_CHUNK: Final = 8
"""Blocks that are looked at together first: a clean text is passed over in long strides."""
_COPIED: Final = 4 * 1024 * 1024
"""Characters of a text that is encoded as a whole; of a longer one that would be a hundred megabytes more."""

_STRAY: Final = re.compile(f"[{CASE_STRAYS}]")

type Span = tuple[int, int]


class Choices(NamedTuple):
    """What asks for one pattern.

    Attributes:
        patterns: wider patterns, the preferred first: it may be too large to compile.
        need: what every match holds.
        family: those of one family are compiled together. In one automaton unlike patterns are in each other's way:
            words and prefixes pass at once over nearly everything, until one pattern beside them begins with anything.
    """

    patterns: tuple[str, ...]
    need: Need = NOTHING
    family: str = ""


class Stored(NamedTuple):
    """A compiled prefilter as plain data, for other processes on the same machine.

    Attributes:
        databases: serialized; some sequences read each from a file when it is asked for.
    """

    databases: Sequence[bytes]
    needs: tuple[Need, ...]
    covered: frozenset[int]


class _Automaton:
    """A compiled database, and what a scan with it needs."""

    __slots__ = ("_clone", "_scan", "_scratches", "database")

    def __init__(self, database: Any) -> None:  # noqa: ANN401 - the library has no types to rely on
        self.database = database
        scratch = hyperscan.Scratch(database)
        self._scan = database.scan
        self._scratches = [scratch]
        self._clone = scratch.clone().clone

    def numbers(self, data: bytes | memoryview) -> list[int]:
        """Return the numbers of the patterns that match in `data`, some perhaps more than once."""
        # A scratch serves one scan at a time, and scans let other threads run. `pop` and `append` are atomic.
        found: list[int] = []
        try:
            scratch = self._scratches.pop()
        except IndexError:
            scratch = self._clone()
        self._scan(data, match_event_handler=_note, context=found, scratch=scratch)
        self._scratches.append(scratch)
        return found


class Prefilter:
    """Patterns by number, compiled. A number may stand for several patterns.

    Attributes:
        covered: numbers that are asked for; any other may match anywhere.
    """

    def __init__(self, databases: Sequence[Any], needs: Sequence[Need], covered: frozenset[int]) -> None:
        """Take databases and what the patterns of each need."""
        self.covered = covered
        self._needs = tuple(needs)
        gates = [_Automaton(database) for database in databases]
        self._always = [gate for gate, one in zip(gates, needs, strict=True) if one == NOTHING]
        self._beyond = [gate for gate, one in zip(gates, needs, strict=True) if one.beyond]
        self._outside = [gate for gate, one in zip(gates, needs, strict=True) if one.outside]
        self._gates = gates
        # A stray would match a letter of ASCII where case is ignored: then nothing can be told.
        asked = list(dict.fromkeys(one for one in needs if one.pattern))
        self._by_need = [[gate for gate, its in zip(gates, needs, strict=True) if its == one] for one in asked]
        patterns = [(number, one.pattern) for number, one in enumerate(asked)]
        # A run of many characters slows an automaton for single ones down.
        apart = [[one for one in patterns if asked[one[0]].run], [one for one in patterns if not asked[one[0]].run]]
        self._signs = [_Automaton(database) for some in apart if (database := _database(some)) is not None]

    def matching(self, text: str) -> Sequence[int] | None:
        """Return the numbers of which a pattern may match in `text`, or None when that cannot be told."""
        if _has_strays(text):
            return None
        data = text.encode("utf-8", "surrogatepass")
        found: list[int] = []
        for gate in self._asked(data):
            found += gate.numbers(data)
        return found

    def in_blocks(
        self, text: str, spans: Sequence[Span], behind: int, ahead: int
    ) -> Mapping[int, Sequence[int]] | None:
        """Return the numbers that may match in `text`, each with the blocks it may match in; None if that is unknown.

        Args:
            spans: the blocks, ascending and side by side.
            behind: characters before a block that are looked at with it.
            ahead: characters behind it.
        """
        if len(spans) <= _SHORT_BLOCKS:
            # At once, and what is anywhere may be everywhere: each automaton has tables larger than the text, which
            # every change from one to the next pushes out of the processor's caches.
            numbers = self.matching(text)
            return None if numbers is None else dict.fromkeys(numbers, range(len(spans)))
        hit: dict[int, list[int]] = {}
        strays = _with_strays(text, spans, behind, ahead)
        if len(strays) == len(spans):
            return None
        whole = memoryview(text.encode()) if len(text) <= _COPIED and text.isascii() else None
        busy: set[_Automaton] = set()

        def window(first: int, last: int) -> bytes | memoryview:
            start, end = max(0, spans[first][0] - behind), spans[last][1] + ahead
            return text[start:end].encode("utf-8", "surrogatepass") if whole is None else whole[start:end]

        # The first block by itself: what is in it is likely to be in the others.
        for first in (0, *range(1, len(spans), _CHUNK)):
            last = min(first + _CHUNK, len(spans)) - 1 if first else 0
            together = window(first, last)
            closer: list[tuple[_Automaton, Sequence[int]]] = [
                (gate, numbers)
                for gate in self._asked(together)
                if (numbers := () if gate in busy and first != last else gate.numbers(together)) or gate in busy
            ]
            busy = set()
            for index in range(first, last + 1) if closer else ():
                data = window(index, index) if first != last else together
                plain = _is_ascii(data)
                for gate, said in closer:
                    if plain and gate in self._beyond:
                        continue
                    numbers = gate.numbers(data) if first != last else said
                    if numbers:
                        busy.add(gate)
                    for number in numbers:
                        held = hit.setdefault(number, [])
                        if not held or held[-1] != index:
                            held.append(index)
        if strays:
            return {number: sorted({*strays, *hit.get(number, ())}) for number in self.covered}
        return hit

    def _asked(self, data: bytes | memoryview) -> list[_Automaton]:
        """Return the automata whose needs `data` meets."""
        plain = _is_ascii(data)
        asked = self._always if plain else self._always + self._beyond
        if self._outside and (not plain or OUTSIDE.search(data)):
            asked = asked + self._outside
        for signs in self._signs:
            for number in signs.numbers(data):
                asked = asked + self._by_need[number]
        return asked

    def stored(self) -> Stored:
        """Return it for `loaded`."""
        return Stored(tuple(hyperscan.dumpb(gate.database) for gate in self._gates), self._needs, self.covered)


def _has_strays(text: str) -> bool:
    return not text.isascii() and any(stray in text for stray in CASE_STRAYS)


def _with_strays(text: str, spans: Sequence[Span], behind: int, ahead: int) -> list[int]:
    """Return the blocks of which nothing can be told: one name in Turkish says nothing of the rest of a text."""
    if not _has_strays(text):
        return []
    return [
        index for index, (start, end) in enumerate(spans) if _STRAY.search(text, max(0, start - behind), end + ahead)
    ]


def _is_ascii(data: bytes | memoryview) -> bool:
    """Tell whether a window of a text is plain; it is a view only where the whole text is."""
    return isinstance(data, memoryview) or data.isascii()


def loaded(stored: Stored) -> Prefilter | None:
    """Return a prefilter that another process compiled.

    None where there is no Hyperscan or it is another one, and where the databases cannot be read.
    """
    try:
        databases = [hyperscan.loadb(one, hyperscan.HS_MODE_BLOCK) for one in stored.databases]
        return Prefilter(databases, stored.needs, stored.covered)
    except (AttributeError, OSError, hyperscan.error):
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
    needs: list[Need] = []
    left_out: set[int] = set()
    for need, family, some in _families(plain):
        compiled = _kept if family == SHARED else _database
        for start in range(0, len(some), _GROUP):
            group = some[start : start + _GROUP]
            database = compiled(tuple((number, choices.patterns[0]) for number, choices in group))
            if database is None:
                fitting = [(number, next(filter(compiles, choices.patterns), "")) for number, choices in group]
                left_out |= {number for number, pattern in fitting if not pattern}
                database = _database([(number, pattern) for number, pattern in fitting if pattern])
            if database is None:
                left_out |= {number for number, _ in group}
            else:
                databases.append(database)
                needs.append(need)
    covered = numbers - left_out
    return Prefilter(databases, needs, covered) if covered else None


@lru_cache(maxsize=64)
def _kept(patterns: tuple[tuple[int, str], ...]) -> Any:  # noqa: ANN401 - the library has no types to rely on
    return _database(patterns)


def _families(plain: Iterable[tuple[int, Choices]]) -> list[tuple[Need, str, list[tuple[int, Choices]]]]:
    """Return what is compiled together, with its need and family; small families of one need are one."""
    families: dict[tuple[Need, str], list[tuple[int, Choices]]] = {}
    for number, choices in plain:
        families.setdefault((choices.need, choices.family), []).append((number, choices))
    together: dict[tuple[Need, str], list[tuple[int, Choices]]] = {}
    for (need, its), some in families.items():
        family = its
        is_small = len(some) < _FEW and sum(len(choices.patterns[0]) for _, choices in some) < _SHORT
        if (is_small and family != SHARED) or len(together) >= _MOST_FAMILIES:
            family = WORDS
        together.setdefault((need, family), []).extend(some)
    return [(*key, some) for key, some in together.items()]


@lru_cache(maxsize=1024)
def compiles(pattern: str) -> bool:
    """Tell whether a wider pattern is not too large; where there is no Hyperscan nothing is."""
    return hyperscan is None or _database([(0, pattern)]) is not None


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
