"""Patterns that were compiled before: `regex` takes a second for all of ours, a seventieth of it to take them up again.

What it takes up is what it gives to `pickle`: plain numbers, for its own release only. Who keeps them, and where, is
not known here. A pattern that is not among them is compiled as ever.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple, cast

import regex

_reduce: Final = cast("Any", copyreg.dispatch_table[regex.Pattern])
_restore: Final = _reduce(regex.compile(""))[0]


class Ready(NamedTuple):
    """A pattern with its flags as they were asked for, and what `regex` needs to have it again."""

    pattern: str
    flags: int
    made: Sequence[Any]


class Shelf:
    """Compiled patterns of this process."""

    def __init__(self) -> None:
        self._ready: dict[tuple[str, int], Sequence[Any]] = {}
        self._restored: dict[tuple[str, int], regex.Pattern[str]] = {}
        self._own: dict[tuple[str, int], regex.Pattern[str]] = {}
        self._is_kept = False

    def compiled(self, pattern: str, flags: int = 0) -> regex.Pattern[str]:
        """Return `pattern` compiled.

        Raises:
            regex.error: it is no pattern.
        """
        key = (pattern, int(flags))
        restored = self._restored.get(key)
        if restored is not None:
            return restored
        made = self._ready.get(key)
        if made is not None:
            with suppress(RuntimeError, SystemError, TypeError, ValueError):
                self._restored[key] = restored = cast("regex.Pattern[str]", _restore(*made))
                return restored
        own = regex.compile(pattern, flags)
        if self._is_kept:
            self._own[key] = own
        return own

    def put(self, patterns: Iterable[Ready]) -> None:
        """Take these up instead of compiling them, when they are asked for."""
        self._ready.update(((pattern, flags), made) for pattern, flags, made in patterns)

    def keep(self) -> None:
        """Remember from now on what is compiled, for `kept`: a process that judges traffic keeps no list of it."""
        self._is_kept = True

    def kept(self) -> tuple[Ready, ...]:
        """Return what was compiled since `keep`."""
        return tuple(Ready(*key, _reduce(one)[1]) for key, one in sorted(self._own.items()))


SHELF: Final = Shelf()
compiled: Final = SHELF.compiled
