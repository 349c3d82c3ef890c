"""What of a message is sealed: its request line, its headers without credentials, and its body or the ends of it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from dlp_proxy.model.message import Message
from dlp_proxy.sealing.cipher import DamagedError

type Kept = Literal["whole", "ends", "head"]
"""How much of a body: all of it, its beginning and its end, or only the request's head."""

CREDENTIALS: Final = ("authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token")
"""Headers whose values are not sealed unless asked for: they would let the investigator act as the person."""

_FORMAT: Final = 1
_LENGTH: Final = struct.Struct(">I")
_PIECE: Final = 256 * 1024
_NOT_HELD: Final = "the body was not taken in: the event's gaps say why"


@dataclass(frozen=True, slots=True)
class Content:
    """A message as it is sealed.

    Attributes:
        head: everything but the body, JSON-ready; it says which bytes of the body follow.
        ranges: first and last+1 byte of each stretch of the body that is kept, ascending.
    """

    head: dict[str, Any]
    ranges: tuple[tuple[int, int], ...]
    message: Message

    @property
    def kept(self) -> Kept:
        size = self.message.size
        if self.ranges == ((0, size),) or (not size and not self.message.gaps):
            return "whole"
        return "ends" if self.ranges else "head"

    @property
    def body_bytes(self) -> int:
        """Return how many bytes of the body are kept."""
        return sum(end - start for start, end in self.ranges)

    @property
    def size(self) -> int:
        """Return the bytes to be sealed."""
        return _LENGTH.size + len(_head_text(self.head)) + self.body_bytes

    def pieces(self) -> Iterator[bytes]:
        """Yield the content as it is sealed: the head's length, the head, the kept stretches of the body.

        Raises:
            OSError: the body's file is gone or cannot be read.
        """
        text = _head_text(self.head)
        yield _LENGTH.pack(len(text)) + text
        if not self.message.body_file:
            for start, end in self.ranges:
                yield self.message.body[start:end]
            return
        with Path(self.message.body_file).open("rb") as held:
            for start, end in self.ranges:
                yield from _read(held, start, end)


def content_of(message: Message, limit: int, cut: Sequence[str]) -> Content:
    """Return what of a message is sealed.

    Args:
        limit: bytes of a body that are kept; of a longer one the beginning and the end, half of that each.
        cut: names of headers, in lower case, whose values are left out.
    """
    ranges = _ranges(message.size, limit)
    kept = sum(end - start for start, end in ranges)
    why = ""
    if kept < message.size:
        why = f"longer than {limit} bytes: only its beginning and its end are kept"
    elif not message.size and message.gaps:
        why = _NOT_HELD
    named = {name.encode().lower() for name in cut}
    head = {
        "format": _FORMAT,
        "event": message.uid,
        "time": message.time,
        "channel": message.channel,
        "from": {
            "user": message.principal.user,
            "address": message.principal.address,
            "port": message.client_port,
            "device": message.principal.device,
        },
        "scheme": message.destination.scheme,
        "site": message.destination.site,
        "method": message.method,
        "target": message.target,
        "http_version": message.http_version,
        "headers": [
            [name.decode("latin-1"), "" if name.lower() in named else value.decode("latin-1")]
            for name, value in message.headers
        ],
        "cut_headers": sorted({name.decode("latin-1") for name, _ in message.headers if name.lower() in named}),
        "body": {"bytes": message.size, "kept": [list(one) for one in ranges], "why_not_whole": why or None},
    }
    return Content(head, ranges, message)


def read_content(pieces: Iterator[bytes]) -> tuple[dict[str, Any], Iterator[bytes]]:
    """Return the head of an opened content, and the kept bytes of its body as they come.

    Raises:
        DamagedError: it is not such a content.
    """
    waiting = b""
    while len(waiting) < _LENGTH.size:
        waiting += _next(pieces)
    (length,) = _LENGTH.unpack_from(waiting)
    while len(waiting) < _LENGTH.size + length:
        waiting += _next(pieces)
    try:
        head = json.loads(waiting[_LENGTH.size : _LENGTH.size + length])
        form = head["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError("the evidence opens, but its head cannot be read") from error
    if form != _FORMAT:
        raise DamagedError(f"the evidence is of version {form}, which a newer dlp_proxy wrote: open it with that")
    return head, _rest(waiting[_LENGTH.size + length :], pieces)


def _rest(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _next(pieces: Iterator[bytes]) -> bytes:
    some = next(pieces, None)
    if some is None:
        raise DamagedError("the evidence opens, but it ends within its head")
    return some


def _ranges(size: int, limit: int) -> tuple[tuple[int, int], ...]:
    if not size:
        return ()
    if size <= limit:
        return ((0, size),)
    half = limit // 2
    return ((0, half), (size - half, size)) if half else ()


def _read(held: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    held.seek(start)
    while start < end:
        piece = held.read(min(_PIECE, end - start))
        if not piece:
            raise OSError("the held body is shorter than it was")
        start += len(piece)
        yield piece


def _head_text(head: dict[str, Any]) -> bytes:
    return json.dumps(head, separators=(",", ":"), sort_keys=True).encode()
