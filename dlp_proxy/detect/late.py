"""Patterns that are compiled when they are first asked: half a second that most commands never need."""

from __future__ import annotations

from typing import Final, cast

import regex

from dlp_proxy.detect.ready import compiled

_METHODS: Final = ("match", "search", "fullmatch", "finditer", "findall", "sub")
_made: Final[list[_Late]] = []


class _Late:
    """Takes on the methods of the compiled pattern at the first question."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> object:
        made = compiled(self._pattern)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def late(pattern: str) -> regex.Pattern[str]:
    """Return `pattern`, to be compiled later."""
    made = _Late(pattern)
    _made.append(made)
    return cast("regex.Pattern[str]", made)


def compile_all() -> None:
    """Compile all that were made: before the first message, which would else wait for it."""
    for one in _made:
        _ = one.pattern
