"""Anything else that is long: a gap, and the strings in it, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.registry import FORMATS
from dlp_proxy.unpack.sniff import describe
from dlp_proxy.unpack.windows import OVERLAP

NAME: Final = "binary"

_PLAIN: Final = frozenset({"text", "binary"})
_DOCUMENTS: Final = frozenset({
    "mail", "pdf", "office", "compressed", "archive", "container", "git", "sqlite", "parquet", "arrow", "orc", "avro",
    "plist", "zip", "document-xml", "dbf",
})  # fmt: skip
"""Formats whose texts strings do not show: packed, or laid out. Films, pictures and programs are none."""


def accepts(_content: Long) -> bool:
    return True


def reader_of(content: Long) -> str:
    """Return the name of the format that would read it, by its beginning, if it were short; empty for none."""
    about = content.about()
    return next((form.NAME for form in FORMATS if form.NAME not in _PLAIN and form.accepts(about)), "")


def read(content: Long, budget: Budget) -> Iterator[Part | Gap]:
    what = describe(content.head)
    if reader_of(content) in _DOCUMENTS:
        yield Gap("too-large", content.location, f"{what} so long is not read whole; its readable strings were")
    else:
        yield Gap("unknown-format", content.location, f"nothing here reads {what} so long but for its strings")
    tape, size = content.tape, budget.limits.window_bytes
    held, more = b"", tape.read(size)
    while more:
        budget.next_window()
        held += more
        yield from strings(content.about(held))
        held = held[-OVERLAP:]
        more = tape.read(size)
