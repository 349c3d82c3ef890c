"""Anything else: a gap, and what strings it holds, so that detectors see them all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset, chinese_texts, packed
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import beginning
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.sniff import describe
from dlp_proxy.unpack.strings import readable_lines

NAME: Final = "binary"

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_TOUCHING: Final = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}){20,}+(?![0-9])")
"""Twenty in a row are no chance: of other digits one run in ten to the twenty-second is so."""


def accepts(_content: Content) -> bool:
    return True


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield a gap, the strings, what is packed in it, and what may begin further on: an archive behind junk."""
    place = beginning(content.data)
    before = content.data[:place] if place else content.data
    found = list(readable(content if not place else replace(content, data=before)))
    told = sum(len(one.text if isinstance(one, Part) else one.data) for one in found)
    yield Gap(
        "unknown-format",
        content.location,
        f"nothing here reads {describe(content.data)}",
        max(0, len(before) - told),
    )
    yield from found
    unpacked, reached = packed.streams(content.data, budget.meter(len(content.data)))
    texts: list[bytes] = []
    others: list[bytes] = []
    for one in unpacked:
        (others if charset.decode(one) is None else texts).append(one)
    for some, what in ((texts, "compressed texts in it"), (others, "compressed data in it")):
        if some:
            yield content.inside(b"\n".join(some), what)
    if reached:
        raise reached
    if place:
        yield content.inside(content.data[place:], f"from byte {place}")


def readable(content: Content) -> Iterator[Part | Content]:
    """Yield what of binary data is a text: whole ones, values that stand beside Chinese, and every other run."""
    chinese = chinese_texts.texts(content.data)
    if chinese is None:
        yield from strings(content)
        return
    if chinese.values:
        yield Part(content.location / "values in it", chinese.values)
    yield from strings(replace(content, data=chinese.rest))
    for number, text in enumerate(chinese.files, 1):
        yield content.inside(text, f"text {number} in it")


def glance(content: Content) -> Iterator[Part]:
    """Yield the text of a content, or its strings, without looking further and without a gap."""
    if content.text is None:
        yield from strings(content)
    elif content.text:
        yield Part(content.location, content.text)


def strings(content: Content) -> Iterator[Part]:
    """Yield one part with every readable run, a line each; none when there is no run."""
    if lines := list(readable_lines(content.data)):
        yield Part(content.location / "readable strings", _set_apart("\n".join(lines)))


def _set_apart(text: str) -> str:
    """Return a text in which mobile numbers that touch one another, as columns of databases keep them, do not."""
    return _TOUCHING.sub(lambda run: "\n".join(_MOBILE.findall(run[0])), text)
