"""Patterns of the standard library's `re`, compiled before: its cache is filled before any module asks for its own.

Modules compile some four hundred patterns while they are imported, a quarter of what importing them takes. `re` looks
into its cache first; what is put there is what it would have made, number for number (`re._compiler.compile`). Where a
later Python keeps its cache in another way, nothing is taken up and all is compiled as ever.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

_MOST: Final = 600
_ROOM: Final = 1200
"""Patterns that the cache of `re` may hold, in place of 512: a worker asks for 650 while it starts, and each beyond
what the cache holds pushes out another that is about to be asked for."""
_COMPILER: Final[Any] = re._compiler  # type: ignore[attr-defined]  # noqa: SLF001 - what `re.compile` calls
_ENGINE: Final[Any] = _COMPILER._sre  # noqa: SLF001
_PARSER: Final[Any] = re._parser  # type: ignore[attr-defined]  # noqa: SLF001


class LibraryPattern(NamedTuple):
    """A pattern with its flags as they were asked for, and what `_sre.compile` needs to have it again.

    Attributes:
        all_flags: with those that stand in the pattern.
        code: of the matching engine of this very Python.
        names: of groups, with their numbers.
    """

    pattern: str
    flags: int
    all_flags: int
    code: Sequence[int]
    groups: int
    names: dict[str, int]


class Collected:
    """Patterns that `re` compiles from now on, with the seconds each took."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, int], float] = {}
        compiles = _COMPILER.compile

        def noted(pattern: object, flags: int = 0) -> object:
            began = time.perf_counter()
            made: object = compiles(pattern, flags)
            if isinstance(pattern, str):
                self._seconds[pattern, int(flags)] = time.perf_counter() - began
            return made

        _COMPILER.compile = noted

    def dearest(self) -> tuple[LibraryPattern, ...]:
        """Return what took longest, the dearest last."""
        dear = sorted(self._seconds, key=self._seconds.__getitem__)[-_MOST:]
        return tuple(taken_apart(pattern, flags) for pattern, flags in dear)


def taken_apart(pattern: str, flags: int) -> LibraryPattern:
    """Return what `re` makes of a pattern, as `re._compiler.compile` does it."""
    parsed = _PARSER.parse(pattern, flags)
    code = _COMPILER._code(parsed, flags)  # noqa: SLF001
    state = parsed.state
    return LibraryPattern(
        pattern, flags, flags | int(state.flags), tuple(map(int, code)), state.groups - 1, dict(state.groupdict)
    )


def put(patterns: Iterable[LibraryPattern]) -> None:
    """Put compiled patterns where `re` looks first."""
    cache = getattr(re, "_cache", None)
    if not isinstance(cache, dict) or not hasattr(re, "_MAXCACHE"):
        return
    re._MAXCACHE = _ROOM  # noqa: SLF001
    for one in patterns:
        by_number: list[str | None] = [None] * (one.groups + 1)
        for name, number in one.names.items():
            by_number[number] = name
        with suppress(RuntimeError, TypeError, ValueError, OverflowError):
            made = _ENGINE.compile(one.pattern, one.all_flags, [*one.code], one.groups, one.names, tuple(by_number))
            cache.setdefault((str, one.pattern, one.flags), made)
