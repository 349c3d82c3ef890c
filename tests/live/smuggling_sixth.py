"""A sixth set of requests that two readers could read in two ways: by where a message lies, not by how it is spelled.

The five sets before spell one request oddly. Here each request is spelled well, or oddly in one place only, and what
differs is where it stands: behind a body that is held in a file, behind a handshake that nobody took up, behind an
answer that came early, at the edge of a limit or of a read, in the first bytes of a tunnel within a tunnel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tests.live.harness import SITE
from tests.live.smuggling_fifth import HIDDEN, RECORD

_LARGE: Final = 1_200_000
"""Bytes of a body that is held in a file, not in memory."""
_HELD: Final = "x" * _LARGE
_READ: Final = 256 * 1024


def post(*fields: str, body: str = "", line: str = "POST /in HTTP/1.1") -> str:
    return "\r\n".join([line, f"Host: {SITE}", *fields, "", ""]) + body


def _chunks(body: str) -> str:
    return post("Transfer-Encoding: chunked", body=body)


def _held_chunk(size: str = f"{_LARGE:x}", end: str = "\r\n") -> str:
    return f"{size}\r\n{_HELD}{end}"


def _behind_a_held_body() -> Iterator[tuple[str, str]]:
    whole = post(f"Content-Length: {_LARGE}", body=_HELD)
    yield "another request", whole + HIDDEN
    yield "another request, an empty line between", whole + "\r\n" + HIDDEN
    yield "three empty lines and a request", whole + "\r\n" * 3 + HIDDEN
    yield "half a line end", whole + "\r" + HIDDEN
    yield "a NUL", whole + "\0" + HIDDEN
    yield "more than its length, read as a head", whole + f"X: y\r\n\r\n{HIDDEN}"
    yield "a second length", post(f"Content-Length: {_LARGE}", "Content-Length: 5", body=_HELD + HIDDEN)
    yield "a length that is a byte too long", post(f"Content-Length: {_LARGE + 1}", body=_HELD + HIDDEN)
    yield "a length that is a byte too short", post(f"Content-Length: {_LARGE - 1}", body=_HELD + HIDDEN)
    yield "Connection: close before it", post(f"Content-Length: {_LARGE}", "Connection: close", body=_HELD + HIDDEN)
    yield "HTTP/1.0", post(f"Content-Length: {_LARGE}", line="POST /in HTTP/1.0", body=_HELD + HIDDEN)
    yield "by GET", post(f"Content-Length: {_LARGE}", line="GET /in HTTP/1.1", body=_HELD + HIDDEN)
    yield "by HEAD", post(f"Content-Length: {_LARGE}", line="HEAD /in HTTP/1.1", body=_HELD + HIDDEN)
    yield "the record is its last bytes", post(f"Content-Length: {_LARGE + len(RECORD)}", body=_HELD + RECORD)
    yield (
        "it is asked about, and sent at once",
        post(f"Content-Length: {_LARGE}", "Expect: 100-continue", body=_HELD + HIDDEN),
    )
    yield "it never ends", post(f"Content-Length: {_LARGE + len(RECORD) + 9}", body=_HELD + RECORD)


def _held_chunks() -> Iterator[tuple[str, str]]:
    yield "another request", _chunks(_held_chunk() + "0\r\n\r\n" + HIDDEN)
    yield "the record is the last chunk", _chunks(_held_chunk() + f"{len(RECORD):x}\r\n{RECORD}\r\n0\r\n\r\n")
    yield "the record lies over two chunks", _chunks(_held_chunk() + "3\r\nBLO\r\n5\r\nCK-ME\r\n0\r\n\r\n")
    yield "an extension far in", _chunks(_held_chunk() + f"1;a={RECORD}\r\nx\r\n0\r\n\r\n")
    yield "trailers with a record", _chunks(_held_chunk() + f"0\r\nX-A: {RECORD}\r\n\r\n")
    yield "trailers with a length", _chunks(_held_chunk() + "0\r\nContent-Length: 5\r\n\r\n" + HIDDEN)
    yield "a chunk that ends in LF", _chunks(_held_chunk(end="\n") + "0\r\n\r\n" + HIDDEN)
    yield "a chunk that is longer than it says", _chunks(_held_chunk(f"{_LARGE - 9:x}") + "0\r\n\r\n" + HIDDEN)
    yield "a size with an underscore far in", _chunks(_held_chunk() + "1_0\r\n" + "x" * 16 + "\r\n0\r\n\r\n" + HIDDEN)
    yield "a size that is nothing far in", _chunks(_held_chunk() + "\r\n0\r\n\r\n" + HIDDEN)
    yield "no last chunk", _chunks(_held_chunk() + HIDDEN)
    yield "a last chunk without its line", _chunks(_held_chunk() + "0\r\n" + HIDDEN)
    yield "a last chunk of many zeros", _chunks(_held_chunk() + "0" * 64 + "\r\n\r\n" + HIDDEN)


def _at_an_edge() -> Iterator[tuple[str, str]]:
    """Yield requests of which a head, a size or a line end lies over the end of one read."""
    head = len(_chunks(""))
    for lacks, name in ((1, "within a size"), (2, "behind a size"), (3, "between CR and LF"), (4, "behind a line")):
        size = _READ - head - len("3fff0\r\n\r\n") - 3 + lacks
        yield (
            f"a read that ends {name}",
            _chunks(f"{size:x}\r\n{'y' * size}\r\n{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"),
        )
    for over in (-1, 0, 1):
        room = _READ - len(post("X: ", "Content-Length: 5"))
        yield (
            f"a head of a whole read, {over:+} bytes",
            post(f"X: {'z' * (room + over)}", "Content-Length: 5", body="hello" + HIDDEN),
        )
    for count in (999, 1000, 1001):
        fields = [f"X-{number}: y" for number in range(count - 2)]
        yield f"{count} fields, a coding last", post(*fields, "Transfer-Encoding: chunked", body="0\r\n\r\n" + HIDDEN)
    yield (
        "a length behind a thousand fields",
        post(*[f"X-{number}: y" for number in range(1001)], "Content-Length: 0", body=HIDDEN),
    )
    yield "a thousand chunks of a byte", _chunks("1\r\nx\r\n" * 1000 + "0\r\n\r\n" + HIDDEN)
    yield "a name of 256 letters that ends as a length", post(f"{'X' * 242}Content-Length: 5", body="hello" + HIDDEN)


_HANDSHAKE: Final = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")


def _handshake(*fields: str, line: str = "GET /chat HTTP/1.1", connection: str = "Upgrade", body: str = "") -> str:
    return post(*_HANDSHAKE, f"Connection: {connection}", *fields, line=line, body=body)


def _behind_a_handshake() -> Iterator[tuple[str, str]]:
    """Yield what stands behind a WebSocket's handshake that the destination answers with 200."""
    yield "a request", _handshake(body=HIDDEN)
    yield "a frame with the record", _handshake(body="\x81\x88\0\0\0\0" + RECORD)
    yield "a frame without a mask", _handshake(body="\x81\x08" + RECORD)
    yield "a request in a frame", _handshake(body=f"\x82\xfe{chr(0)}{chr(len(HIDDEN))}\0\0\0\0" + HIDDEN)
    yield "a ping with the record", _handshake(body="\x89\x88\0\0\0\0" + RECORD)
    yield "a handshake that closes", _handshake(connection="Upgrade, close", body=HIDDEN)
    yield "a handshake that names its key", _handshake(connection="Upgrade, Sec-WebSocket-Key", body=HIDDEN)
    yield "a handshake by POST", _handshake(line="POST /chat HTTP/1.1", body=HIDDEN)
    yield "a handshake in HTTP/1.0", _handshake(line="GET /chat HTTP/1.0", body=HIDDEN)
    yield "a handshake with two keys", _handshake("Sec-WebSocket-Key: eGhlIHNhbXBsZSBub25jZQ==", body=HIDDEN)
    yield "a handshake with the record for a key", _handshake(f"Sec-WebSocket-Protocol: {RECORD}")
    yield "a handshake to another host", _handshake("Host: other.example", body=HIDDEN)
    yield "two handshakes", _handshake() + _handshake(body=HIDDEN)


def _inside() -> Iterator[tuple[str, str]]:
    """Yield what is no HTTP/1.1 at its first byte, or begins as something else."""
    yield "a tunnel in the tunnel", f"CONNECT {SITE}:80 HTTP/1.1\r\nHost: {SITE}\r\n\r\n" + HIDDEN
    yield "a PROXY head of version 1", "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + HIDDEN
    yield "a PROXY head of version 2", "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + "\0" * 12 + HIDDEN
    yield "an empty line, then a PROXY head", "\r\nPROXY UNKNOWN\r\n" + HIDDEN
    yield "FastCGI", "\x01\x01\0\x01\0\x08\0\0" + "\0" * 8 + HIDDEN
    yield "AJP", "\x12\x34\0\x08" + RECORD
    yield "SOCKS 5", "\x05\x01\0" + HIDDEN
    yield "an ICAP request", f"REQMOD icap://{SITE}/ ICAP/1.0\r\nHost: {SITE}\r\n\r\n" + HIDDEN
    yield "an RTSP request", f"SETUP /in RTSP/1.0\r\nX: {RECORD}\r\n\r\n"
    yield "a SIP request", f"MESSAGE sip:{RECORD} SIP/2.0\r\nHost: {SITE}\r\n\r\n"
    yield "an answer", f"HTTP/1.1 200 OK\r\nX: {RECORD}\r\nContent-Length: 0\r\n\r\n"
    yield "a greeting of SMTP", f"EHLO {RECORD}\r\nMAIL FROM:<a@b.example>\r\n"
    yield "a shut-down alert of TLS within", "\x15\x03\x03\0\x02\x01\0" + HIDDEN
    yield (
        "gRPC in HTTP/1.1, then a request",
        post(
            "Content-Type: application/grpc", "Transfer-Encoding: chunked", body=f"5\r\n\0\0\0\0\0\r\n0\r\n\r\n{HIDDEN}"
        ),
    )


def _sets() -> Iterator[tuple[str, str]]:
    for name, cases in (
        ("behind a held body", _behind_a_held_body()),
        ("held chunks", _held_chunks()),
        ("edge", _at_an_edge()),
        ("handshake", _behind_a_handshake()),
        ("inside", _inside()),
    ):
        for case, sent in cases:
            yield f"{name}: {case}", sent


FORMS: Final[Mapping[str, str]] = dict(_sets())

_EARLY: Final = {
    "an answer of no length": b"HTTP/1.1 200 OK\r\n\r\nok",
    "two answers at once": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" * 2,
    "an answer longer than it says": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok",
    "a continue, and nothing more": b"HTTP/1.1 100 Continue\r\n\r\n",
    "three hints and an answer": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + b"HTTP/1.1 204 No\r\n\r\n",
    "a switch that nobody asked for": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "a body where there may be none": b"HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok",
    "an answer without an end of its chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    "an answer with both framings": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "an answer that closes": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    "an answer with two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
    "a time-out of the connection": b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
    "a line of another protocol": b"220 mail.example ESMTP\r\n",
    "a request": f"GET / HTTP/1.1\r\nHost: {SITE}\r\n\r\n".encode(),
}
ANSWERS: Final[Mapping[str, bytes]] = _EARLY
"""What a destination answers to the first request; behind it, on the same connection, stands one with the record."""
