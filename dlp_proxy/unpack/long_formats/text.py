"""Long texts: lines, tables, logs, JSON lines, markup, and lines without an end; in windows over the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.tape import AsUtf8, Tape
from dlp_proxy.unpack.windows import windows

NAME: Final = "text"

_WIDE: Final = ("utf-16", "utf-32")


def accepts(content: Long) -> bool:
    return charset_of(content) != ""


def read(content: Long, budget: Budget) -> Iterator[Content]:
    for window in windows(as_bytes(content), budget.limits.window_bytes):
        where = content.location if window.line == 1 else content.location / f"from line {window.line}"
        yield Content(window.data, where, content.name, content.label, window=True)


def charset_of(content: Long) -> str:
    """Return the name of the charset that the beginning is written in, the empty text when it is no text."""
    head = content.head
    cut = max(head.rfind(b"\n"), head.rfind(b" ")) + 1
    decoded = charset.decode(head[:cut] if cut * 2 > len(head) and b"\0" not in head else head[: len(head) & ~3])
    return decoded[1] if decoded else ""


def as_bytes(content: Long) -> Tape:
    """Return the text as a tape in a charset in which a line feed is one byte, and nothing else is that byte."""
    name = charset_of(content)
    return AsUtf8(content.tape, name) if name.startswith(_WIDE) else content.tape
