"""gzip files (RFC 1952), with every member, and whatever follows the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.gunzip import MAGIC, gunzip
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text

NAME: Final = "gzip"


def accepts(content: Content) -> bool:
    return content.data.startswith(MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    result = gunzip(content.data, budget.meter(len(content.data)))
    if not result.end and not result.exhausted:
        raise Mismatch
    names = [as_text(name) for name in result.names]
    for name in names:
        yield Part(Location("filename", content.location.steps), name)
    for note in result.notes:
        told = list(private.held(content.inside(note, "gzip comment")))
        yield from told or glance(content.inside(note, "gzip comment"))
    name = names[0] if names else content.name.removesuffix(".gz") or "unpacked"
    if result.problem:
        yield Gap("malformed", content.location / step(name), f"the gzip stream: {result.problem}")
    yield content.inside(result.data, step(name), name=name)
    if result.exhausted:
        raise result.exhausted
    if result.end < len(content.data):
        yield content.inside(content.data[result.end :], "after the gzip stream")
