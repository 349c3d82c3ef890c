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


class Context:
    """Answers for the values of one part, asked in order of their place, so that no text is read twice."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._nears: dict[tuple[int, str], tuple[CompiledNear, ...]] = {}
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
        for near in nears:
            words, within, set_to, said, _ = near
            if within == "field-name":
                fits = self._is_named(words, start)
            elif within == "record" and unit >= 0:
                fits = self._in_unit(near, unit)
            else:
                around = within if isinstance(within, int) else _AROUND
                cursor = self._by_place.get((words, around))
                if cursor is None:
                    cursor = self._by_place[words, around] = _Cursor(words, self._part.text)
                fits = cursor.within(max(0, start - around), end + around)
            if fits:
                confidence = set_to
                why += (said,)
        return confidence, why

    def _of(self, detector: Detector, form: str) -> tuple[CompiledNear, ...]:
        """Return what may speak for or against a value of this form in this part."""
        has_names = bool(self._part.fields or self._part.columns)
        return tuple(
            near
            for near in detector.near
            if (not near.forms or form in near.forms)
            and (has_names or near.within != "field-name" or near.words.search("") is not None)
        )

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
            fits = near.words.search(self._part.text, span.start, span.end) is not None
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
    """Says whether a word lies in a window, for windows that come in rising order; reads the text once."""

    def __init__(self, words: regex.Pattern[str], text: str) -> None:
        self._words = words
        self._text = text
        self._hit = (-1, -1)
        self._clean = 0

    def within(self, start: int, end: int) -> bool:
        if self._hit[0] >= start:
            return self._hit[1] <= end
        match = self._words.search(self._text, max(start, self._clean), end)
        while match is not None:
            # Looked at again past the window, which may end inside another word: tel of telephonist.
            whole = self._words.match(self._text, match.start())
            if whole is not None:
                self._hit = whole.span()
                self._clean = whole.end()
                return self._hit[1] <= end
            match = self._words.search(self._text, match.start() + 1, end)
        self._clean = max(self._clean, end - _LONGEST_WORD)
        return False
