"""TIFF pictures (TIFF 6.0): texts of their tags, and every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import exif
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.picture import look, others

NAME: Final = "tiff"


def accepts(content: Content) -> bool:
    return exif.is_tiff(content.data)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield tags, what is seen, and strings of the whole: a TIFF has no end that something could follow."""
    yield from exif.read(content)
    yield from look(content, budget)
    yield from others(content, exif.stretches(content.data))
