"""Which attributes of a document's markup say something: thousands of them only place and colour the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_DIGITS_AT_LEAST: Final = 7
_DIGIT: Final = re.compile(r"[0-9]")
_DULL: Final = re.compile(
    r"\{?[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\}?"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z?|(?:https?://schemas\.|urn:schemas)\S*|[-\d.]{1,9}(?:pt|px|in|cm|mm|%|em)?"
    r"|(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{8,32}"
)
_SPOKEN: Final = frozenset({
    "descr", "title", "alt", "name", "author", "prompt", "promptTitle", "error", "errorTitle", "tooltip", "display",
    "string", "string-value", "formula", "displayName", "caption", "href", "Target", "location", "comment",
    "userName", "value", "placeholder", "aria-label", "content", "summary", "label",
})  # fmt: skip
_SHORT: Final = 6
# Numbers that place something: points of a path, a list of widths. None of them is as long as anybody's number.
_MEASURES: Final = re.compile(r"(?:[-+ ,.;:()MmLlHhVvCcSsQqTtAaZze\t\n]*+\d{1,8}(?!\d))++[ ,.)Zz]*+")


def notable(attributes: Iterable[tuple[str, str]], *, dull: bool = False) -> Iterator[str]:
    """Yield a line for each attribute whose value may be somebody's data, whatever it is called.

    Args:
        dull: the element only names fonts and styles; words in it say nothing then, digits and addresses still do.
    """
    for name, value in attributes:
        local = name.rpartition(":")[2]
        if name.startswith("xmlns"):
            continue
        if says(value, dull=dull) or (not dull and is_spoken(local, value)):
            yield f"{local}: {value}"


def is_spoken(name: str, value: str) -> bool:
    """Tell whether an attribute of this name is meant to be read by people, and says something."""
    return name in _SPOKEN and len(value) >= _SHORT and not _DULL.fullmatch(value)


def says(value: str, *, dull: bool) -> bool:
    """Tell whether a value may be somebody's: words beyond ASCII, an address, or many digits that place nothing."""
    if not dull and not value.isascii():
        return True
    if len(value) < _SHORT:
        return False
    if "@" not in value and len(_DIGIT.findall(value)) < _DIGITS_AT_LEAST:
        return False
    return not _DULL.fullmatch(value) and not _MEASURES.fullmatch(value)
