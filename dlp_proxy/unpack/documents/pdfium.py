"""The library that opens PDFs, told to use no font of the system: what it reads is the same on every machine.

Reasons are in docs/adr/0096-pdfs-are-read-with-a-font-of-our-own.md.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, Final

from dlp_proxy.unpack.documents.square_font import square_font
from dlp_proxy.unpack.libraries import library

_LATIN: Final = frozenset({0, 2})
"""Character sets ANSI and Symbol (`fpdf_sysfontinfo.h`): the library has fonts of its own for them."""
_NAME: Final = b"Square\0"
_FONT: Final = 1


@cache
def pdfium() -> Any:  # noqa: ANN401 - a module
    """Load the library, once.

    Raises:
        ImportError: it is not installed.
    """
    loaded = library("pypdfium2")
    raw = loaded.raw
    info = _fonts(raw)
    raw.FPDF_SetSystemFontInfo(info)
    loaded.dlp_proxy_fonts = info  # the library keeps no reference, and calls it until the process ends
    return loaded


def _fonts(raw: Any) -> Any:  # noqa: ANN401
    """Return what answers for the fonts of the system: squares for every writing but Latin."""
    font = square_font()

    def map_font(_self: object, _weight: int, _italic: int, charset: int, *_: object) -> int:
        return 0 if charset in _LATIN else _FONT

    def data(_self: object, _font: object, table: int, buffer: Any, size: int) -> int:  # noqa: ANN401
        return 0 if table else _given(font, buffer, size)

    def name(_self: object, _font: object, buffer: Any, size: int) -> int:  # noqa: ANN401
        return _given(_NAME, buffer, size)

    said = {
        "Release": lambda *_: None,
        "EnumFonts": lambda *_: None,
        "MapFont": map_font,
        "GetFont": lambda *_: 0,
        "GetFontData": data,
        "GetFaceName": name,
        "GetFontCharset": lambda *_: 1,
        "DeleteFont": lambda *_: None,
    }
    kinds = dict(raw.FPDF_SYSFONTINFO._fields_)
    return raw.FPDF_SYSFONTINFO(version=1, **{key: kinds[key](answer) for key, answer in said.items()})


def _given(held: bytes, buffer: Any, size: int) -> int:  # noqa: ANN401
    """Copy what is held when there is room for it. Return its size."""
    if buffer and size >= len(held):
        ctypes.memmove(buffer, held, len(held))
    return len(held)
