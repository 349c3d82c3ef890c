"""Anything else: a gap, and what strings it holds, so that detectors see them all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.sniff import describe

NAME: Final = "binary"

_HAN: Final = rb"[\xe3-\xe9\xef][\x80-\xbf][\x80-\xbf]"
_RUNS: Final[tuple[tuple[str, re.Pattern[bytes]], ...]] = (
    ("utf-8", re.compile(rb"(?:[\x20-\x7e\t]|" + _HAN + rb"){6,}")),
    ("gb18030", re.compile(rb"(?=[\xb0-\xf7])(?:[\xb0-\xf7][\xa1-\xfe]|[\x20-\x7e\t]){6,}")),
    ("utf-16-le", re.compile(rb"(?:[\x20-\x7e\t]\x00|[\x00-\xff][\x4e-\x9f]){6,}")),
    ("utf-16-be", re.compile(rb"(?:\x00[\x20-\x7e\t]|[\x4e-\x9f][\x00-\xff]){6,}")),
)


def accepts(_content: Content) -> bool:
    return True


def read(content: Content, _budget: Budget) -> Iterator[Part | Gap]:
    yield Gap("unknown-format", content.location, f"nothing here reads {describe(content.data)}")
    yield from strings(content)


def strings(content: Content) -> Iterator[Part]:
    """Yield one part with every run of six or more readable characters, a line each; none when there is no run."""
    lines: list[str] = []
    for charset, runs in _RUNS:
        lines += [run.decode(charset, "replace") for run in runs.findall(content.data)]
    if lines:
        yield Part(content.location / "readable strings", "\n".join(lines))
