"""One look at a picture: its codes, then its text, within the time there is."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import zxingcpp

from dlp_proxy.model.limits import Limits
from dlp_proxy.pictures.level import level
from dlp_proxy.pictures.prepare import Grey, TooManyPixels, frames, how_many, strips
from dlp_proxy.pictures.tesseract import CHINESE, FIGURES, Tesseract
from dlp_proxy.pictures.texture import has_lines, is_photograph
from dlp_proxy.unpack.picture import UNREAD
from dlp_proxy.unpack.sight import Missed, Seen

_LEAST_PIXELS: Final = 20_000  # a smaller picture holds no five customers that a person could read
_LEAST_SIDE: Final = 8
_PLAIN: Final = 4  # levels of grey; a picture of no more contrast shows nothing
_CODES_PIXELS: Final = 4_000_000
_AT_ONCE: Final = min(2, os.cpu_count() or 1)
"""Programs that read one picture side by side: somebody waits for it, and most of what is sent comes alone."""
_LEAST_SECONDS: Final = 0.1
_SURE: Final = 60.0
"""How sure the program is of writing that stands upright; of what lies on its side or its head it is half as sure."""
_OF_FIGURES: Final = 0.45
"""Share of the time that figures and Latin letters alone take."""
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_FEW_HAN: Final = 8
_HAN_SHARE: Final = 4
"""A text is Chinese with more characters of Han than a few, and one in so many letters."""
_HAN_APART: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Looking:
    """A `Sight` of `dlp_proxy/unpack/sight.py`. Without a program it reads codes, and says that text was not read."""

    program: Tesseract | None

    def __call__(self, data: bytes, seconds: float, limits: Limits) -> Seen:
        clock = _Clock(seconds)
        texts: list[str] = []
        codes: dict[bytes, None] = {}
        missed: dict[Missed, None] = {}
        try:
            waiting = how_many(data, limits.frames)
            for grey in frames(data, limits.picture_pixels, limits.frames):
                codes |= dict.fromkeys(_codes(grey))
                text = self._text(grey, _Clock(clock.left() / max(1, waiting)), missed)
                waiting -= 1
                texts += [text] if text else []
        except TooManyPixels:
            missed[Missed("too-large", f"a picture of more than {limits.picture_pixels} pixels")] = None
        except Exception:  # noqa: BLE001 - decoders of strangers' bytes raise what they like; it is a gap
            missed[Missed("malformed", f"{UNREAD}: it is broken, or of a kind that nothing here decodes")] = None
        return Seen(tuple(texts), tuple(codes), tuple(missed), clock.taken(), clock.here())

    def _text(self, grey: Grey, clock: _Clock, missed: dict[Missed, None]) -> str:
        """Return the lines of a frame as far as there is time."""
        if min(grey.shape) < _LEAST_SIDE or grey.size < _LEAST_PIXELS or int(grey.max()) - int(grey.min()) < _PLAIN:
            return ""
        if self.program is None:
            missed[Missed("unknown-format", UNREAD)] = None
            return ""
        lit = is_photograph(grey)
        if lit and not has_lines(grey):
            return ""
        grey = level(grey)
        reading = _Reading(self.program, clock)
        turn = reading.read(list(strips(grey, lit=lit)), may_turn=True)
        if turn:
            reading = _Reading(self.program, clock)
            reading.read(list(strips(np.ascontiguousarray(np.rot90(grey, -turn)), lit=lit)), may_turn=False)
        for detail in reading.left:
            missed[Missed("unknown-format", f"{UNREAD} {detail}")] = None
        return "".join(reading.pieces).strip("\x0c\n ")


def is_chinese(text: str) -> bool:
    """Tell whether a picture is Chinese by its first lines, read as such.

    Read as English too, some lines come out as Latin letters, and it takes half as long again (ADR 0191).
    """
    han = len(_HAN.findall(text))
    return han > _FEW_HAN and han * _HAN_SHARE > sum(map(str.isalpha, text))


class _Reading:
    """One frame being read, strip by strip.

    Attributes:
        pieces: what was read, from top to bottom.
        left: in what way it was not read to its end.
    """

    def __init__(self, program: Tesseract, clock: _Clock) -> None:
        self._program = program
        self._clock = clock
        self._only = ""
        self.pieces: list[str] = []
        self.left: list[str] = []

    def read(self, waiting: list[bytes], *, may_turn: bool) -> int:
        """Read what there is time for; with too little for all, of the rest figures, by which customers are counted.

        Returns:
            quarters of a circle to the right by which it must be turned; then nothing was read.
        """
        if not waiting:
            return 0
        began = self._clock.taken()
        self._only = CHINESE if {CHINESE} < {*self._program.languages} else ""
        first = self._first(waiting[0])
        if self._only and first is not None and not (first[1] >= _SURE and is_chinese(first[0])):
            began, self._only = self._clock.taken(), ""
            first = self._first(waiting[0])
        pace = (self._clock.taken() - began) / len(waiting[0])
        if first is None:
            self.left.append("to its end in the time there is")
            return 0
        text, sure = first
        if may_turn and sure < _SURE:
            quarters = self._program.turn(waiting[len(waiting) // 2], self._clock.left())
            if quarters:
                return quarters
        self._keep(text)
        self._rest(waiting[1:], pace)
        return 0

    def _first(self, strip: bytes) -> tuple[str, float] | None:
        left = self._clock.left()
        return self._program.read_surely(strip, left, self._only) if left > _LEAST_SECONDS else None

    def _rest(self, waiting: list[bytes], pace: float) -> None:
        """Read the rest, of which a byte takes `pace` seconds: in full while figures can be read in what is behind."""
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            while waiting:
                some, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
                in_full = pace * (sum(map(len, some)) + _OF_FIGURES * sum(map(len, waiting)))
                if in_full > self._clock.left():
                    self._only = FIGURES
                texts = list(readers.map(self._strip, some))
                for text in texts:
                    self._keep(text or "")
                    if not self._only and is_chinese(text or ""):
                        self._only = CHINESE
                if None in texts:
                    self.left.append("to its end in the time there is")
                    break
        if self._only == FIGURES:
            self.left.append("but for figures and Latin letters in all of it, in the time there is")

    def _keep(self, text: str) -> None:
        if text:
            self.pieces.append(_HAN_APART.sub("", text))

    def _strip(self, strip: bytes) -> str | None:
        left = self._clock.left()
        return self._program.read(strip, left, self._only) if left > _LEAST_SECONDS else None


class _Clock:
    """CPU seconds of this process and of the programs that it called, over how many of these run at once.

    On an idle machine that is what passes on the wall. On a busy one less was read by the clock on the wall, and who
    keeps a machine busy with some pictures would get others through.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began = self._worked()
        self._began_here = time.process_time()

    def taken(self) -> float:
        """Return the seconds that were taken; those of a program count when it has ended."""
        return self._worked() - self._began

    def here(self) -> float:
        """Return the seconds of this process."""
        return time.process_time() - self._began_here

    def left(self) -> float:
        return max(0.0, self._seconds - self.taken())

    @staticmethod
    def _worked() -> float:
        told = os.times()
        return (told.user + told.system + told.children_user + told.children_system) / _AT_ONCE


def _codes(grey: Grey) -> list[bytes]:
    step = max(1, round((grey.size / _CODES_PIXELS) ** 0.5))
    found = [one for one in zxingcpp.read_barcodes(grey[::step, ::step].copy()) if one.valid and one.bytes]
    return [one.bytes for one in sorted(found, key=_place)]


def _place(code: zxingcpp.Barcode) -> tuple[int, int]:
    """Return what sorts codes as a page is read; those of a row are never quite level."""
    corner, across = code.position.top_left, code.position.bottom_right
    height = max(1, abs(across.y - corner.y))
    return round(corner.y / height), corner.x
