"""Frames of a picture made ready for reading: grey, dark on light, without ruled lines, of a size that reads best."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import Final

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts one a core, and threads fork badly

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

type Grey = NDArray[np.uint8]

FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "ICO", "PPM")
"""What is decoded: nothing that would start a program (EPS) or that nobody sends."""

Image.init()  # loads the decoders; which are used is said above
Image.MAX_IMAGE_PIXELS = None  # what is too large is refused by `Limits.picture_pixels`, not warned of

_DARK: Final = 110
_LINE: Final = 90  # pixels in a row or column that are dark: a ruled line; a stroke of a letter is shorter
_HEIGHT: Final = 44  # pixels of a line of text, measured: 26 lost letters among figures, more cost time
_FAINT: Final = 24
"""Shades of grey that are no ink."""
_MARGIN: Final = 12
_HEIGHTS: Final = range(6, 120)
_COLUMNS: Final = 8
_USUAL: Final = 18
_LARGE: Final = 16_000_000
_STRIP: Final = 1400
_FIRST: Final = 500
"""Rows of the first strip: by it is seen how long the others will take, and whether writing stands upright."""
_LOOK: Final = 300
_FEW: Final = 8
"""Frames of an animation that are all looked at: slides. What has more is a film, whose frames are alike."""
_ORIENTATION: Final = 0x0112
"""Tag of Exif: how the camera was held."""


class TooManyPixels(Exception):  # noqa: N818 - a limit that was reached is not an error
    """A frame has more pixels than are decoded."""


def frames(data: bytes, pixels: int, most: int) -> Iterator[Grey]:
    """Yield up to `most` frames; of an animation a few over its whole length.

    Raises:
        TooManyPixels: a frame's header asks for more than `pixels`; nothing was decoded.
        Exception: it is broken; decoders raise what they like.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        count = getattr(picture, "n_frames", 1)
        for number in range(count) if picture.format == "TIFF" else _spread(count):
            if number >= most and picture.format == "TIFF":
                return
            if number:
                picture.seek(number)
            if picture.format in {"JPEG", "MPO"} and number == 0:
                _lighten(picture, pixels)
            if picture.width * picture.height > pixels:
                raise TooManyPixels
            yield _grey(_upright(picture))


def how_many(data: bytes, most: int) -> int:
    """Return how many frames `frames` yields at most.

    Raises:
        Exception: it is broken.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        count = getattr(picture, "n_frames", 1)
        return min(count, most) if picture.format == "TIFF" else len(_spread(count))


def _spread(count: int) -> list[int]:
    if count <= _FEW:
        return list(range(count))
    return sorted({0, count // 2, count - 1})


def _lighten(picture: Image.Image, pixels: int) -> None:
    """Have a large JPEG decoded at a half, a quarter or an eighth."""
    over = picture.width * picture.height / min(pixels, _LARGE)
    scale = next((one for one in (1, 2, 4, 8) if one * one >= over), 8)
    picture.draft("L", (picture.width // scale, picture.height // scale))


def _upright(picture: Image.Image) -> Image.Image:
    """Return a photograph as it is shown: programs turn it by what its Exif says."""
    try:
        turned = picture.getexif().get(_ORIENTATION, 1) != 1
        return ImageOps.exif_transpose(picture) if turned else picture
    except Exception:  # noqa: BLE001 - a broken Exif does not make the picture unreadable
        return picture


def _grey(picture: Image.Image) -> Grey:
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        values = np.asarray(picture, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        return ((values - low) * (255 / max(high - low, 1))).astype(np.uint8)
    if picture.has_transparency_data:
        layers = picture.convert("RGBA")
        ink, cover = np.asarray(layers.convert("L"), np.uint16), np.asarray(layers.getchannel("A"), np.uint16)
        under = 0 if (ink * (cover > 0)).sum() > 128 * (cover > 0).sum() else 255  # light letters lie on something dark
        return ((ink * cover + under * (255 - cover)) // 255).astype(np.uint8)
    return np.asarray(picture.convert("L"))


def strips(grey: Grey, *, lit: bool) -> Iterator[bytes]:
    """Yield PGM pictures from top to bottom, cut between lines of text: what was read so far counts if time is up.

    `lit`: it is a photograph, brighter here than there.
    """
    clean = _without_lines(_inked(_dark_on_light(_evenly_lit(grey) if lit else grey)))
    if not clean.size:
        return
    image = Image.fromarray(clean)
    scale = min(max(_HEIGHT / _line_height(clean), 0.5), 4.0, (_LARGE / (image.width * image.height)) ** 0.5)
    if scale != 1:
        wanted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(wanted, Image.Resampling.LANCZOS)
    whole = np.asarray(image)
    start = 0
    while start < len(whole):
        stop = _between_lines(whole, start + (_STRIP if start else _FIRST))
        yield b"P5\n%d %d\n255\n" % (whole.shape[1], stop - start) + whole[start:stop].tobytes()
        start = stop


def _inked(grey: Grey) -> Grey:
    """Return the part of the picture that has ink, on white: grain of a scanner is read as letters where none are."""
    ink = grey < int(np.median(grey)) - _FAINT
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return grey[:0]
    inside = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.pad(np.where(ink[inside], grey[inside], np.uint8(255)), _MARGIN, constant_values=255)


def _evenly_lit(grey: Grey) -> Grey:
    ground = np.asarray(Image.fromarray(grey).filter(ImageFilter.BoxBlur(40)), dtype=np.int16)
    return (grey.astype(np.int16) - ground + 160).clip(0, 255).astype(np.uint8)


def _dark_on_light(grey: Grey) -> Grey:
    image = ImageOps.autocontrast(Image.fromarray(grey), cutoff=0.5)
    return np.asarray(ImageOps.invert(image) if float(np.median(np.asarray(image))) < _DARK else image)


def _without_lines(grey: Grey) -> Grey:
    """Return the picture with long straight lines painted over: the frames of tables keep the program from reading."""
    dark = grey < int(np.median(grey)) - 24
    lines = _runs(dark) | _runs(dark.T).T
    if not lines.any():
        return grey
    clean = grey.copy()
    clean[lines] = int(np.median(grey))
    return clean


def _runs(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which pixels lie on a horizontal run of at least `_LINE` dark ones."""
    if dark.shape[1] <= _LINE:
        return np.zeros_like(dark)
    sums = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    np.cumsum(dark, axis=1, out=sums[:, 1:])
    full = (sums[:, _LINE:] - sums[:, :-_LINE]) == _LINE
    edge = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    edge[:, : full.shape[1]] += full
    edge[:, _LINE:] -= full
    return np.cumsum(edge, axis=1)[:, : dark.shape[1]] > 0


def _line_height(grey: Grey) -> float:
    """Return the usual height of what stands between two empty rows, in columns of the picture."""
    dark = grey < int(np.median(grey)) - 40
    heights: list[int] = []
    for part in np.array_split(dark, min(_COLUMNS, dark.shape[1]), axis=1):
        rows = np.concatenate(([False], part.mean(axis=1) > 0.01, [False]))
        edges = np.flatnonzero(rows[1:] != rows[:-1])
        heights += [int(one) for one in edges[1::2] - edges[::2] if int(one) in _HEIGHTS]
    return float(np.median(heights)) if heights else _USUAL


def _between_lines(grey: Grey, wanted: int) -> int:
    """Return the quietest row a little above `wanted`; the end when that is near."""
    if wanted + _LOOK >= len(grey):
        return len(grey)
    spread = grey[wanted - _LOOK : wanted].astype(np.int16)
    ink = np.abs(np.diff(spread, axis=1)).sum(axis=1)
    return wanted - _LOOK + int(len(ink) - 1 - np.argmin(ink[::-1]))
