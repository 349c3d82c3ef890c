"""One look at a picture: its codes, then its text, within the time there is."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Final

import zxingcpp

from dlp_proxy.model.limits import Limits
from dlp_proxy.pictures.prepare import Grey, TooManyPixels, frames, strips
from dlp_proxy.pictures.tesseract import Tesseract
from dlp_proxy.pictures.texture import has_lines, is_photograph
from dlp_proxy.unpack.picture import UNREAD
from dlp_proxy.unpack.sight import Missed, Seen

_LEAST_PIXELS: Final = 20_000  # a smaller picture holds no five customers that a person could read
_LEAST_SIDE: Final = 8
_PLAIN: Final = 4  # levels of grey; a picture of no more contrast shows nothing
_CODES_PIXELS: Final = 4_000_000
_HAN_APART: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Looking:
    """A `Sight` of `dlp_proxy/unpack/sight.py`. Without a program it reads codes, and says that text was not read."""

    program: Tesseract | None

    def __call__(self, data: bytes, seconds: float, limits: Limits) -> Seen:
        began = time.monotonic()
        ends = began + seconds
        texts: list[str] = []
        codes: dict[bytes, None] = {}
        missed: dict[Missed, None] = {}
        try:
            for grey in frames(data, limits.picture_pixels, limits.frames):
                codes |= dict.fromkeys(_codes(grey))
                text = self._text(grey, ends, missed)
                texts += [text] if text else []
        except TooManyPixels:
            missed[Missed("too-large", f"a picture of more than {limits.picture_pixels} pixels")] = None
        except Exception:  # noqa: BLE001 - decoders of strangers' bytes raise what they like; it is a gap
            missed[Missed("malformed", f"{UNREAD}: it is broken, or of a kind that nothing here decodes")] = None
        return Seen(tuple(texts), tuple(codes), tuple(missed), time.monotonic() - began)

    def _text(self, grey: Grey, ends: float, missed: dict[Missed, None]) -> str:
        """Return the lines of a frame as far as there is time."""
        if min(grey.shape) < _LEAST_SIDE or grey.size < _LEAST_PIXELS or int(grey.max()) - int(grey.min()) < _PLAIN:
            return ""
        if self.program is None:
            missed[Missed("unknown-format", UNREAD)] = None
            return ""
        lit = is_photograph(grey)
        if lit and not has_lines(grey):
            return ""
        pieces: list[str] = []
        for strip in strips(grey, lit=lit):
            left = ends - time.monotonic()
            read = self.program.read(strip, left) if left > 0.1 else None
            if read is None:
                missed[Missed("unknown-format", f"{UNREAD} to its end in the time there is")] = None
                break
            pieces.append(_HAN_APART.sub("", read))
        return "".join(pieces).strip("\x0c\n ")


def _codes(grey: Grey) -> list[bytes]:
    step = max(1, round((grey.size / _CODES_PIXELS) ** 0.5))
    found = [one for one in zxingcpp.read_barcodes(grey[::step, ::step].copy()) if one.valid and one.bytes]
    return [one.bytes for one in sorted(found, key=_place)]


def _place(code: zxingcpp.Barcode) -> tuple[int, int]:
    """Return what sorts codes as a page is read; those of a row are never quite level."""
    corner, across = code.position.top_left, code.position.bottom_right
    height = max(1, abs(across.y - corner.y))
    return round(corner.y / height), corner.x
