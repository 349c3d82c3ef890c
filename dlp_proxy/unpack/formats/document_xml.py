"""Parts of office documents, each by itself: WordprocessingML, PresentationML, DrawingML, OpenDocument (flat, too)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents.paragraphs_xml import Paragraphs
from dlp_proxy.unpack.documents.workbook import Workbook, stopped
from dlp_proxy.unpack.documents.xml_events import root

NAME: Final = "document_xml"

_SIGNS: Final = (
    b"schemas.openxmlformats.org",
    b"purl.oclc.org/ooxml",
    b"schemas.microsoft.com/office",
    b"urn:oasis:names:tc:opendocument",
    b"openoffice.org/2001/manifest",
)
_HEAD: Final = 4096
_LOCKED: Final = (b"encryption-data", b"<EncryptedData")


def accepts(content: Content) -> bool:
    head = content.data[:_HEAD]
    return b"<" in head[:64] and any(sign in head for sign in _SIGNS) and root(head) != ""


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    book = Workbook(budget.limits)
    if root(content.data) != "workbook" and book.take(content):
        yield from book.parts(content.location)
        return
    if root(content.data) == "manifest" and any(sign in content.data for sign in _LOCKED):
        yield Gap("encrypted", content.location, "the document is locked with a password")
    paragraphs = Paragraphs(content.data)
    flow = paragraphs.read()
    yield from flow.parts(content.location)
    if stop := paragraphs.events.stop:
        yield from stopped(stop, paragraphs.events.data, content.location, "the document")
