"""Anything else: a gap, and what strings it holds, so that detectors see them all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.sniff import describe
from dlp_proxy.unpack.strings import readable

NAME: Final = "binary"


def accepts(_content: Content) -> bool:
    return True


def read(content: Content, _budget: Budget) -> Iterator[Part | Gap]:
    yield Gap("unknown-format", content.location, f"nothing here reads {describe(content.data)}")
    yield from strings(content)


def glance(content: Content) -> Iterator[Part]:
    """Yield the text of a content, or its strings, without looking further and without a gap."""
    if content.text is None:
        yield from strings(content)
    elif content.text:
        yield Part(content.location, content.text)


def strings(content: Content) -> Iterator[Part]:
    """Yield one part with every readable run, a line each; none when there is no run."""
    if lines := list(readable(content.data)):
        yield Part(content.location / "readable strings", "\n".join(lines))
