"""Office documents that are zip archives of XML: xlsx, xlsm, xlsb, docx, pptx, their templates, OpenDocument, EPUB.

The archive is read as every zip is, so nothing hides between its records. Sheets need their strings and are put
together here; every other member is read by itself, as what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents.workbook import Workbook
from dlp_proxy.unpack.formats import zip as zip_format
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.zip_records import Member, next_record

NAME: Final = "office"

_SIGNS: Final = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.", b"mimetypeapplication/epub+zip")
_RECORDS: Final = 2_000
_USUAL: Final = re.compile(
    r"(?:[A-Za-z_]{1,40}/){0,5}[\[\]A-Za-z_-]{0,40}\d{0,4}(?:\.[A-Za-z]{2,8}){0,2}|Configurations2/[A-Za-z/]{0,60}"
)
_PRINTER: Final = b"\x01\x04"


def accepts(content: Content) -> bool:
    """Look for the member that says what the package is; one in an archive within this one does not count."""
    if content.ordinary:
        return False
    data = content.data
    signs = [sign for sign in _SIGNS if sign in data]
    if not signs or b"PK\x03\x04" not in data:
        return False
    if data.startswith(b"PK\x03\x04") and signs != [_SIGNS[0]]:
        return data.startswith(signs[-1], 30)
    at = 0
    for _ in range(_RECORDS):
        found = next_record(data, at)
        if not isinstance(found, Member):
            return found is not None and found.name == "[Content_Types].xml"
        if found.name == "[Content_Types].xml":
            return True
        at = found.body + (0 if found.streamed else found.packed)
    return False


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    book = Workbook(budget.limits)
    others: list[Content] = []
    reached: Exhausted | None = None
    try:
        for item in zip_format.read(content, budget):
            if isinstance(item, Content) and item.name:
                if not book.take(item):
                    others.append(item)
            elif not isinstance(item, Part) or item.location.area != "filename" or not _USUAL.fullmatch(item.text):
                yield item
    except Exhausted as caught:
        reached = caught
    yield from book.parts(content.location)
    for member in others:
        if _is_of_a_printer(member):
            yield from glance(member)
        else:
            yield member
    if reached:
        raise reached


def _is_of_a_printer(member: Content) -> bool:
    """Tell whether this is what a printer's driver wrote (DEVMODE): most workbooks have one, and nobody reads them."""
    return member.name.endswith(".bin") and member.data[64:66] == _PRINTER and len(member.data) < 65536
