"""Plain text, and whatever has no reader of its own but can be read."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack import percent
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import within_text
from dlp_proxy.unpack.content import Content

NAME: Final = "text"

_TWICE: Final = 12
"""Characters for each percent sign that is itself encoded: a third of a text, encoded twice, are such."""
_REFERENCE: Final = 40
"""The same for each reference that is, perhaps several times."""


_LAYERS: Final = 8


def accepts(content: Content) -> bool:
    return content.text is not None


def read(content: Content, _budget: Budget) -> Iterator[Part | Content]:
    """Yield one part without units, and a file that begins within it."""
    text = content.text or ""
    if text.count("%25") * _TWICE >= len(text) > 0:
        yield content.inside(percent.decode(percent.decode(text)).encode(errors="replace"), "percent-encoded twice")
    elif text.count("amp;#") * _REFERENCE >= len(text) > 0:
        yield content.inside(_plain(text).encode(errors="replace"), "character references, twice over")
    elif text:
        yield Part(content.location, text)
        yield from within_text(content)


def _plain(text: str) -> str:
    """Return a text without its character references, however many times over they were made."""
    for _ in range(_LAYERS):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return text
