"""Plain text, and whatever has no reader of its own but can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import within_text
from dlp_proxy.unpack.content import Content

NAME: Final = "text"


def accepts(content: Content) -> bool:
    return content.text is not None


def read(content: Content, _budget: Budget) -> Iterator[Part | Content]:
    """Yield one part without units, and a file that begins within it."""
    if content.text:
        yield Part(content.location, content.text)
        yield from within_text(content)
