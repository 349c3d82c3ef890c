"""gRPC and Connect over HTTP/2: what a stream of messages is made of, and how one is told that a message was stopped.

Sources: the gRPC project's PROTOCOL-HTTP2 and its list of status codes; the Connect project's protocol reference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from mitmproxy import http

PERMISSION_DENIED: Final = 7
INTERNAL: Final = 13

_GRPC: Final = "application/grpc"
_CONNECT: Final = "application/connect+"
_CONNECT_CODES: Final = {PERMISSION_DENIED: "permission_denied", INTERNAL: "internal"}
_CONNECT_END: Final = 2
_PREFIX: Final = 5
_IDENTITY: Final = {"", "identity"}


def speaks_grpc(request: http.Request) -> bool:
    """Tell whether a request is a stream of messages. Over HTTP/1 (gRPC-Web) a body is held whole, as any other."""
    if not request.is_http2 or request.method != "POST":
        return False
    kind = _kind(request)
    return kind.startswith((_GRPC, _CONNECT)) and not kind.startswith("application/grpc-web")


def _kind(request: http.Request) -> str:
    return str(request.headers.get("content-type", "")).strip().lower()


def coding_of(request: http.Request) -> str:
    """Return what the request's messages are compressed with, when their flag says that they are."""
    name = "connect-content-encoding" if _kind(request).startswith(_CONNECT) else "grpc-encoding"
    coding = request.headers.get(name, "").strip().lower()
    # The flag says compressed and the head does not say how: a coding that nothing reads is a gap.
    return "unnamed" if coding in _IDENTITY else coding


@dataclass(frozen=True, slots=True)
class Framed:
    """One message as it came, or the beginning of one that is too large to be held.

    Attributes:
        raw: with its prefix: what goes on.
        compressed: its flag says so.
    """

    raw: bytes
    compressed: bool = False
    too_large: bool = False

    @property
    def payload(self) -> bytes:
        return self.raw[_PREFIX:]


class Messages:
    """Cuts a stream into messages. One that is too large is given out once, at its beginning; its rest is passed on.

    Attributes:
        limit: bytes of a message that are held.
        fault: the stream is not what it says; nothing more comes out of it.
    """

    def __init__(self, limit: int) -> None:
        self.fault = ""
        self.limit = limit
        self._kept = bytearray()
        self._passing = 0

    def feed(self, data: bytes) -> None:
        self._kept += data

    @property
    def incomplete(self) -> bool:
        """Tell whether a message has begun that has not ended."""
        return bool(self._kept or self._passing)

    def rest(self) -> bytes:
        """Return what may go on of a message that policy let go unread."""
        size = min(self._passing, len(self._kept))
        self._passing -= size
        return self._take(size)

    def next(self) -> Framed | None:
        """Return the next message, or None when more must come first."""
        if self._passing or self.fault or len(self._kept) < _PREFIX:
            return None
        flag, size = self._kept[0], int.from_bytes(self._kept[1:_PREFIX])
        if flag > 1:
            self.fault = "the gRPC framing is malformed"
            return None
        if size > self.limit:
            self._passing = size
            return Framed(self._take(_PREFIX), flag == 1, too_large=True)
        if len(self._kept) < _PREFIX + size:
            return None
        return Framed(self._take(_PREFIX + size), flag == 1)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._kept[:size])
        del self._kept[:size]
        return taken


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stream ends for its client: by a message, by trailers."""

    message: bytes = b""
    trailers: tuple[tuple[bytes, bytes], ...] = ()


def ending(request: http.Request, code: int, says: str) -> Ending:
    """Return the end of a stream that was stopped. gRPC wants its text percent-encoded."""
    if _kind(request).startswith(_CONNECT):
        told = json.dumps({"error": {"code": _CONNECT_CODES[code], "message": says}}).encode()
        return Ending(message=bytes([_CONNECT_END]) + len(told).to_bytes(4) + told)
    text = quote(says, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~")
    return Ending(trailers=((b"grpc-status", b"%d" % code), (b"grpc-message", text.encode())))


def refusal(request: http.Request, code: int, says: str) -> http.Response:
    """Return a whole answer that is nothing but such an end."""
    end = ending(request, code, says)
    response = http.Response.make(200, end.message, {"content-type": _kind(request) or _GRPC})
    if not end.message:
        response.headers.pop("content-length", None)
    for name, value in end.trailers:
        response.headers[name] = value
    return response
