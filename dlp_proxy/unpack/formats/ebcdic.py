"""EBCDIC: texts of mainframes, told by their bytes (IBM code pages; plain letters and digits are the same in all)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content

NAME: Final = "ebcdic"

_CODE_PAGES: Final = ("cp1140", "cp500", "cp273")
"""In the order of their likelihood: the usual ones with the euro, the international ones, German ones."""
_CODE_PAGE: Final = _CODE_PAGES[0]
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ".encode(_CODE_PAGE)
_ACCENTED: Final = "".join(
    sign for sign in bytes(range(0x40, 256)).decode("cp1140") if sign.isalpha() and not sign.isascii()
).encode(_CODE_PAGE)
_OTHERS: Final = ".,;:-_/()+*@#=\"'&%?$<>|!^~[]{}\\\n\r\t\x85\u20ac".encode(_CODE_PAGE) + b"\xb5"
"""The last is the at sign of the German page."""
_BETWEEN: Final = " ,;|\t\n\x85".encode(_CODE_PAGE)
_USUAL: Final = frozenset("@,.;:-_/()+#\"'& \n\x85\r\t")
_LEAST: Final = 40
_LETTERS_AT_LEAST: Final = 0.75
"""Of all bytes; in Chinese charsets at most two in three are such, since any byte is a second one."""
_OTHERS_AT_MOST: Final = 0.01
"""Of all bytes are neither letters nor signs."""
_ACCENTED_AT_MOST: Final = 0.06
"""Of all bytes; French has four in a hundred."""
_BETWEEN_AT_LEAST: Final = 0.01
"""Of all bytes stand between words or cells: the same letter over and over is the nesting of another format."""

_RECORD: Final = range(20, 4000)
_RECORDS: Final = 8
_LOOK: Final = 100
_TIMES: Final = (2, 3, 5)
_MUCH: Final = 1.4
"""Times as many blank columns that a multiple has where a size is a part of the right one."""
_WORD: Final = 4
_BLANK: Final = 30
"""One column in so many is blank in all records."""


def accepts(content: Content) -> bool:
    data = content.data
    if len(data) < _LEAST or data[:64].isascii():
        return False
    if not data[0]:
        data = _of_records(data)
    if len(data) - len(data.translate(None, _BETWEEN)) < _BETWEEN_AT_LEAST * len(data):
        return False
    rest = data.translate(None, _LETTERS)
    strange = rest.translate(None, _OTHERS)
    if len(strange) > _OTHERS_AT_MOST * len(data):  # where words have accents, letters and signs are most of all
        accents = len(strange) - len(strange := strange.translate(None, _ACCENTED))
        if accents > _ACCENTED_AT_MOST * len(data):
            return False
    return len(rest) <= (1 - _LETTERS_AT_LEAST) * len(data) and len(strange) <= _OTHERS_AT_MOST * len(data)


def read(content: Content, _budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data if content.data[0] else _of_records(content.data)
    text = data.decode(_code_page(data)).replace("\x85", "\n")
    if "\n" not in text and (size := _record(text)):
        text = "\n".join([text[at : at + size] for at in range(0, len(text), size)])
    yield content.inside(text.encode(), "EBCDIC", name=content.name, label=content.label)


def _code_page(data: bytes) -> str:
    """Return the code page in which most of what is no plain letter is a letter or a sign that texts have."""
    others = data.translate(None, _LETTERS)
    return max(_CODE_PAGES, key=lambda name: sum(_is_usual(sign) for sign in others.decode(name)))


def _is_usual(sign: str) -> bool:
    return sign in _USUAL or (sign.isalpha() and not sign.isascii())


def _record(text: str) -> int:
    """Return how long the records are that a text without line ends is of (RECFM=FB), 0 when it is of none.

    Records are padded, so some of their columns are blank in all of them.
    """
    shares: dict[int, float] = {}
    for size in range(_RECORD.start, min(_RECORD.stop, len(text) // _RECORDS)):
        if len(text) % size:
            continue
        records = range(0, min(len(text), _LOOK * size), size)
        blank = sum(all(text[at + column] == " " for at in records) for column in range(size))
        if blank * _BLANK >= size:
            shares[size] = blank / size
    return next((size for size in shares if not any(_is_better(shares, size, times) for times in _TIMES)), 0)


def _is_better(shares: Mapping[int, float], size: int, times: int) -> bool:
    return shares.get(size * times, 0.0) > _MUCH * shares[size]


def _of_records(data: bytes) -> bytes:
    """Return what records hold that each begin with their length (RECFM=VB), lines of them; the data of anything else.

    The length counts its own four bytes; the last two of these are zero.
    """
    lines: list[bytes] = []
    at = 0
    while at + _WORD <= len(data):
        size = int.from_bytes(data[at : at + 2])
        if size < _WORD or data[at + 2 : at + _WORD] != b"\0\0" or at + size > len(data):
            return data
        lines.append(data[at + _WORD : at + size])
        at += size
    return b"\x25".join(lines) if len(lines) > 1 and at == len(data) else data
