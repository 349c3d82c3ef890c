"""XML (W3C XML 1.0), SVG among it: elements as objects with fields, in any nesting. Nothing is fetched for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.documents.workbook import stopped
from dlp_proxy.unpack.documents.xml_events import root
from dlp_proxy.unpack.documents.xml_tree import XmlTree

NAME: Final = "xml"

_HEAD: Final = 64


def accepts(content: Content) -> bool:
    return b"<" in content.data[:_HEAD] and root(content.data) != ""


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    content.forget()
    document = XmlTree(content.data, budget.limits.values)
    document.read()
    stop = document.events.stop
    meant = content.says("xml") or content.data.lstrip()[:5] == b"<?xml"
    if stop and stop.reason == "malformed" and not meant:
        raise Mismatch
    if document.too_many:
        yield Gap("too-large", content.location, "XML with more values than are laid out; read as plain text")
        raise Mismatch
    if document.too_deep:
        yield _too_deep(content)
        raise Mismatch
    try:
        rendering = tree.Rendering(content.location, budget.limits)
        if document.top:
            name, value = document.top
            document.top = None  # what is laid out is not kept beside it
            rendering.add(value if isinstance(value, tuple) else ((name, value),), name)
            del value
    except (RecursionError, tree.TooDeep):
        yield _too_deep(content)
        raise Mismatch from None
    if stop:
        yield from stopped(stop, document.events.data, content.location, "the document")
    yield from rendering.finish()
    if document.beside:
        yield Content("\n".join(document.beside).encode(errors="replace"), content.location / "comments")


def _too_deep(content: Content) -> Gap:
    return Gap("too-deep", content.location, "XML nested deeper than is followed; read as plain text")
