"""What stands around a value: nearby words, the names of its row, its field; they set the confidence."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import CompiledNear, Detector
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.message import Part

_AROUND: Final = 300
"""Characters to either side that are a value's record where there is no unit."""

_LONGEST_WORD: Final = 40

_FURTHEST: Final = 4096
"""Characters past the window in which a word is looked for at once, when windows follow one another closely."""


class Context:
    """Answers for the values of one part, asked in order of their place, so that no text is read twice."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._nears: dict[tuple[int, str], tuple[tuple[CompiledNear, _Cursor | None], ...]] = {}
        self._by_unit: dict[tuple[regex.Pattern[str], int], bool] = {}
        self._by_name: dict[tuple[regex.Pattern[str], str], bool] = {}
        self._by_place: dict[tuple[regex.Pattern[str], int], _Cursor] = {}

    def weigh(  # noqa: PLR0917 - one value's place and surroundings; called in one place
        self, detector: Detector, start: int, end: int, unit: int, confidence: Confidence, form: str = ""
    ) -> tuple[Confidence, tuple[str, ...]]:
        """Return the confidence after every `near` of `detector` in order, and the ones that fitted.

        `start` and `end` are the value's place in the part, `unit` its innermost unit or -1, `form` the name of the
        pattern that found it.
        """
        nears = self._nears.get((id(detector), form))
        if nears is None:
            nears = self._nears[id(detector), form] = self._of(detector, form)
        why: tuple[str, ...] = ()
        for near, cursor in nears:
            if cursor is None:
                fits = self._is_named(near.words, start)
            elif unit >= 0 and near.within == "record":
                fits = self._in_unit(near, unit)
            else:
                fits = cursor.is_near(start, end)
            if fits:
                confidence = near.set_to
                why += (near.why,)
        return confidence, why

    def _of(self, detector: Detector, form: str) -> tuple[tuple[CompiledNear, _Cursor | None], ...]:
        """Return what may speak for or against a value of this form in this part, with who looks for its words."""
        has_names = bool(self._part.fields or self._part.columns)
        return tuple(
            (near, self._cursor(near))
            for near in detector.near
            if (not near.forms or form in near.forms)
            and (has_names or near.within != "field-name" or near.words.search("") is not None)
        )

    def _cursor(self, near: CompiledNear) -> _Cursor | None:
        if near.within == "field-name":
            return None
        around = near.within if isinstance(near.within, int) else _AROUND
        cursor = self._by_place.get((near.words, around))
        if cursor is None:
            cursor = self._by_place[near.words, around] = _Cursor(near, self._part.text, around)
        return cursor

    def _is_named(self, words: regex.Pattern[str], start: int) -> bool:
        name = self._part.field_at(start)
        fits = self._by_name.get((words, name))
        if fits is None:
            fits = self._by_name[words, name] = words.search(name) is not None
        return fits

    def _in_unit(self, near: CompiledNear, unit: int) -> bool:
        key = (near.words, unit)
        fits = self._by_unit.get(key)
        if fits is None:
            span = self._part.units[unit]
            text = self._part.text
            fits = (
                near.may_stand(text, span.start, span.end) and near.words.search(text, span.start, span.end) is not None
            )
            fits = fits or (span.kind == "row" and self._in_columns(near))
            # {"receiver": {"name": ...}}: the object's own name speaks for all that is in it.
            fits = fits or (span.kind == "object" and near.words.search(span.label.rpartition(".")[2]) is not None)
            self._by_unit[key] = fits
        return fits

    def _in_columns(self, near: CompiledNear) -> bool:
        key = (near.words, -1)
        fits = self._by_unit.get(key)
        if fits is None:
            fits = self._by_unit[key] = any(near.words.search(column) for column in self._part.columns)
        return fits


class _Cursor:
    """Says whether a word lies near a value, for values that come in rising order; reads the text once."""

    def __init__(self, near: CompiledNear, text: str, around: int) -> None:
        self._near = near
        self._words = near.words
        self._text = text
        self._around = around
        self._hit = (-1, -1)
        self._clean = 0
        self._further = 0

    def is_near(self, start: int, end: int) -> bool:
        end += self._around
        if end < self._clean:
            return False
        start = max(0, start - self._around)
        if self._hit[0] >= start:
            return self._hit[1] <= end
        # In a table the next window goes on where this one ends: one look ahead answers for many.
        first, last = max(start, self._clean), end + self._further
        self._further = min(2 * self._further + _AROUND, _FURTHEST) if first > start else 0
        match = self._words.search(self._text, first, last) if self._near.may_stand(self._text, first, last) else None
        while match is not None:
            # Looked at again past the end, which may be inside another word: tel of telephonist.
            whole = self._words.match(self._text, match.start())
            if whole is not None:
                self._hit = whole.span()
                self._clean = whole.end()
                return self._hit[1] <= end
            match = self._words.search(self._text, match.start() + 1, last)
        self._clean = max(self._clean, last if last >= len(self._text) else last - _LONGEST_WORD)
        return False
