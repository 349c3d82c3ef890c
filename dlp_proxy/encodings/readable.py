"""Whether bytes are text that somebody wrote: in UTF-8, GB 18030 or UTF-16, with next to no control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 10
"""Bytes of readable text between unreadable ones that are worth a look; fewer are chance."""

_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 11, 12, 13}) + b"\x7f"
# C0, C1, surrogates, private use, specials: nobody writes them. Only the first plane, so that the search is quick.
_STRANGE: Final = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufff0-\ufffe]")
# Up to three bytes in UTF-8, without the block that has the surrogates: those stand for what is no UTF-8.
_STRETCH: Final = re.compile(rf"[\t\n\r -~\x80-\ucfff\ue000-\uffff]{{{SHORTEST},}}")
# The first level of GB 2312: the 3,755 characters in daily use. By chance one pair of bytes in six lies there.
_DAILY: Final = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_HAN: Final = re.compile("[\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]")

_CHINESE: Final = re.compile("[\t\n\r -~\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]{8,}")


def decode(data: bytes) -> tuple[str, str] | None:
    """Return the text and its charset, or None for what is no text. The text gives `data` again when encoded."""
    if data.isascii():
        if b"\0" in data[:64]:
            return _wide(data)
        return (data.decode(), "ascii") if len(data.translate(None, _CONTROLS)) == len(data) else None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _wide(data) if b"\0" in data[:64] else _chinese(data)
    return (text, "utf-8") if _STRANGE.search(text) is None else None


def begins(data: bytes) -> bool:
    """Tell whether bytes are the beginning of a text; its last character may be cut."""
    return any(decode(data[: len(data) - cut]) is not None for cut in range(4))


def stretches(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where readable text in UTF-8 stands among other bytes."""
    # Decoded first: with a set of characters that takes half of what patterns of their bytes take.
    text = data.decode("utf-8", "surrogateescape")
    at = place = 0
    for found in _STRETCH.finditer(text):
        start = place + _size(text[at : found.start()])
        at, place = found.end(), start + _size(found.group())
        yield start, place


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _wide(data: bytes) -> tuple[str, str] | None:
    if len(data) % 2:
        return None
    high = data[1::2].count(0) >= data[::2].count(0)
    name = "utf-16-le" if high else "utf-16-be"
    is_plain = max(data[1::2].count(0), data[::2].count(0)) * 4 >= len(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    # Of Chinese only the figures and the line ends have a byte of zeros: then it is nothing but Chinese beside ASCII.
    if not is_plain and _CHINESE.fullmatch(text) is None:
        return None
    return (text, name) if _STRANGE.search(text) is None else None


def _chinese(data: bytes) -> tuple[str, str] | None:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    beyond = [character for character in text if character > "\x7f"]
    han = len(_HAN.findall(text))
    daily = len(_DAILY.findall(data))
    printable = _STRANGE.search(text) is None
    good = printable and han >= 2 and han * 20 >= len(beyond) * 19 and daily * 10 >= han * 7
    return (text, "gb18030") if good else None
