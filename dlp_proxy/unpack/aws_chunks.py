"""Amazon's own chunks inside a body: ``Content-Encoding: aws-chunked``.

Each is ``<hex size>[;chunk-signature=...]`` CRLF, the bytes, CRLF; a size of zero ends them, and trailers with
checksums may follow. Source: Amazon S3 API reference, *Signature calculations for the Authorization header:
transferring payload in multiple chunks*, and *... with trailing headers*.
"""

from __future__ import annotations

import re
from typing import Final

CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,12})(?:;[^\r\n]{0,256})?\r\n")


def unchunk(data: bytes) -> tuple[bytes, int]:
    """Return what is in the chunks, and where reading ended: short of the end when they are broken off or malformed."""
    pieces: list[bytes] = []
    at = 0
    while head := CHUNK.match(data, at):
        size = int(head[1], 16)
        if not size:
            return b"".join(pieces), len(data)
        pieces.append(data[head.end() : head.end() + size])
        at = head.end() + size
        if not data.startswith(b"\r\n", at):
            break
        at += 2
    return b"".join(pieces), min(at, len(data))
