"""What stands in a place that a format leaves to whoever writes it: chunks of their own, extra fields, comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.base64 import is_packed
from dlp_proxy.unpack import coding
from dlp_proxy.unpack.carve import beginning
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.sniff import UNKNOWN, describe

_HEAD: Final = 64
"""Bytes before what is packed: a name, a version, a length."""
_LOOK: Final = 1024
_ARCHIVE: Final = b"PK\x03\x04"
_PACKED: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def held(content: Content) -> Iterator[Content]:
    """Yield the content when it is text, packed or of a known kind, from where that begins.

    Programs leave much else in such places.
    """
    data = content.data
    if describe(data) != UNKNOWN or content.text is not None or is_packed(data) or coding.begins(data):
        yield content
    elif 0 < (place := _packed(data)) <= _HEAD:
        yield content.inside(data[place:], f"from byte {place}")


def _packed(data: bytes) -> int:
    """Return where within the first bytes something packed begins, 0 for nowhere."""
    found = [place for sign in _PACKED if (place := data.find(sign, 1, _HEAD)) > 0 and is_packed(data[place:])]
    found += [place for place in (data.find(_ARCHIVE, 1, _HEAD), beginning(data[:_LOOK])) if place > 0]
    return min(found, default=0)
