"""Percent-decoding (RFC 3986 section 2.1) and the plus sign of forms, at the speed of C."""

from __future__ import annotations

import binascii
import re
from typing import Final

from dlp_proxy.unpack import charset

_STRAY: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def decode_bytes(data: bytes) -> bytes:
    """Return `data` with each ``%XX`` made one byte; a stray percent sign stays.

    Works by renaming the escapes to those of quoted-printable, for which the library has a fast decoder.
    """
    if b"%" not in data:
        return data
    data = _STRAY.sub(b"%25", data)
    return binascii.a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))


def decode(text: str, *, plus: bool = False) -> str:
    """Return `text` with its escapes decoded, in the charset that the bytes look like; `plus` makes + a space."""
    if plus:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    return as_text(decode_bytes(text.encode(errors="replace")))


def as_text(data: bytes) -> str:
    """Return bytes as text at any price: Latin-1 when they are no text at all."""
    decoded = charset.decode(data)
    return data.decode("latin-1") if decoded is None else decoded[0]
