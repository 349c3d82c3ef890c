"""Captions and keywords in Photoshop's resources (IPTC IIM 4.2; Adobe's *Photoshop File Formats*)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.picture import said

RESOURCES: Final = b"Photoshop 3.0\0"

_DATASET: Final = re.compile(rb"\x1c[\x01-\x09](.)([\x00-\x7f].)", re.DOTALL)
_NAMES: Final = {5: "title", 25: "keyword", 80: "author", 90: "city", 101: "country", 105: "headline", 120: "caption"}


def read(content: Content) -> Iterator[Part | Content]:
    """Yield the texts of all datasets, found by their marks: lengths of what is around them are nobody's promise."""
    data, at = content.data, 0
    texts: list[tuple[str, bytes]] = []
    while found := _DATASET.search(data, at):
        at = found.end() + int.from_bytes(found[2])
        number = found[1][0]
        texts.append((_NAMES.get(number, f"dataset {number}"), data[found.end() : at]))
    yield from said(content, texts, "dataset")
