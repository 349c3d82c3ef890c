"""Faulty HTTP/2, frame by frame (RFC 9113 and RFC 7541): what no client library would send."""

from __future__ import annotations

from typing import Final

import hpack

from tests.live.harness import SITE
from tests.live.recorder import HIDDEN

type Fields = list[tuple[str, str]]

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, WITH_PRIORITY = 1, 4, 8, 32
POST: Final[Fields] = [(":method", "POST"), (":scheme", "https"), (":authority", SITE), (":path", "/in")]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"", *, length: int | None = None) -> bytes:
    size = len(payload) if length is None else length
    return size.to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def block(fields: Fields) -> bytes:
    made: bytes = hpack.Encoder().encode(fields)
    return made


def head(fields: Fields, stream: int = 1, flags: int = END_HEADERS) -> bytes:
    return frame(HEADERS, flags, stream, block(fields))


def data(stream: int = 1, flags: int = END_STREAM, payload: bytes = HIDDEN) -> bytes:
    return frame(DATA, flags, stream, payload)


def changed(**values: str) -> Fields:
    return [(name, values.get(name[1:], value)) for name, value in POST]


def _fields() -> dict[str, Fields]:
    return {
        "path with a tab": changed(path="/in\tx"),
        "path with NUL": changed(path="/in\0x"),
        "path with CR": changed(path="/in\rx"),
        "path with LF": changed(path="/in\nx"),
        "path with DEL": changed(path="/in\x7f"),
        "path that is a star": changed(path="*"),
        "path that is a query": changed(path="?x"),
        "path with a whole request": changed(path="/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nGET /x"),
        "path with a backslash first": changed(path="\\in"),
        "path with a space first": changed(path=" /in"),
        "method with LF": changed(method="POST\n"),
        "method that is empty": changed(method=""),
        "method with a colon": changed(method="PO:ST"),
        "method with NUL": changed(method="POST\0"),
        "method CONNECT with a path": changed(method="CONNECT"),
        "method PRI": changed(method="PRI"),
        "method of other letters": changed(method="PÖST"),
        "scheme in capitals": changed(scheme="HTTPS"),
        "scheme empty": changed(scheme=""),
        "scheme with a host": changed(scheme="https://other.example/x?"),
        "scheme file": changed(scheme="file"),
        "authority empty": changed(authority=""),
        "authority with NUL": changed(authority=f"{SITE}\0"),
        "authority with a space": changed(authority=f"{SITE} x"),
        "authority with a comma": changed(authority=f"{SITE},other.example"),
        "authority with another port": changed(authority=f"{SITE}:8080"),
        "authority with a port of letters": changed(authority=f"{SITE}:x"),
        "authority with a port too large": changed(authority=f"{SITE}:99999"),
        "authority with a fragment": changed(authority=f"{SITE}#x"),
        "authority of a subdomain": changed(authority=f"x.{SITE}"),
        "authority with CR LF and a request": changed(authority=f"{SITE}\r\n\r\nGET /x HTTP/1.1"),
        "authority twice": [*POST, (":authority", SITE)],
        "method twice": [(":method", "GET"), *POST],
        "scheme twice": [(":scheme", "http"), *POST],
        "path in capitals": [*POST[:3], (":Path", "/in")],
        "pseudo-field of CONNECT": [*POST, (":protocol", "websocket")],
        "pseudo-field without a name": [*POST, (":", "x")],
        "pseudo-field behind a field": [("x-a", "b"), *POST],
        "Host that differs in its port": [*POST, ("host", f"{SITE}:8080")],
        "Host that is empty": [*POST, ("host", "")],
        "Host twice": [*POST, ("host", SITE), ("host", SITE)],
        "Host and no authority, other site": [POST[0], POST[1], POST[3], ("host", "other.example")],
        "length with a plus": [*POST, ("content-length", f"+{len(HIDDEN)}")],
        "length with a space": [*POST, ("content-length", f" {len(HIDDEN)}")],
        "length in hex": [*POST, ("content-length", hex(len(HIDDEN)))],
        "length with a comma": [*POST, ("content-length", f"{len(HIDDEN)},{len(HIDDEN)}")],
        "length negative": [*POST, ("content-length", "-1")],
        "length empty": [*POST, ("content-length", "")],
        "length zero": [*POST, ("content-length", "0")],
        "length with CR LF": [*POST, ("content-length", f"{len(HIDDEN)}\r\nx: y")],
        "length twice, same": [*POST, ("content-length", str(len(HIDDEN))), ("content-length", str(len(HIDDEN)))],
        "length underscored": [*POST, ("content_length", "0")],
        "TE underscored": [*POST, ("transfer_encoding", "chunked")],
        "TE without a dash": [*POST, ("transferencoding", "chunked")],
        "TE identity": [*POST, ("transfer-encoding", "identity")],
        "TE in capitals": [*POST, ("Transfer-Encoding", "chunked")],
        "TE with a space": [*POST, ("transfer-encoding ", "chunked")],
        "TE behind a line end in a name": [*POST, ("x: y\r\ntransfer-encoding", "chunked")],
        "TE behind a line end in a value": [*POST, ("x", "y\r\ntransfer-encoding: chunked")],
        "a request in a value": [*POST, ("x", "y\r\n\r\nPOST /x HTTP/1.1\r\nHost: z")],
        "a request in a name": [*POST, ("x: y\r\n\r\nGET /x HTTP/1.1\r\nhost", "z")],
        "a bare CR in a value": [*POST, ("x", "a\rb")],
        "a CR at a value's end": [*POST, ("x", "a\r")],
        "a NUL at a value's start": [*POST, ("x", "\0a")],
        "a control character": [*POST, ("x", "a\x01")],
        "a space before a value": [*POST, ("x", " a")],
        "a space behind a value": [*POST, ("x", "a ")],
        "a tab behind a value": [*POST, ("x", "a\t")],
        "a name with NUL": [*POST, ("x\0", "a")],
        "a name with a tab": [*POST, ("x\t", "a")],
        "a name of other letters": [*POST, ("xé", "a")],
        "a name with DEL": [*POST, ("x\x7f", "a")],
        "a name with a bracket": [*POST, ("x(", "a")],
        "Keep-Alive": [*POST, ("keep-alive", "timeout=5")],
        "Proxy-Connection": [*POST, ("proxy-connection", "keep-alive")],
        "Connection in capitals": [*POST, ("CONNECTION", "close")],
        "Upgrade to h2c": [*POST, ("upgrade", "h2c"), ("http2-settings", "AAMAAABkAAQAAP__")],
        "TE chunked": [*POST, ("te", "chunked")],
        "TE trailers and more": [*POST, ("te", "trailers, deflate")],
        "Expect of another kind": [*POST, ("expect", "200-ok")],
        "two content types": [*POST, ("content-type", "a/b"), ("content-type", "c/d")],
        "no pseudo-fields": [("x", "a")],
        "HTTP/1 in a pseudo-field": [(":method", "POST /x HTTP/1.1"), *POST[1:]],
    }


def _frames() -> dict[str, bytes]:
    whole = head(POST)
    packed = block(POST)
    return {
        "data on stream 0": whole + data(0),
        "data before any head": data(1),
        "data on another stream": whole + data(3),
        "data on an even stream": head(POST, 2) + data(2),
        "a head on stream 0": head(POST, 0) + data(1),
        "a head on an older stream": head(POST, 5) + head(POST, 3) + data(3),
        "a head behind the end": frame(HEADERS, END_HEADERS | END_STREAM, 1, block([("x", "y")])) + whole + data(1),
        "a second head in place of trailers": whole + head(POST) + data(1),
        "trailers without an end": whole + data(1, 0) + head([("x", "y")]) + data(1),
        "trailers with a pseudo-field": whole + data(1, 0) + head([(":path", "/x")], flags=END_HEADERS | END_STREAM),
        "trailers with a length": whole + data(1, 0) + head([("content-length", "5")], flags=END_HEADERS | END_STREAM),
        "trailers with TE": whole
        + data(1, 0)
        + head([("transfer-encoding", "chunked")], flags=END_HEADERS | END_STREAM),
        "trailers with CR LF": whole + data(1, 0) + head([("x", "a\r\nb: c")], flags=END_HEADERS | END_STREAM),
        "trailers with Host": whole + data(1, 0) + head([("host", "x")], flags=END_HEADERS | END_STREAM),
        "trailers in capitals": whole + data(1, 0) + head([("X-A", "x")], flags=END_HEADERS | END_STREAM),
        "a length and no body": head([*POST, ("content-length", "50")], flags=END_HEADERS | END_STREAM),
        "a length and no body, by GET": head(
            [*changed(method="GET"), ("content-length", "5")], flags=END_HEADERS | END_STREAM
        ),
        "a length too long, then trailers": head([*POST, ("content-length", "50")])
        + data(1, 0)
        + head([("x", "y")], flags=END_HEADERS | END_STREAM),
        "a length too short, then trailers": head([*POST, ("content-length", "5")])
        + data(1, 0)
        + head([("x", "y")], flags=END_HEADERS | END_STREAM),
        "a length, and an empty end": head([*POST, ("content-length", "50")]) + data(1, 0) + data(1, payload=b""),
        "CONTINUATION without a head": frame(CONTINUATION, END_HEADERS, 1, packed) + data(1),
        "a frame between head and CONTINUATION": frame(HEADERS, 0, 1, packed[:5])
        + data(1)
        + frame(CONTINUATION, END_HEADERS, 1, packed[5:]),
        "CONTINUATION of another stream": frame(HEADERS, 0, 1, packed[:5])
        + frame(CONTINUATION, END_HEADERS, 3, packed[5:])
        + data(1),
        "a head that never ends": frame(HEADERS, 0, 1, packed) + data(1),
        "CONTINUATION flood, empty": frame(HEADERS, 0, 1, packed) + frame(CONTINUATION, 0, 1) * 5000,
        "CONTINUATION flood, full": frame(HEADERS, 0, 1, packed)
        + b"".join(frame(CONTINUATION, 0, 1, block([(f"x-{n}", "a" * 200)])) for n in range(2000)),
        "a head of a megabyte": frame(HEADERS, 0, 1, packed)
        + b"".join(frame(CONTINUATION, 0, 1, b"\0\x01x\x7f\x81\x7e" + b"a" * 16_000) for _ in range(60))
        + frame(CONTINUATION, END_HEADERS, 1),
        "a head of a thousand references": frame(
            HEADERS, END_HEADERS, 1, packed + b"\x40\x01x\x7f\x81\x1e" + b"a" * 3997 + b"\xbe" * 12_000
        )
        + data(1),
        "an index out of the table": frame(HEADERS, END_HEADERS, 1, packed + b"\xff\x80\x01") + data(1),
        "index 0": frame(HEADERS, END_HEADERS, 1, packed + b"\x80") + data(1),
        "an endless integer": frame(HEADERS, END_HEADERS, 1, packed + b"\xff" + b"\xff" * 64) + data(1),
        "a broken Huffman code": frame(HEADERS, END_HEADERS, 1, packed + b"\x00\x84\xff\xff\xff\xff\x00") + data(1),
        "a text that is cut": frame(HEADERS, END_HEADERS, 1, packed + b"\x00\x7f") + data(1),
        "a table larger than allowed": frame(HEADERS, END_HEADERS, 1, b"\x3f\xff\xff\x7f" + packed) + data(1),
        "a table size behind a field": frame(HEADERS, END_HEADERS, 1, packed + b"\x20") + data(1),
        "padding longer than the frame": frame(HEADERS, END_HEADERS | PADDED, 1, b"\xff" + packed) + data(1),
        "padding longer than the data": whole + frame(DATA, PADDED | END_STREAM, 1, b"\xff" + HIDDEN),
        "a stream that depends on itself": frame(HEADERS, END_HEADERS | WITH_PRIORITY, 1, b"\0\0\0\x01\x10" + packed)
        + data(1),
        "a frame over the largest size": whole + frame(DATA, END_STREAM, 1, HIDDEN + b"x" * 200_000),
        "SETTINGS of an odd size": frame(SETTINGS, 0, 0, b"\0\x01\0") + whole + data(1),
        "SETTINGS on a stream": frame(SETTINGS, 0, 1) + whole + data(1),
        "an acknowledgement with content": frame(SETTINGS, 1, 0, b"\0\x01\0\0\0\0") + whole + data(1),
        "a window larger than possible": frame(SETTINGS, 0, 0, b"\0\x04\xff\xff\xff\xff") + whole + data(1),
        "a frame size below the least": frame(SETTINGS, 0, 0, b"\0\x05\0\0\0\x01") + whole + data(1),
        "push that is 2": frame(SETTINGS, 0, 0, b"\0\x02\0\0\0\x02") + whole + data(1),
        "PING of a wrong size": frame(PING, 0, 0, b"1234") + whole + data(1),
        "PING on a stream": frame(PING, 0, 1, b"12345678") + whole + data(1),
        "PUSH_PROMISE from a client": whole + frame(PUSH, END_HEADERS, 1, b"\0\0\0\x02" + packed) + data(1),
        "RESET of an idle stream": frame(RESET, 0, 1, b"\0\0\0\x08") + whole + data(1),
        "RESET of a wrong size": whole + frame(RESET, 0, 1, b"\0\0") + data(1),
        "RESET on stream 0": frame(RESET, 0, 0, b"\0\0\0\x08") + whole + data(1),
        "a window update of 0": frame(WINDOW, 0, 0, b"\0\0\0\0") + whole + data(1),
        "a window that overflows": frame(WINDOW, 0, 0, b"\x7f\xff\xff\xff") * 2 + whole + data(1),
        "a window update of a wrong size": frame(WINDOW, 0, 0, b"\0\0") + whole + data(1),
        "PRIORITY of a wrong size": frame(PRIORITY, 0, 1, b"\0") + whole + data(1),
        "GOAWAY, then a request": frame(GOAWAY, 0, 0, b"\0" * 8) + whole + data(1),
        "a reset request": whole + data(1, 0) + frame(RESET, 0, 1, b"\0\0\0\x08"),
        "a body without an end": whole + data(1, 0),
        "HTTP/1 behind the preface": b"POST /in HTTP/1.1\r\nHost: " + SITE.encode() + b"\r\n\r\n" + HIDDEN,
        "rapid resets": b"".join(
            head(POST, stream) + frame(RESET, 0, stream, b"\0\0\0\x08") for stream in range(1, 8001, 2)
        )
        + head(POST, 8001)
        + data(8001),
    }


REFUSED: Final[dict[str, bytes]] = {
    **{f"fields: {name}": head(fields) + data() for name, fields in _fields().items()},
    **{f"frames: {name}": one for name, one in _frames().items()},
    "no preface": b"",
    "a preface that is cut": b"",
}

STARTS: Final[dict[str, bytes]] = {
    "no preface": frame(SETTINGS, 0, 0) + head(POST) + data(),
    "a preface that is cut": PREFACE[:-4] + frame(SETTINGS, 0, 0) + head(POST) + data(),
}
"""What these begin with in place of the preface and empty SETTINGS."""


def whole(name: str) -> bytes:
    return STARTS.get(name, PREFACE + frame(SETTINGS, 0, 0)) + REFUSED[name]
