"""Long encoded stretches of a part as contents of their own: a table in Base64 has its rows, an archive its files."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from dlp_proxy.encodings import base64
from dlp_proxy.encodings.registry import ENCODINGS
from dlp_proxy.encodings.run import Run
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content

_LEAST: Final = 200
"""Decoded bytes. Shorter stretches are values, not tables: detectors read them where they stand."""

_SHORTEST: Final = 267
"""Characters of the shortest stretch: Base64 is the densest encoding."""

_STEP: Final = 200
# Each of them has such a window at a multiple of `_STEP`; prose, JSON and programs seldom do.
_SIGNS: Final = re.compile(r"[A-Za-z0-9+/_\r\n=-]{40}|[0-9A-Fa-fxX\\ ,:;|\t\r\n]{24}")
_DUMP: Final = re.compile(r"000[0-9A-Fa-f]{1,5}0:? {1,2}(?:[0-9A-Fa-f]{2,4} ){4}")


def opened(part: Part, budget: Budget) -> tuple[Part, list[Content]]:
    """Return the part with its long encoded stretches marked, and what they hold.

    Raises:
        Exhausted: they hold more than may be unpacked.
    """
    text = part.text
    if len(text) < _SHORTEST or not _may(text):
        return part, []
    found: list[tuple[Run, str]] = []
    for encoding in ENCODINGS:
        for run in encoding.runs(text, 0, len(text)):
            if len(run.data) >= _LEAST:
                _take(found, run, encoding.NAME)
    for run in base64.opened(text):
        _take(found, run, base64.NAME)
    if not found:
        return part, []
    found.sort(key=lambda one: one[0].start)
    for run, _ in found:
        meter = budget.meter(run.end - run.start)
        room = meter.room
        meter.charge(min(len(run.data), room))
        if len(run.data) > room:
            raise meter.overrun()
    contents = [Content(run.data, part.location / name) for run, name in found]
    return replace(part, opened=tuple((run.start, run.end) for run, _ in found)), contents


def _take(found: list[tuple[Run, str]], run: Run, name: str) -> None:
    if not any(run.start < other.end and other.start < run.end for other, _ in found):
        found.append((run, name))


def _may(text: str) -> bool:
    """Tell by a look at a few windows whether there may be a long stretch."""
    look = _SIGNS.match
    return any(look(text, start) for start in range(0, len(text), _STEP)) or _DUMP.search(text) is not None
