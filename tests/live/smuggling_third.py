"""A third set, written against the RFCs by somebody who had not read the first two: RFC 9110, 9112, 9113 and 9297.

`REFUSED` and `HTTP2_REFUSED` must leave nothing at the origin. What `HIDES` holds may be answered in any way, but what
is hidden in it must not arrive. `PASSES` and `HTTP2_PASSES` are odd and right.
"""

from __future__ import annotations

from typing import Final

from tests.live.harness import SITE
from tests.live.recorder import HIDDEN, SMUGGLED, request
from tests.live.smuggling import BODY, CL, TE
from tests.live.smuggling_http2 import (
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    PADDED,
    PING,
    POST,
    PRIORITY,
    PUSH,
    RESET,
    SETTINGS,
    WINDOW,
    block,
    changed,
    data,
    frame,
    head,
)

_GET: Final = "GET /in HTTP/1.1"
_ZERO: Final = b"0\r\n\r\n"
_EMPTY: Final = request("Content-Length: 0")


def _targets() -> dict[str, bytes]:
    """RFC 9112, 3.2: four forms of a target, each for one use."""
    lines = [
        f"GET http://{SITE}/in HTTP/1.1",
        f"GET //{SITE}/in HTTP/1.1\r\nHost: other.example",
        "GET in HTTP/1.1",
        "GET ../in HTTP/1.1",
        "GET /in#frag HTTP/1.1",
        "OPTIONS /* HTTP/1.1 ",
        f"OPTIONS {SITE} HTTP/1.1",
        f"OPTIONS https://{SITE} HTTP/1.1",
        f"GET {SITE}:443 HTTP/1.1",
        "GET %2Fin HTTP/1.1",
        "GET urn:x:y HTTP/1.1",
        "GET data:text/plain,x HTTP/1.1",
        "GET /in HTTP/1.2",
        "GET /in HTTP/2",
        "GET /in HTTP/0.9",
        "GET /in http/1.1",
        "GET /in\u00a0HTTP/1.1 HTTP/1.1\x00",
        f"CONNECT {SITE} HTTP/1.1",
        f"CONNECT https://{SITE}:443 HTTP/1.1",
        f"CONNECT {SITE}:443 HTTP/1.1",
        "TRACE / HTTP/1.1\r\nContent-Length: 13",
    ]
    return {f"target: {line!r}": request(line=line, body=HIDDEN) for line in lines}


def _framings() -> dict[str, bytes]:
    """RFC 9112, 6: what says how long a message is, said so that two readers differ."""
    return {
        "TE over two fields": request("Transfer-Encoding: gzip", "Transfer-Encoding: chunked", body=_ZERO + SMUGGLED),
        "TE chunked over two fields": request(TE, TE, body=_ZERO + SMUGGLED),
        "TE with an empty second": request(TE, "Transfer-Encoding:", body=_ZERO + SMUGGLED),
        "TE with a weight": request("Transfer-Encoding: chunked;q=0.5", body=_ZERO + SMUGGLED),
        "TE with a parameter before": request('Transfer-Encoding: x="chunked"', CL, body=BODY),
        "TE with a BOM": request("Transfer-Encoding: \xef\xbb\xbfchunked", body=_ZERO + SMUGGLED),
        "TE with a vertical tab": request("Transfer-Encoding:\x0bchunked", body=_ZERO + SMUGGLED),
        "TE with a form feed behind": request("Transfer-Encoding: chunked\x0c", body=_ZERO + SMUGGLED),
        "CL with a form feed": request("Content-Length: \x0c13", body=HIDDEN),
        "CL with zeros before, which some read as octal": request("Content-Length: 0005", body=BODY),
        "CL in words": request("Content-Length: five", body=BODY),
        "CL as a range": request("Content-Length: 5-13", body=BODY),
        "CL with an exponent": request("Content-Length: 1e1", body=BODY),
        "CL in Arabic digits": request("Content-Length: \u0665".encode().decode("latin-1"), body=BODY),
        "CL in a quoted string": request('Content-Length: "5"', body=BODY),
        "CL with an apostrophe": request("Content-Length: 1'000", body=BODY),
        "CL larger than 64 bits": request(f"Content-Length: {2**64 + 5}", body=BODY),
        "CL of a thousand digits": request(f"Content-Length: {'0' * 999}5", body=BODY),
        "CL in a comment": request("Content-Length: 5 (5)", body=BODY),
        "CL behind a null field": request("X:\0", "Content-Length: 5", body=BODY),
        "CL and TE, TE first and folded": request("Transfer-Encoding:\r\n\tchunked", CL, body=_ZERO + SMUGGLED),
        "CL and TE by Connection": request(CL, TE, "Connection: transfer-encoding", body=_ZERO + SMUGGLED),
        "CL dropped by Connection": request(CL, "Connection: Content-Length", body=BODY),
        "Host dropped by Connection": request(CL, "Connection: host", body=BODY),
        "TE named in Trailer and sent there": request(
            TE, "Trailer: Content-Length", body=b"0\r\nContent-Length: 13\r\n\r\n" + SMUGGLED
        ),
        "a chunk's size in a trailer": request(TE, body=b"0\r\n5\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
        "a trailer that is folded": request(TE, body=b"0\r\nX-A: b\r\n c\r\n\r\n" + SMUGGLED),
        "trailers that end in LF LF": request(TE, body=b"0\r\nX-A: b\n\n" + SMUGGLED),
        "a chunk size with an underscore": request(TE, body=b"1_0\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n" + SMUGGLED),
        "a chunk size in 0x": request(TE, body=b"0x5\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
        "a chunk size with a BOM": request(TE, body=b"\xef\xbb\xbf5\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
        "an extension with a quoted CRLF and a chunk": request(
            TE, body=b'5;a="\r\n0\r\n\r\nhello"\r\n0\r\n\r\n' + SMUGGLED
        ),
        "HTTP/1.0 with TE and close": request(TE, "Connection: close", line="POST /in HTTP/1.0", body=_ZERO + SMUGGLED),
        "GET with TE and CL": request(TE, CL, line=_GET, body=_ZERO + SMUGGLED),
        "HEAD with CL and TE": request(CL, TE, line="HEAD /in HTTP/1.1", body=_ZERO + SMUGGLED),
        "a WebSocket with a body": request(
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Content-Length: 13",
            line=_GET,
            body=HIDDEN,
        ),
        "a WebSocket with chunks": request(
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            TE,
            line=_GET,
            body=b"d\r\n" + HIDDEN + b"\r\n0\r\n\r\n",
        ),
        "Upgrade: connect-udp": request(
            "Upgrade: connect-udp",
            "Connection: Upgrade",
            "Capsule-Protocol: ?1",
            line="GET /.well-known/masque/udp/192.0.2.6/443/ HTTP/1.1",
            body=b"\x00\x0d" + HIDDEN,
        ),
        "Upgrade: connect-ip": request(
            "Upgrade: connect-ip", "Connection: Upgrade", "Capsule-Protocol: ?1", line=_GET, body=b"\x00\x0d" + HIDDEN
        ),
        "Upgrade: h2c by POST": request(
            "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABk", CL, body=BODY
        ),
    }


def _seconds() -> dict[str, bytes]:
    """A fault in the second request on a connection: what came before was right."""
    return {
        "behind a chunked one, TE and CL": request(TE, CL, body=_ZERO + SMUGGLED),
        "behind a fold": request(CL, "X-A: b\r\n c", body=BODY),
        "bare LF in the head": request(CL, "X-A: b\nX-B: c", body=BODY),
        "another Host": request(CL, host="Host: other.example", body=BODY),
        "no Host": request(CL, host=None, body=BODY),
        "a preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
        "a TLS record": b"\x16\x03\x01\x00\x10" + HIDDEN,
        "a line of another protocol": b"EHLO x\r\n" + HIDDEN + b"\r\n",
        "a first line of LF only": b"POST /x HTTP/1.1\nHost: x\nContent-Length: 13\n\n" + HIDDEN,
    }


REFUSED: Final[dict[str, bytes]] = {**_targets(), **_framings()}
SECOND_REFUSED: Final[dict[str, bytes]] = _seconds()

HIDES: Final[dict[str, bytes]] = {
    "a body that is cut": request("Content-Length: 100", body=HIDDEN),
    "chunks that are cut": request(TE, body=b"ff\r\n" + HIDDEN),
    "chunks without their last": request(TE, body=b"d\r\n" + HIDDEN + b"\r\n"),
    "trailers that are cut": request(TE, body=b"d\r\n" + HIDDEN + b"\r\n0\r\nX-A: b\r\n"),
    "a request behind Connection: close": request("Content-Length: 0", "Connection: close") + SMUGGLED,
    "a body behind length 0": _EMPTY + HIDDEN,
    "a body behind GET": request(line=_GET) + HIDDEN + b"\r\n\r\n",
    "a request behind HEAD, cut": request(line="HEAD /in HTTP/1.1") + SMUGGLED[:-1],
    "a body behind OPTIONS *": request(line="OPTIONS * HTTP/1.1") + HIDDEN,
    "more than a chunk says": request(TE, body=b"1\r\nh" + HIDDEN + b"\r\n0\r\n\r\n"),
}


def _trailers(*fields: tuple[str, str]) -> bytes:
    return head(POST) + data(1, 0) + head(list(fields), flags=END_HEADERS | END_STREAM)


_PACKED: Final = block(POST)

HTTP2_REFUSED: Final[dict[str, bytes]] = {
    "an absolute path": head(changed(path=f"https://{SITE}/in")) + data(),
    "a path with a fragment": head(changed(path="/in#x")) + data(),
    "a path with a space": head(changed(path="/in x")) + data(),
    "a path of another version": head(changed(path="/in HTTP/1.1")) + data(),
    "an authority with a user": head(changed(authority=f"x@{SITE}")) + data(),
    "an authority with a path": head(changed(authority=f"{SITE}/x")) + data(),
    "an authority with an escape": head(changed(authority=SITE.replace(".", "%2e"))) + data(),
    "an authority with a trailing colon and letters": head(changed(authority=f"{SITE}:https")) + data(),
    "Host and authority of two sites": head([*POST, ("host", "other.example")]) + data(),
    "a response's pseudo-field": head([*POST, (":status", "200")]) + data(),
    "a method in two words": head(changed(method="POST /x")) + data(),
    "a method with a tab": head(changed(method="POST\t")) + data(),
    "extended CONNECT": head(
        [
            (":method", "CONNECT"),
            (":protocol", "connect-udp"),
            (":scheme", "https"),
            (":path", "/.well-known/masque/udp/192.0.2.6/443/"),
            (":authority", SITE),
            ("capsule-protocol", "?1"),
        ]
    )
    + data(),
    "CONNECT inside": head([(":method", "CONNECT"), (":authority", f"{SITE}:443")]) + data(),
    "a scheme that is not the connection's": head(changed(scheme="http")) + data(),
    "a cookie with a line end": head([*POST, ("cookie", "a=b"), ("cookie", "c\r\nx: y")]) + data(),
    "a length on a request without a body, ended": head(
        [*POST, ("content-length", "13")], flags=END_HEADERS | END_STREAM
    ),
    "a length in trailers' stead": _trailers(("content-length", "13")),
    "trailers with a status": _trailers((":status", "200")),
    "trailers with Connection": _trailers(("connection", "close")),
    "trailers with TE": _trailers(("te", "trailers")),
    "trailers with a name in capitals": _trailers(("X-SUM", "1")),
    "trailers with NUL": _trailers(("x-sum", "a\0b")),
    "trailers with an empty name": _trailers(("", "a")),
    "trailers with a cookie": _trailers(("cookie", "a=b")),
    "data longer than its length by one": head([*POST, ("content-length", str(len(HIDDEN) - 1))]) + data(),
    "data in two frames, longer than its length": head([*POST, ("content-length", str(len(HIDDEN)))])
    + data(1, 0)
    + data(1),
    "padding of the whole frame": head(POST) + frame(DATA, PADDED | END_STREAM, 1, bytes([len(HIDDEN) + 1]) + HIDDEN),
    "padded data of no bytes": head(POST) + frame(DATA, PADDED | END_STREAM, 1, b""),
    "a head in a padded frame of no bytes": frame(HEADERS, END_HEADERS | PADDED, 1, b"") + data(),
    "a literal with a name of no bytes": frame(HEADERS, END_HEADERS, 1, _PACKED + b"\x00\x00\x01a") + data(),
    "a table of a size no setting allows": frame(HEADERS, END_HEADERS, 1, b"\x3f\xe1\x7f" + _PACKED) + data(),
    "Huffman padding of more than seven bits": frame(HEADERS, END_HEADERS, 1, _PACKED + b"\x00\x01x\x82\x1f\xff")
    + data(),
    "a priority frame in place of the end of a head": frame(HEADERS, 0, 1, _PACKED[:4])
    + frame(PRIORITY, 0, 1, b"\0\0\0\0\x10")
    + frame(CONTINUATION, END_HEADERS, 1, _PACKED[4:])
    + data(),
    "a ping in the middle of a head": frame(HEADERS, 0, 1, _PACKED[:4])
    + frame(PING, 0, 0, HIDDEN[:8])
    + frame(CONTINUATION, END_HEADERS, 1, _PACKED[4:])
    + data(),
    "a GOAWAY with debug data before the request": frame(GOAWAY, 0, 0, b"\0" * 8 + HIDDEN) + head(POST) + data(),
    "a push of a client": frame(PUSH, END_HEADERS, 1, b"\0\0\0\x02" + _PACKED) + data(1),
    "a reset of stream 0 with content": frame(RESET, 0, 0, HIDDEN[:4]) + head(POST) + data(),
    "settings on the request's stream": head(POST) + frame(SETTINGS, 0, 1, b"\0\x03\0\0\0\x64") + data(),
    "a stream's window that overflows": head(POST) + frame(WINDOW, 0, 1, b"\x7f\xff\xff\xff") * 2 + data(),
    "the request on the last even stream": head(POST, 0x7FFFFFFE) + data(0x7FFFFFFE),
}

HTTP2_HIDES: Final[dict[str, bytes]] = {
    "in padding of data": head(POST) + frame(DATA, PADDED | END_STREAM, 1, bytes([len(HIDDEN)]) + b"hello" + HIDDEN),
    "in padding of a head": frame(
        HEADERS, END_HEADERS | END_STREAM | PADDED, 1, bytes([len(HIDDEN)]) + _PACKED + HIDDEN
    ),
    "in an unknown frame": head(POST, flags=END_HEADERS | END_STREAM) + frame(0xFA, 0, 1, HIDDEN),
    "in PRIORITY_UPDATE": frame(0x10, 0, 0, b"\0\0\0\x01" + HIDDEN) + head(POST, flags=END_HEADERS | END_STREAM),
    "in ALTSVC": frame(0x0A, 0, 0, b"\0\x00" + HIDDEN) + head(POST, flags=END_HEADERS | END_STREAM),
    "in ORIGIN": frame(0x0C, 0, 0, b"\0\x0d" + HIDDEN) + head(POST, flags=END_HEADERS | END_STREAM),
    "behind the end": head(POST, flags=END_HEADERS | END_STREAM) + data(),
    "in the debug data of GOAWAY": head(POST, flags=END_HEADERS | END_STREAM) + frame(GOAWAY, 0, 0, b"\0" * 8 + HIDDEN),
    "on a second stream that is reset": head(POST, flags=END_HEADERS | END_STREAM)
    + head(POST, 3)
    + data(3, 0)
    + frame(RESET, 0, 3, b"\0\0\0\x08"),
    "on a second stream that never ends": head(POST, flags=END_HEADERS | END_STREAM) + head(POST, 3) + data(3, 0),
}

PASSES: Final[dict[str, bytes]] = {
    "TE lists codings": request(CL, "TE: trailers, deflate;q=0.5", "Connection: TE", body=b"hello"),
    "Trailer names a field": request(
        TE, "Trailer: X-Sum, X-More", body=b"5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"
    ),
    "a multipart range in the body": request(
        "Content-Type: multipart/byteranges; boundary=x", "Content-Length: 5", body=b"hello"
    ),
    "message/http as a body": request(
        "Content-Type: message/http", "Content-Length: 27", body=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[:27]
    ),
    "structured fields": request(CL, 'X-A: ?1, :aGk=:, %"x";a=1;b', "Priority: u=1, i", body=b"hello"),
    "Via and Forwarded": request(CL, "Via: 1.0 fred, 1.1 p.example", 'Forwarded: for="[2001:db8::1]:1"', body=b"hello"),
    "many conditions": request('If-Match: "a", W/"b"', "If-None-Match: *", CL, body=b"hello"),
    "chunks with a Host field that has a port": request(TE, host=f"Host: {SITE}:443", body=b"5\r\nhello\r\n0\r\n\r\n"),
    "QUERY": request(CL, line="QUERY /in HTTP/1.1", body=b"hello"),
    "a matrix in the target": request(CL, line="POST /a;b=c/d:e@f!g$h'i(j)*k,l HTTP/1.1", body=b"hello"),
}

HTTP2_PASSES: Final[dict[str, bytes]] = {
    "padding of zeros": head(POST) + frame(DATA, PADDED | END_STREAM, 1, b"\x05hello" + bytes(5)),
    "a head in three pieces": frame(HEADERS, 0, 1, _PACKED[:3])
    + frame(CONTINUATION, 0, 1, _PACKED[3:9])
    + frame(CONTINUATION, END_HEADERS, 1, _PACKED[9:])
    + data(1, payload=b"hello"),
    "an empty data frame at the end": head(POST) + data(1, 0, b"hello") + data(1, payload=b""),
    "unknown flags": frame(HEADERS, END_HEADERS | 0x40, 1, _PACKED) + frame(DATA, END_STREAM | 0x80, 1, b"hello"),
    "the reserved bit": frame(HEADERS, END_HEADERS, 0x80000001, _PACKED)
    + frame(DATA, END_STREAM, 0x80000001, b"hello"),
    "a priority signal": head([*POST, ("priority", "u=0, i")]) + data(1, payload=b"hello"),
    "a table of no size": frame(HEADERS, END_HEADERS, 1, b"\x20" + _PACKED) + data(1, payload=b"hello"),
    "a high stream": head(POST, 0x7FFFFFF1) + data(0x7FFFFFF1, payload=b"hello"),
}
