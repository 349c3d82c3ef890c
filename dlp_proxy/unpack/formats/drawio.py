"""Diagrams of draw.io: pages that are XML, percent-encoded, deflated without a head, and in Base64."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.inflate import inflate
from dlp_proxy.unpack.naming import step

NAME: Final = "drawio"

_ROOT: Final = b"<mxfile"
_HEAD: Final = 512
_PAGE: Final = re.compile(rb"<diagram\b([^>]{0,1000})>([A-Za-z0-9+/=\s]{16,}+)</diagram>")
_NAMED: Final = re.compile(rb'\bname="([^"]{1,100})"')


def accepts(content: Content) -> bool:
    return _ROOT in content.data[:_HEAD]


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield each packed page, and what is beside them."""
    pages = list(_PAGE.finditer(content.data))
    if not pages:
        raise Mismatch
    meter = budget.meter(len(content.data))
    for number, page in enumerate(pages, 1):
        named = _NAMED.search(page[1])
        where = content.location / step(named[1].decode(errors="replace") if named else f"page {number}")
        try:
            packed = binascii.a2b_base64(page[2])
        except binascii.Error:
            packed = b""
        result = inflate("deflate", packed, 0, meter)
        if result.problem:
            yield Gap("malformed", where, f"the packed page {result.problem}")
        yield Content(unquote_to_bytes(result.data), where, label="application/xml")
        if result.exhausted:
            raise result.exhausted
    yield content.inside(_PAGE.sub(b"", content.data).replace(_ROOT, b"<file"), "beside the pages")
