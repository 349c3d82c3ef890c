"""Looking for a value in bytes, however it may be written."""

from __future__ import annotations

import base64
from urllib.parse import quote


def leaks(content: bytes, value: str) -> list[str]:
    """Return the ways in which a value stands in a content."""
    ways = {
        "utf-8": value.encode(),
        "utf-16-le": value.encode("utf-16-le"),
        "utf-16-be": value.encode("utf-16-be"),
        "gbk": value.encode("gbk"),
        "hex": value.encode().hex().encode(),
        "percent": "".join(f"%{byte:02X}" for byte in value.encode()).encode(),
        "quoted": quote(value).encode(),
        **{f"base64 at {shift}": _base64(value.encode(), shift) for shift in range(3)},
    }
    low = content.lower()
    return [way for way, written in ways.items() if written in content or written.lower() in low]


def _base64(value: bytes, shift: int) -> bytes:
    """Return what Base64 has of a value that begins at so many bytes into a group of three."""
    written = base64.b64encode(bytes(shift) + value)
    return written[(0, 2, 3)[shift] : -4]
