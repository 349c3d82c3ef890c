"""Rich Text Format, with the pictures and objects in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents.rtf_text import RtfText

NAME: Final = "rtf"

_MAGIC: Final = b"{\\rt"
_OBJECTS: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-", b"{\\rt", b"\x89PNG", b"\xff\xd8\xff")
_LEAST: Final = 16
_SLACK: Final = 8


def accepts(content: Content) -> bool:
    return content.data[:64].lstrip().startswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Content]:
    document = RtfText(content.data)
    flow = document.read()
    yield from flow.parts(content.location)
    for number, data in enumerate(document.objects, 1):
        if len(data) < _LEAST:
            continue
        budget.spend_member()
        # An object has a header of its writer's in front of the file.
        starts = [at for magic in _OBJECTS if (at := data.find(magic)) >= 0]
        yield content.inside(data[min(starts, default=0) :], f"object {number}")
    rest = content.data[document.end :].lstrip(b"\0 \r\n")
    if len(rest.rstrip(b"\0 \r\n")) >= _SLACK:
        yield content.inside(rest, "after the document")
