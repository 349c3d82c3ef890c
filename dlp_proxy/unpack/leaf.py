"""Values of binary formats as a person would read them: numbers as digits, bytes as text where they are one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from dlp_proxy.unpack import charset
from dlp_proxy.unpack.content import Content

_LONG: Final = 500
"""Bytes that are longer are a content of their own: a file in a cell, a packed text."""

_EXACT: Final = 2.0**63
_DIGITS_AT_MOST: Final = 4096  # bits; the interpreter refuses to write much longer numbers in decimal


class Aside:
    """Bytes found among values that are no short text; they are read after the values.

    `leaf` may give an empty text for them.
    """

    def __init__(self) -> None:
        self._blobs: list[bytes] = []
        self._short: list[bytes] = []

    def bytes(self, value: bytes) -> str:
        """Return what bytes say when they are a short text; else keep them."""
        if len(value) <= _LONG:
            text = short_text(value)
            if text is not None:
                return text
            self._short.append(value)
        else:
            self._blobs.append(value)
        return ""

    def contents(self, content: Content) -> Iterator[Content]:
        """Yield what was kept, the short ones as one content."""
        for number, blob in enumerate(self._blobs, 1):
            yield content.inside(blob, f"binary value {number}")
        if self._short:
            yield content.inside(b"\n".join(self._short), "short binary values")


def short_text(value: bytes) -> str | None:
    """Return bytes as text; None when they are none."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and (text or not value):
        return text
    decoded = charset.decode(value)
    return None if decoded is None else decoded[0]


def leaf(value: object, aside: Aside) -> str:
    """Return one value as text; nothing at all as the empty text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return digits(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return aside.bytes(bytes(value))
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < _DIGITS_AT_MOST else str(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def digits(value: int) -> str:
    return str(value) if value.bit_length() <= _DIGITS_AT_MOST else f"{value:#x}"


def number(value: float) -> str:
    """Return a float; one without a fraction as its digits, since telephone numbers come as such."""
    return str(int(value)) if math.isfinite(value) and value.is_integer() and abs(value) < _EXACT else repr(value)
