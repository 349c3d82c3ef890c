"""Text that others wrote, on a terminal or a page: nothing in it moves the cursor, hides, or turns the rest round."""

from __future__ import annotations

import unicodedata
from typing import Final

_HARMLESS: Final = {"\n", "\t"}


def harmless(text: str, *, lines: bool = False) -> str:
    r"""Return a text with every control and format character written out as ``\x1b`` or ``\u202e``.

    Args:
        lines: line feeds and tabs stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if lines and one in _HARMLESS else _written(one) for one in text)


def _written(one: str) -> str:
    category = unicodedata.category(one)
    if category[0] != "C" and category not in {"Zl", "Zp"}:
        return one
    code = ord(one)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
