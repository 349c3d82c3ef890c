"""Long JSON documents: windows that are each a document of their own, cut between two items of the outermost list.

What encloses the list, with its names, is put around each window, so that values keep their names and objects their
bounds. A document whose items are longer than a window (a file in Base64, say) is read as a text from there on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.long_formats.text import as_bytes, charset_of
from dlp_proxy.unpack.tape import Rewound
from dlp_proxy.unpack.windows import windows

NAME: Final = "json"

_OPENING: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}"]', re.DOTALL)
_CLOSER: Final = {b"{": b"}", b"[": b"]"}
_TAIL: Final = 256 * 1024
_DEEPEST: Final = 8
"""Levels in which the outermost list is looked for."""


def accepts(content: Long) -> bool:
    """Tell whether it begins as one document. A document a line is read by its lines."""
    if not charset_of(content) or not _OPENING.match(content.head):
        return False
    first = content.head.partition(b"\n")[0].strip()
    return not (first.endswith((b"}", b"]")) and _depth(_STRING.sub(b"", first)) == 0)


def read(content: Long, budget: Budget) -> Iterator[Content]:
    tape, size = as_bytes(content), budget.limits.window_bytes
    held = tape.read(size + 1)
    around = _around(held[:size])
    number = 0
    while len(held) > size and around is not None:
        end = _end(held, size, 0 if number else around[2])
        if end < 0:
            break
        before = around[0] if number else b""
        yield _window(content, before + held[:end] + around[1], number)
        number += 1
        held = held[end + 1 :]  # without the comma
        held += tape.read(size + 1 - len(held))
    if len(held) <= size:
        yield _window(content, (around[0] if number and around else b"") + held, number)
        return
    for window in windows(Rewound(held, tape), size):
        yield _window(content, window.data, number)
        number += 1


def _window(content: Long, data: bytes, number: int) -> Content:
    where = content.location / f"window {number + 1}" if number else content.location
    return Content(data, where, content.name, content.label, window=True)


def _around(data: bytes) -> tuple[bytes, bytes, int] | None:
    """Return what encloses the first list of several objects or lists, and what closes it; None when there is none."""
    path: list[bytes] = []
    names: list[bytes] = []
    items = [0] * (_DEEPEST + 1)
    name = b""
    for found in _TOKEN.finditer(data):
        token = found[0]
        if len(token) > 1:
            name = token
        elif token in _CLOSER:
            if len(path) >= 1 and path[-1] == b"{":
                names[-1] = name
            path.append(token)
            names.append(b"")
            if len(path) <= _DEEPEST:
                items[len(path)] = 0
        elif token == b'"':
            return None
        else:
            if not path:
                return None
            path.pop()
            names.pop()
            if 0 < len(path) <= _DEEPEST:
                items[len(path)] += 1
                if items[len(path)] > 1 and data[found.end() : found.end() + 16].lstrip()[:1] == b",":
                    return _opened(path, names), b"".join(_CLOSER[one] for one in reversed(path)), len(path)
    return None


def _opened(path: list[bytes], names: list[bytes]) -> bytes:
    return b"".join(
        one + (name + b":" if one == b"{" and level < len(path) - 1 else b"")
        for level, (one, name) in enumerate(zip(path, names, strict=True))
    )


def _end(data: bytes, size: int, depth: int) -> int:
    """Return the offset of the last comma between two items of a list `depth` levels further in; -1 for none."""
    for tail in (size - _TAIL, 0):
        start, level = _outside(data, max(0, tail))
        last = -1
        for found in _TOKEN.finditer(data, start, size):
            token = found[0]
            if token in _CLOSER:
                level += 1
            elif token in {b"}", b"]"}:
                level -= 1
                if level == depth:
                    after = data[found.end() : found.end() + 16]
                    if after.lstrip()[:1] == b",":
                        last = found.end() + after.index(b",")
            elif token == b'"':
                break
        if last >= 0:
            return last
    return -1


def _outside(data: bytes, near: int) -> tuple[int, int]:
    """Return a place at or before `near` that is in no string, and how deep it is below where `data` begins."""
    end = data.rfind(b'"', 0, near) + 1
    bare = _STRING.sub(b"", data[:end])
    begun = bare.find(b'"')
    if begun >= 0:
        end -= len(bare) - begun
        bare = bare[:begun]
    return end, _depth(bare)


def _depth(bare: bytes) -> int:
    return bare.count(b"{") + bare.count(b"[") - bare.count(b"}") - bare.count(b"]")
