"""Text for a printer that strikes twice: a letter, a step back, the letter again is bold; an underline lies below.

So manual pages are, and what a terminal recorded of somebody who corrected a line. Read as `col -b` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content

NAME: Final = "overstruck"

_FEWEST: Final = 4
_HEAD: Final = 64 * 1024
_BACK: Final = "\v"
"""Stands for a step back where the charset is told: no text has it, and none is binary for it."""
_STRUCK: Final = re.compile(r"[^\v\n]\v")
_STRUCK_OUT: Final = re.compile(r"([^\v\n_])\v(?!\1)")
"""A letter that another one covers: who prints the text sees it no more, who is sent it has it."""
_LEAST: Final = 7
_UNDERLINED: Final = re.compile(r"([^\v\n_])\v_")
_PASSES: Final = 64
"""Steps back in a row that are followed; more say nothing."""


def accepts(content: Content) -> bool:
    head = content.data[:_HEAD]
    return head.count(b"\b") >= _FEWEST and b"\v" not in head and _decoded(head) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = _UNDERLINED.sub(r"\1", _decoded(content.data) or "")
    out = "".join(_STRUCK_OUT.findall(text)).strip()
    for _ in range(_PASSES):
        budget.hurry()
        text, count = _STRUCK.subn("", text)
        if not count:
            break
    made = text.replace(_BACK, "").encode(errors="replace")
    yield content.inside(made, "overstruck text", name=content.name, label=content.label)
    if len(out) >= _LEAST:
        yield content.inside(out.encode(errors="replace"), "what was struck out")


def _decoded(data: bytes) -> str | None:
    decoded = charset.decode(data.replace(b"\b", _BACK.encode()))
    return None if decoded is None else decoded[0]
