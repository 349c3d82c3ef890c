"""EBCDIC: texts of mainframes, told by their bytes (IBM code page 37; its letters and digits are those of all)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content

NAME: Final = "ebcdic"

_CODE_PAGE: Final = "cp037"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ".encode(_CODE_PAGE)
_OTHERS: Final = ".,;:-_/()+*@#=\"'&%?$<>|!^~[]{}\\\n\r\t\x85".encode(_CODE_PAGE)
_BETWEEN: Final = " ,;|\t\n\x85".encode(_CODE_PAGE)
_LEAST: Final = 40
_LETTERS_AT_LEAST: Final = 0.75
"""Of all bytes; in Chinese charsets at most two in three are such, since any byte is a second one."""
_OTHERS_AT_MOST: Final = 0.01
"""Of all bytes are neither letters nor signs."""
_BETWEEN_AT_LEAST: Final = 0.01
"""Of all bytes stand between words or cells: the same letter over and over is the nesting of another format."""

_RECORD: Final = range(20, 4000)
_RECORDS: Final = 8
_LOOK: Final = 100
_BLANK: Final = 30
"""One column in so many is blank in all records."""


def accepts(content: Content) -> bool:
    data = content.data
    if len(data) < _LEAST or data[:64].isascii():
        return False
    if len(data) - len(data.translate(None, _BETWEEN)) < _BETWEEN_AT_LEAST * len(data):
        return False
    rest = data.translate(None, _LETTERS)
    strange = rest.translate(None, _OTHERS)
    return len(rest) <= (1 - _LETTERS_AT_LEAST) * len(data) and len(strange) <= _OTHERS_AT_MOST * len(data)


def read(content: Content, _budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.data.decode(_CODE_PAGE).replace("\x85", "\n")
    if "\n" not in text and (size := _record(text)):
        text = "\n".join([text[at : at + size] for at in range(0, len(text), size)])
    yield content.inside(text.encode(), "EBCDIC", name=content.name, label=content.label)


def _record(text: str) -> int:
    """Return how long the records are that a text without line ends is of (RECFM=FB), 0 when it is of none.

    Records are padded, so some of their columns are blank in all of them.
    """
    for size in range(_RECORD.start, min(_RECORD.stop, len(text) // _RECORDS)):
        if len(text) % size:
            continue
        records = range(0, min(len(text), _LOOK * size), size)
        blank = sum(all(text[at + column] == " " for at in records) for column in range(size))
        if blank * _BLANK >= size:
            return size
    return 0
