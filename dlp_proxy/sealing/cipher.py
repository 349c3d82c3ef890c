"""Content of any length under one key, in pieces: AES-256-GCM in the construction STREAM (eprint 2015/189), as age has.

A nonce is the piece's number, 11 bytes, and whether it is the last. So pieces cannot change places, and a file that was
cut at a piece's end is not taken for a whole one. The number of the event is authenticated with every piece: what was
sealed for one event opens as no other. A key is used for one content, never again: that makes counted nonces safe.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dlp_proxy.stores.ports import StoreError

MAGIC: Final = b"dlp-proxy sealed evidence 1\n"
"""The first bytes of every sealed content; the number is the version of this form."""

KEY_BYTES: Final = 32
PIECE: Final = 64 * 1024
_TAG: Final = 16


class DamagedError(StoreError):
    """What was sealed is not what is there: it was changed, cut, or belongs to another event."""


def sealed(key: bytes, event: str, content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the sealed form of `content`, which comes in pieces of any length."""
    cipher, bound = AESGCM(key), _bound(event)
    yield MAGIC
    waiting = bytearray()
    number = 0
    for some in content:
        waiting += some
        while len(waiting) > PIECE:
            yield cipher.encrypt(_nonce(number, last=False), bytes(waiting[:PIECE]), bound)
            del waiting[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(waiting), bound)


def opened(key: bytes, event: str, file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of a sealed file. Nothing of it may be believed before the last piece came.

    Raises:
        DamagedError: it was changed, cut or lengthened, or it is of another event or under another key.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise DamagedError("this is no sealed evidence of a version that is known here")
    cipher, bound = AESGCM(key), _bound(event)
    piece = file.read(PIECE + _TAG)
    number = 0
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, bound)
        except (InvalidTag, ValueError) as error:
            raise DamagedError(
                f"piece {number} of the evidence does not open: it was changed or cut, or is of another event"
            ) from error
        if not following:
            return
        piece, number = following, number + 1


def sealed_size(count: int) -> int:
    """Return how many bytes the sealed form of `count` bytes has."""
    return len(MAGIC) + count + _TAG * max(1, -(-count // PIECE))


def _bound(event: str) -> bytes:
    return MAGIC + event.encode()


def _nonce(number: int, *, last: bool) -> bytes:
    return b"\0\0\0" + struct.pack(">Q", number) + bytes([last])
