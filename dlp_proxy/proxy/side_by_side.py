"""Small documents of a conversation side by side: what is typed into a page comes a letter a message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

_LONGEST: Final = 24
"""Characters of a string that may be a piece of something."""
_DEPTH: Final = 8


def is_document(body: bytes) -> bool:
    """Tell whether a message is JSON in UTF-8: an object or an array."""
    if body[:1] not in {b"{", b"["}:
        return False
    try:
        json.loads(body.decode())
    except (ValueError, RecursionError):
        return False
    return True


def on_a_line(body: bytes) -> bytes:
    """Return a document on one line: what ends lines stands between its values only (RFC 8259, 7)."""
    return b" ".join(body.splitlines())


def strings(lines: bytes) -> bytes:
    """Return a line with what strings at one place of several documents are side by side; empty where there are none.

    Args:
        lines: a document each.
    """
    pieces: dict[str, list[str]] = {}
    for line in lines.splitlines():
        for place, text in _strings(json.loads(line), "", 0):
            pieces.setdefault(place, []).append(text)
    whole = ["".join(some) for some in pieces.values() if len(some) > 1 and max(map(len, some)) <= _LONGEST]
    return b"\n" + json.dumps(whole, ensure_ascii=False).encode(errors="replace") if whole else b""


def _strings(value: Any, place: str, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON is anything
    if isinstance(value, str):
        yield place, value
    elif depth < _DEPTH and isinstance(value, dict):
        for name, one in value.items():
            yield from _strings(one, f"{place}.{name}", depth + 1)
    elif depth < _DEPTH and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _strings(one, f"{place}[{number}]", depth + 1)
