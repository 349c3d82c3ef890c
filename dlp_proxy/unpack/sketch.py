"""The text of a laid out JSON document without its layout, made by a few passes in C.

Laying a document out value by value costs more than everything else done to one in which nothing is found. Which values
stand where is asked only where something was found (`tree.Rendering`); until then its text is enough, and that is the
document without quotes, brackets and commas.
"""

from __future__ import annotations

import re
from itertools import compress
from typing import Final, NamedTuple

from dlp_proxy.unpack import tree
from dlp_proxy.unpack.values import LONG, SHORT, is_long

_DOCUMENT_INSIDE: Final = re.compile(r'"\s*[{\[]')
_SPACES: Final = {ord(space): None for space in " \t\r\n"}
_LIST_IN_LIST: Final = ("[[", ",[")
_DEEP: Final = 50
"""Deeper documents are laid out: far below the depth that is refused."""
_NAMES: Final = 250_000
"""Different names of one document: it is an index, and laying it out takes half a gigabyte."""
_BRACKETS_ONLY: Final = {code: None for code in range(128) if chr(code) not in "[]{}"}
_AS_ENDS: Final = {ord("{"): None, ord("["): None, ord("}"): ",", ord("]"): ","}
_WINDOW: Final = LONG // 2
"""Of two windows side by side, a string longer than both together fills one wherever it begins."""
_NAME: Final = "\1"
_IS_NAME: Final = {ord('"'): "\0"} | {code: None for code in range(2, 128) if chr(code) != '"'}


class Sketch(NamedTuple):
    """The text, and the names of its fields and of the objects and lists in it."""

    text: str
    names: frozenset[str]


def sketch(document: str) -> Sketch | None:
    """Return what laying out one JSON document would write; None where it takes more than passing over it.

    Args:
        document: one valid document (RFC 8259; line ends in strings may stand as they are).

    Raises:
        tree.TooMany: it has more names than anything with fields has.
    """
    if "\\" in document or not document.lstrip().startswith(("{", "[")):
        return None
    pieces = document.split('"')  # without a backslash, each mark begins or ends a string
    strings = pieces[1::2]
    if '\n"' in document and any(one.endswith("\n") for one in strings):
        return None  # lines of a text
    if _may_be_long(document, strings) and any(map(is_long, strings)):
        return None
    # Every string is one mark in it now, and there is nothing else but numbers, literals and signs.
    signs = '"'.join(pieces[0::2]).translate(_SPACES)
    if any(one in signs for one in _LIST_IN_LIST) or _is_deep(signs):
        return None
    if _openings(document) > _openings(signs) and _DOCUMENT_INSIDE.search(document):
        return None
    is_name = signs.replace('":', _NAME).translate(_IS_NAME).encode()
    names = frozenset(("", *compress(strings, is_name)))  # items of a list have no name
    if len(names) > _NAMES:
        raise tree.TooMany
    lines = signs.replace('":', '": ').replace(": {", ":\n").replace(": [", ":\n").translate(_AS_ENDS)
    while ",," in lines:
        lines = lines.replace(",,", ",")
    between = lines.replace("\n,", "\n").lstrip(",").replace(",", "\n").split('"')
    written = [""] * (len(between) + len(strings))
    written[0::2], written[1::2] = between, strings
    return Sketch("".join(written), names)


def _may_be_long(document: str, strings: list[str]) -> bool:
    """Tell whether a string may be long. Where none has lines it is one of more than `LONG`: that fills a window."""
    if "\n" in document:
        return max(map(len, strings), default=0) > SHORT
    return any('"' not in document[at : at + _WINDOW] for at in range(0, len(document) - _WINDOW, _WINDOW))


def _is_deep(signs: str) -> bool:
    """Tell whether brackets are nested deeper than `_DEEP`."""
    brackets = signs.translate(_BRACKETS_ONLY)
    for _ in range(_DEEP):
        if not brackets:
            return False
        brackets = brackets.replace("[]", "").replace("{}", "")
    return bool(brackets)


def _openings(text: str) -> int:
    return text.count("{") + text.count("[")
