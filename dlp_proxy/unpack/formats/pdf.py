"""PDF (ISO 32000): pages as lines of text, notes, fields, outline, metadata, attachments, and what no page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.carve import beginning
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents import pdf_objects
from dlp_proxy.unpack.documents.pdf_pages import Broken, Locked, Page, Pages
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.naming import step, whole

NAME: Final = "pdf"

_MAGIC: Final = b"%PDF-"
_WITHIN: Final = 1024
_END: Final = b"%%EOF"
_SLACK: Final = 8
_ARCHIVE: Final = b"PK\x03\x04"
_OBJECT: Final = re.compile(rb"(?<![0-9])[0-9]{1,10}\s{1,4}[0-9]{1,5}\s{1,4}obj\b")
_OWN: Final = re.compile(
    rb"%PDF-[0-9.]+|%%EOF|%[\x80-\xff]{1,8}|startxref\s+[0-9]+|xref\s+(?:[0-9]+ [0-9]+(?: [nf])?\s+)*"
    rb"|trailer\s*<<.{0,4000}?>>(?=\s*(?:startxref|xref|\Z))|\s+",
    re.DOTALL,
)
"""What a document has between its objects."""
_TEXT: Final = 64
_CLOSE: Final = b"endobj"
_REVISION: Final = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
_REVISIONS: Final = 2
"""The last of the earlier ones: a contract that is signed page by page has dozens."""
_SCANNED: Final = 50
_SHORT: Final = 6
_SAID: Final = 64 * 1024
"""Characters of notes and properties in which each text in the objects is looked for."""


def accepts(content: Content) -> bool:
    return _MAGIC in content.data[:_WITHIN]


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    start, end = data.find(_MAGIC), data.rfind(_END)
    end = len(data) if end < 0 else end + len(_END)
    meter = budget.meter(len(data))
    for slack, where in ((data[:start], "before the document"), (data[end:], "after the document")):
        if len(slack.strip(b"\0 \r\n\t")) >= _SLACK:
            yield content.inside(slack, where)
    yield from _foreign(content, start, end)
    rest: list[bytes] = []
    # Before the library unpacks any.
    inner = [stream.data for stream in pdf_objects.streams(data, meter, keep=False, rest=rest)]
    budget.decoder()
    try:
        pages = Pages(data)
    except Locked:
        yield Gap("encrypted", content.location, "the document is locked with a password")
        yield from strings(content)
        return
    except Broken:
        yield Gap("malformed", content.location, "a broken PDF; what its streams hold is read")
        yield from _broken(content, meter)
        return
    try:
        yield from _document(content, pages, budget, meter, inner)
        yield from _earlier(content, meter)
        yield from _orphans(content, inner, meter)
        unpacked = content.inside(b"\n".join(rest), "streams that are not packed as they say")
        yield from list(private.held(unpacked)) or strings(unpacked)
    finally:
        pages.close()


def _foreign(content: Content, start: int, end: int) -> Iterator[Content]:
    """Yield what stands between the objects and is none: to another reader the file may be an archive."""
    data, at = content.data, start
    while at < end:
        found = _OBJECT.search(data, at, end)
        between = data[at : found.start() if found else end]
        if len(between) > _SLACK:
            yield from _between(content.inside(between, f"between the objects, from byte {at}"))
        close = data.find(_CLOSE, found.end(), end) if found else -1
        if close < 0:
            break
        at = close + len(_CLOSE)


def _between(content: Content) -> Iterator[Content]:
    between = content.data
    place = between.find(_ARCHIVE) if _ARCHIVE in between else beginning(between)
    if place > 0 and not between.startswith(_MAGIC, place):
        yield replace(content, data=between[place:])
        return
    at = 0
    while (own := _OWN.match(between, at)) is not None and own.end() > at:
        at = own.end()
    if len(rest := between[at:].lstrip(b"% \r\n")) >= _TEXT:
        yield from private.held(replace(content, data=rest))


def _orphans(content: Content, inner: list[bytes], meter: Meter) -> Iterator[Content]:
    """Yield the streams to which nothing refers, where they can be read."""
    if b"/Encrypt" not in content.data:
        for data in pdf_objects.orphans(content.data, inner, meter):
            yield from private.held(content.inside(data, "stream that nothing refers to"))


def _earlier(content: Content, meter: Meter) -> Iterator[Part]:
    """Yield the pages as they were before the document was changed: what was taken out of it is still in the file.

    Whoever changes a document appends what is new (ISO 32000-1, section 7.5.6).
    """
    ends = [found.end() for found in _REVISION.finditer(content.data)]
    if len(ends) < 2 or b"/Linearized" in content.data[:_WITHIN]:
        return
    for number, end in enumerate(ends[:-1][-_REVISIONS:], 1):
        try:
            pages = Pages(content.data[:end])
        except (Locked, Broken):
            continue
        try:
            for place in range(min(pages.count, meter.budget.limits.parts)):
                meter.budget.hurry()
                try:
                    page = pages.page(place)
                except pages.error:
                    continue
                try:
                    yield from _texts(
                        page, content.location / f"earlier revision {number}" / f"page {place + 1}", meter
                    )
                finally:
                    page.close()
        finally:
            pages.close()


def _document(
    content: Content, pages: Pages, budget: Budget, meter: Meter, inner: list[bytes]
) -> Iterator[Part | Gap | Content]:
    facts = pages.facts()
    has_photographs = b"/DCTDecode" in content.data
    for name, data in pages.attachments():
        yield from _attachment(content, name, data)
    broken = scanned = 0
    for number in range(pages.count):
        if number >= budget.limits.parts:
            raise Exhausted("too-large", "more pages than are read", whole=False)
        try:
            page = pages.page(number)
        except pages.error:
            broken += 1
            continue
        try:
            notes, files = page.notes()
            facts += notes
            for name, data in files:
                yield from _attachment(content, name, data)
            where = content.location / f"page {number + 1}"
            yield from _texts(page, where, meter)
            photographs = 0
            for picture in page.pictures() if has_photographs else ():
                photographs += 1
                yield Content(picture, where / f"picture {photographs}", "picture.jpg")
            if not photographs and page.is_scanned():
                scanned += 1
                if scanned <= _SCANNED and (picture := page.picture(lambda size: size <= meter.room)):
                    yield Content(picture, where / "picture", "page.png")
        finally:
            page.close()
    if broken:
        yield Gap("malformed", content.location, f"{broken} pages that cannot be read")
    if scanned > _SCANNED:
        yield Gap("unknown-format", content.location, f"{scanned - _SCANNED} pages of pictures, not looked at")
    yield from _beside(content, facts, inner, meter, encrypted=b"/Encrypt" in content.data)


def _texts(page: Page, where: Location, meter: Meter) -> Iterator[Part]:
    for text, place in (
        (page.text, where),
        (page.lines, where / "line by line"),
        (page.cells, where / "cells of tables"),
    ):
        if text.strip():
            room = meter.room
            meter.charge(min(len(text), room))
            yield Part(place, whole(text))
            if len(text) > room:
                raise meter.overrun()


def _attachment(content: Content, name: str, data: bytes) -> Iterator[Part | Gap | Content]:
    where = content.location / step(name or "attachment")
    if name:
        yield Part(Location("filename", content.location.steps), name)
    if data:
        yield Content(data, where, name)
    else:
        yield Gap("malformed", where, "a file in the document that cannot be read")


def _beside(
    content: Content, facts: list[str], inner: list[bytes], meter: Meter, *, encrypted: bool
) -> Iterator[Part | Content]:
    """Yield notes, fields and metadata, then texts in objects that no page and no note refers to."""
    said = "\n".join(facts)
    if said.strip():
        yield Part(content.location / "notes and properties", whole(said))
    if encrypted:
        return
    known = said if len(said) <= _SAID else frozenset(facts)
    objects = [data for data in inner if not data.lstrip().startswith(b"<")]
    objects.append(pdf_objects.outside_streams(content.data))
    others = [
        text for some in objects for text in pdf_objects.strings(some) if len(text) >= _SHORT and text not in known
    ]
    if others:
        yield Part(content.location / "texts in objects", whole("\n".join(dict.fromkeys(others))))
    for data in inner:
        if data.lstrip().startswith(b"<"):
            yield content.inside(data, "metadata")
    for data in pdf_objects.named(content.data, inner, meter):
        yield content.inside(data, "script or form")


def _broken(content: Content, meter: Meter) -> Iterator[Part | Content]:
    streams = [one for one in pdf_objects.streams(content.data, meter, keep=True) if not pdf_objects.is_font(one)]
    glyphs = pdf_objects.Glyphs()
    for stream in streams:
        if b"beginbf" in stream.data:
            glyphs.learn(stream.data)
    lines = [text for stream in streams if (text := pdf_objects.shown(stream.data, glyphs)).strip()]
    if lines:
        yield Part(content.location / "texts of pages", whole("\n".join(lines)))
    for stream in streams:
        if b"/EmbeddedFile" in stream.head:
            yield content.inside(stream.data, "attachment")
    yield from _beside(content, [], [one.data for one in streams if b"ObjStm" in one.head], meter, encrypted=False)
