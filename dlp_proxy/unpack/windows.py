"""A long text in windows: each is read by itself, so that memory does not grow with the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dlp_proxy.unpack import charset, table
from dlp_proxy.unpack.tape import Tape

WINDOW_BYTES: Final = 8 * 1024 * 1024
_HEADER_AT_MOST: Final = 64 * 1024
_SAMPLE: Final = 64 * 1024
_BLANK_LINE_WITHIN: Final = 64 * 1024
_BREAK_WITHIN: Final = 64 * 1024
OVERLAP: Final = 4096

_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
_RUNS: Final = bytes(0x61 if one in _BASE64 else 0x2E for one in range(256))
_BREAKS: Final = (b"\r", b"\0", b"},", b"),", b"&", b"> ", b">", b";", b" ")
"""Where a line without an end may be cut, the best first."""


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a text.

    Attributes:
        line: number of its first line, from 1.
    """

    data: bytes
    line: int


def windows(tape: Tape, size: int = WINDOW_BYTES) -> Iterator[Window]:
    """Yield a text in windows of at most about `size` bytes, cut at line ends, before a blank line if there is one.

    The header of a table stands at the head of each window. A line longer than a window is cut, and the end of what
    was before stands at the head of the next.
    """
    held = tape.read(size + 1)
    header, line, first = _header(held), 1, True
    while held:
        end, again = _cut(held, size) if len(held) > size else (len(held), 0)
        yield Window((b"" if first else header) + held[:end], line)
        line += held.count(b"\n", 0, end - again)
        held, first = held[end - again :], False
        held += tape.read(size + 1 - len(held))


def _cut(data: bytes, last: int) -> tuple[int, int]:
    """Return where the window ends, and how many bytes of it stand in the next one again."""
    blank = data.rfind(b"\n\n", max(0, last - _BLANK_LINE_WITHIN), last)
    if blank > 0:
        return blank + 2, 0
    line = data.rfind(b"\n", 0, last) + 1
    if line:
        return line, 0
    again = min(OVERLAP, last // 2)
    classes = data[last - again : last].translate(_RUNS)
    if classes.count(b"a") == len(classes):
        # Bytes written as text: four characters are three bytes, and the next window must begin at such a four.
        start = data[:last].translate(_RUNS).rfind(b".") + 1
        return last - (last - start) % 4, again & ~3
    for mark in _BREAKS:
        place = data.rfind(mark, max(0, last - min(_BREAK_WITHIN, last // 2)), last)
        if place > 0:
            return place + len(mark), min(again, (place + len(mark)) // 2)
    return last, again


def _header(head: bytes) -> bytes:
    """Return the first line when it names the columns of a table, else nothing."""
    head = head[:_SAMPLE]
    first = head[: head.find(b"\n") + 1]
    decoded = charset.decode(head[: head.rfind(b"\n") + 1])
    if decoded is None or not first or len(first) > _HEADER_AT_MOST:
        return b""
    mark = table.delimiter(decoded[0], said=False)
    rows = [line.split(mark) for line in decoded[0].splitlines()[: table.LOOK]] if mark else []
    return first if table.has_header(rows) else b""
