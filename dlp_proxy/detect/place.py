"""Where a reader may find a value: matches of a pattern, by whichever module finds them fastest."""

from __future__ import annotations

import re

import regex

from dlp_proxy.detect import ready


class Place:
    """A pattern whose matches are the places."""

    __slots__ = ("_is_at_the_start", "_pattern")

    def __init__(self, pattern: str) -> None:
        """Compile for the standard library where it knows all of `pattern`: it finds short ones faster."""
        self._pattern: re.Pattern[str] | regex.Pattern[str]
        try:
            self._pattern = re.compile(pattern)
        except re.error:
            self._pattern = ready.compiled(pattern)
        self._is_at_the_start = pattern.startswith(r"\A") and "|" not in pattern

    def spans(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return the places in a stretch, ascending, no two with a character in common."""
        if self._is_at_the_start and start:
            return []  # else it would be tried at every character
        return [match.span() for match in self._pattern.finditer(text, start, end)]
