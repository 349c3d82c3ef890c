"""A long body of lines in windows: each is read by itself, so that memory does not grow with the body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from dlp_proxy.unpack import charset, table

WINDOW_BYTES: Final = 8 * 1024 * 1024
_HEADER_AT_MOST: Final = 64 * 1024
_SAMPLE: Final = 64 * 1024
_BLANK_LINE_WITHIN: Final = 64 * 1024
_OVERLAP: Final = 4096


class Bytes(Protocol):
    """What is needed of a body: a `bytes` or an `mmap`."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: slice, /) -> bytes: ...
    def rfind(self, sub: bytes, start: int, end: int, /) -> int: ...


def has_lines(data: Bytes) -> bool:
    """Tell whether a body may be cut at line ends: plain text, and neither a document nor a form.

    The charset must be one in which a line feed is one byte and nothing else is that byte.
    """
    head = data[:_SAMPLE]
    if b"\n" not in head or b"\0" in head or head.lstrip()[:1] in {b"{", b"[", b"<"} or head.startswith(b"--"):
        return False
    head = head[: head.rfind(b"\n") + 1]
    return charset.decode(head) is not None


def windows(data: Bytes, size: int = WINDOW_BYTES) -> Iterator[bytes]:
    """Yield the body in windows of at most about `size` bytes, cut at line ends, before a blank line if there is one.

    The header of a table stands at the head of each window. A line longer than a window is cut, and the end of what
    was before stands at the head of the next.
    """
    header = _header(data)
    start = 0
    while start < len(data):
        end, again = _cut(data, start, size)
        yield (header if start else b"") + data[start:end]
        start = end - again


def _cut(data: Bytes, start: int, size: int) -> tuple[int, int]:
    """Return where the window ends, and how many bytes of it stand in the next one again."""
    if len(data) - start <= size:
        return len(data), 0
    last = start + size
    blank = data.rfind(b"\n\n", max(start, last - _BLANK_LINE_WITHIN), last)
    if blank > start:
        return blank + 2, 0
    line = data.rfind(b"\n", start, last) + 1
    return (line, 0) if line > start else (last, min(_OVERLAP, size // 2))


def _header(data: Bytes) -> bytes:
    """Return the first line when it names the columns of a table, else nothing."""
    head = data[:_SAMPLE]
    first = head[: head.find(b"\n") + 1]
    decoded = charset.decode(head[: head.rfind(b"\n") + 1])
    if decoded is None or len(first) > _HEADER_AT_MOST:
        return b""
    mark = table.delimiter(decoded[0], said=False)
    rows = [line.split(mark) for line in decoded[0].splitlines()[: table.LOOK]] if mark else []
    return first if table.has_header(rows) else b""
