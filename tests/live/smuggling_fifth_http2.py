"""Frames and fields over HTTP/2 that break RFC 9113 or RFC 7541, or that mean something else over HTTP/1.1.

Frames are put together byte by byte: a library would refuse to send most of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.live.harness import SITE
from tests.live.smuggling_fifth import HIDDEN, RECORD

DATA, HEADERS, PRIORITY, RESET, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITISED = 0x1, 0x1, 0x4, 0x8, 0x20
PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_MARK: Final = RECORD.encode()
_BODY: Final = HIDDEN.encode()
_OTHER: Final = "other.example"

type Fields = Sequence[tuple[str, str]]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"", length: int | None = None) -> bytes:
    """Return a frame (RFC 9113, 4.1); `length` is what it says of itself where that is another."""
    size = len(payload) if length is None else length
    return size.to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def block(fields: Fields) -> bytes:
    """Return fields as literals that are never indexed, with no Huffman code (RFC 7541, 6.2.3)."""
    return b"".join(b"\x10" + _string(name) + _string(value) for name, value in fields)


def _string(text: str) -> bytes:
    data = text.encode("latin-1")
    size = len(data)
    if size < 127:
        return bytes([size]) + data
    size -= 127
    number = bytearray([127])
    while size > 127:
        number.append(size & 127 | 128)
        size >>= 7
    return bytes([*number, size]) + data


def _head(
    method: str = "POST", path: str = "/in", authority: str = SITE, scheme: str = "https"
) -> list[tuple[str, str]]:
    return [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path)]


def _request(fields: Fields, body: bytes | None = b"hello", stream: int = 1) -> bytes:
    """Return a whole request; a body of None ends it with its head."""
    end = END_STREAM if body is None else 0
    head = frame(HEADERS, END_HEADERS | end, stream, block(fields))
    return head if body is None else head + frame(DATA, END_STREAM, stream, body)


def _with(*more: tuple[str, str], body: bytes | None = b"hello") -> bytes:
    return _request([*_head(), *more], body)


def _marked(stream: int = 1) -> bytes:
    """Return a well-formed request with a record: judged where it is read at all."""
    return _request([*_head(path="/hidden"), ("x-record", RECORD)], _MARK, stream)


def _without(name: str) -> bytes:
    return _request([one for one in _head() if one[0] != name], _MARK)


PSEUDO: Final[Mapping[str, bytes]] = {
    **{f"no {name}": _without(name) for name in (":method", ":scheme", ":path", ":authority")},
    **{f"{name} twice": _request([*_head(), (name, value)], _MARK) for name, value in _head()},
    **{f"{name} empty": _request([(one, "" if one == name else value) for one, value in _head()], _MARK)
       for name, _ in _head()},
    **{f"{name} behind a field": _request(
        [*(one for one in _head() if one[0] != name), ("x-a", "b"), *(one for one in _head() if one[0] == name)], _MARK)
       for name, _ in _head()},
    "an unknown pseudo-field": _request([(":hidden", RECORD), *_head()]),
    "a pseudo-field of answers": _request([(":status", "200"), *_head()], _MARK),
    ":protocol without CONNECT": _request([*_head(), (":protocol", "websocket")], _MARK),
    ":protocol with CONNECT": _request([*_head("CONNECT"), (":protocol", "websocket")], _MARK),
    "a pseudo-field in capitals": _request([(":Method", "POST"), *_head()[1:]], _MARK),
    ":method with a line": _request(_head(f"POST /hidden HTTP/1.1\r\nX-Record: {RECORD}\r\nX:"), None),
    ":method with a space": _request(_head("POST /hidden"), _MARK),
    ":method with a NUL": _request(_head("POST\0"), _MARK),
    ":method with a tab": _request(_head("POST\t"), _MARK),
    ":path with a line": _request(_head(path=f"/ HTTP/1.1\r\nX-Record: {RECORD}\r\nX:"), None),
    ":path with a request": _request(_head(path=f"/ HTTP/1.1\r\nHost: {SITE}\r\n\r\n{HIDDEN}"), None),
    ":path with LF": _request(_head(path=f"/\nX-Record: {RECORD}"), None),
    ":path with a space": _request(_head(path="/in HTTP/1.1"), _MARK),
    ":path with a NUL": _request(_head(path="/in\0"), _MARK),
    ":path with a fragment": _request(_head(path=f"/in#{RECORD}"), None),
    ":path with a delete character": _request(_head(path="/in\x7f"), _MARK),
    ":path without a slash": _request(_head(path="in"), _MARK),
    ":path of another site": _request(_head(path=f"http://{_OTHER}/in"), _MARK),
    ":path that continues the host": _request(_head(path=f"@{_OTHER}/in"), _MARK),
    ":path with a star": _request(_head(path="*"), _MARK),
    ":authority of another site": _request(_head(authority=_OTHER), _MARK),
    ":authority with a line": _request(_head(authority=f"{SITE}\r\nX-Record: {RECORD}"), None),
    ":authority with a user": _request(_head(authority=f"{SITE}@{_OTHER}"), _MARK),
    ":authority with a path": _request(_head(authority=f"{SITE}/x"), _MARK),
    ":authority with a space": _request(_head(authority=f"{SITE} {_OTHER}"), _MARK),
    ":authority with two": _request(_head(authority=f"{SITE},{_OTHER}"), _MARK),
    ":authority with no port": _request(_head(authority=f"{SITE}:"), _MARK),
    ":scheme with a line": _request(_head(scheme=f"https\r\nX-Record: {RECORD}"), None),
    ":scheme with a site": _request(_head(scheme=f"https://{_OTHER}/"), _MARK),
    ":scheme is another": _request(_head(scheme="http"), _MARK),
    ":scheme is none": _request(_head(scheme="x y"), _MARK),
    "CONNECT": _request([(":method", "CONNECT"), (":authority", f"{SITE}:443")], _BODY),
    "CONNECT with a path": _request(_head("CONNECT"), _BODY),
    "a host beside that is another": _with(("host", _OTHER), body=_MARK),
    "two hosts beside": _with(("host", SITE), ("host", _OTHER), body=_MARK),
    "a host instead that is another": _request(
        [one for one in _head() if one[0] != ":authority"] + [("host", _OTHER)], _MARK),
}  # fmt: skip

FIELDS: Final[Mapping[str, bytes]] = {
    "a name in capitals": _with(("X-Record", RECORD)),
    "a name with a colon": _with((f"x: {RECORD}", "y")),
    "a name with a line": _with((f"x: y\r\nx-record: {RECORD}", "y")),
    "a name with a space": _with((f"x {RECORD}", "y")),
    "a name with a NUL": _with((f"x\0{RECORD}", "y")),
    "a name beyond ASCII": _with((f"x\xe9{RECORD}", "y")),
    "no name": _with(("", RECORD)),
    "a value with a line": _with(("x", f"y\r\nx-record: {RECORD}")),
    "a value with LF": _with(("x", f"y\nx-record: {RECORD}")),
    "a value with CR": _with(("x", f"y\rx-record: {RECORD}")),
    "a value with a NUL": _with(("x", f"y\0{RECORD}")),
    "a value with a request": _with(("x", f"y\r\n\r\n{HIDDEN}")),
    "a value with a space before": _with(("x", f" {RECORD}")),
    "a value with a tab behind": _with(("x", f"{RECORD}\t")),
    "a cookie with a line": _with(("cookie", "a=b"), ("cookie", f"c=d\r\nx-record: {RECORD}")),
    "connection": _with(("connection", "keep-alive"), body=_MARK),
    "connection that takes the host away": _with(("connection", "host"), body=_MARK),
    "keep-alive": _with(("keep-alive", "timeout=5"), body=_MARK),
    "proxy-connection": _with(("proxy-connection", "keep-alive"), body=_MARK),
    "transfer-encoding": _with(("transfer-encoding", "chunked"), body=b"0\r\n\r\n" + _BODY),
    "transfer-encoding with a length": _with(
        ("content-length", str(5 + len(_BODY))), ("transfer-encoding", "chunked"), body=b"0\r\n\r\n" + _BODY),
    "transfer-encoding by another name": _with(("transfer_encoding", "chunked"), body=b"0\r\n\r\n" + _BODY),
    "upgrade": _with(("upgrade", "h2c"), body=_MARK),
    "te of chunks": _with(("te", "chunked"), body=_MARK),
    "te of two": _with(("te", "trailers, gzip"), body=_MARK),
    "http2-settings": _with(("http2-settings", "AAMAAABkAAQAAP__"), body=_MARK),
    "expect of something": _with(("expect", "200-ok"), body=_MARK),
    "a length that is too short": _with(("content-length", "0"), body=_BODY),
    "a length that is shorter by some": _with(("content-length", "5"), body=b"hello" + _BODY),
    "a length that is too long": _with(("content-length", "9000"), body=_BODY),
    "a length and no body": _with(("content-length", "5"), body=None) + _marked(3),
    "two lengths": _with(("content-length", "5"), ("content-length", "9"), body=b"hello"),
    "two lengths alike": _with(("content-length", "5"), ("content-length", "5"), body=b"hello" + _MARK),
    "a list of lengths": _with(("content-length", "5, 9"), body=b"hello" + _MARK),
    "a length with a plus": _with(("content-length", "+5"), body=b"hello" + _MARK),
    "a length below zero": _with(("content-length", "-5"), body=b"hello" + _MARK),
    "a length of words": _with(("content-length", "five"), body=b"hello" + _MARK),
    "a length of nothing": _with(("content-length", ""), body=b"hello" + _MARK),
    "a length in another script": _with(("content-length", "\xb2"), body=b"hello" + _MARK),
    "a length with a line": _with(("content-length", f"5\r\nx-record: {RECORD}")),
    "no length and chunks within": _with(body=b"0\r\n\r\n" + _BODY),
    "a request within": _with(body=_BODY),
}  # fmt: skip

_OPEN: Final = frame(HEADERS, END_HEADERS, 1, block(_head()))
_HEAD: Final = block(_head())

FRAMES: Final[Mapping[str, bytes]] = {
    "trailers with a record": _OPEN + frame(DATA, 0, 1, b"x") + frame(HEADERS, 5, 1, block([("x-sum", RECORD)])),
    "trailers with a pseudo-field": _OPEN + frame(DATA, 0, 1, _MARK) + frame(HEADERS, 5, 1, block([(":path", "/x")])),
    "trailers with a length": _OPEN + frame(DATA, 0, 1, _MARK) + frame(HEADERS, 5, 1, block([("content-length", "1")])),
    "trailers with a coding": _OPEN + frame(DATA, 0, 1, _MARK)
    + frame(HEADERS, 5, 1, block([("transfer-encoding", "chunked")])),
    "trailers with a line": _OPEN + frame(HEADERS, 5, 1, block([("x", f"y\r\nx-record: {RECORD}")])),
    "trailers that do not end": _OPEN + frame(HEADERS, 4, 1, block([("x-sum", RECORD)])) + frame(DATA, 1, 1, b"x"),
    "trailers twice": _OPEN + frame(HEADERS, 5, 1, block([("x", "y")])) + frame(HEADERS, 5, 1, block([("x", RECORD)])),
    "data behind the end": _OPEN + frame(DATA, 1, 1, b"x") + frame(DATA, 1, 1, _MARK),
    "data before a head": frame(DATA, 1, 1, _MARK),
    "data on no stream": _OPEN + frame(DATA, 1, 0, _MARK),
    "data on a stream of the server": frame(DATA, 1, 2, _MARK),
    "data padded with all of it": _OPEN + frame(DATA, PADDED | 1, 1, bytes([200]) + _MARK),
    "data padded with a record": _OPEN + frame(DATA, PADDED | 1, 1, bytes([len(_MARK)]) + b"x" + _MARK),
    "data padded without a length": _OPEN + frame(DATA, PADDED | 1, 1),
    "data longer than a frame may be": _OPEN + frame(DATA, 1, 1, _MARK + bytes(20_000)),
    "a head on no stream": frame(HEADERS, 5, 0, _HEAD),
    "a head on an even stream": frame(HEADERS, 5, 2, block([*_head(), ("x-record", RECORD)])),
    "a head on an earlier stream": _request(_head(), None, 5) + _marked(3),
    "a head on a stream that ended": _request(_head(), None, 1) + _marked(1),
    "a head that is not ended, then data": frame(HEADERS, 0, 1, _HEAD) + frame(DATA, 1, 1, _MARK),
    "a head that is not ended, then another": frame(HEADERS, 0, 1, _HEAD) + _marked(3),
    "a head that goes on elsewhere": frame(HEADERS, 1, 1, _HEAD) + frame(CONTINUATION, 4, 3, block([("x", RECORD)])),
    "a continuation of nothing": frame(CONTINUATION, 4, 1, block([*_head(), ("x", RECORD)])),
    "a continuation behind an end": _OPEN + frame(CONTINUATION, 4, 1, block([("x", RECORD)])),
    "a head that goes on": frame(HEADERS, 1, 1, _HEAD) + frame(CONTINUATION, 4, 1, block([("x", RECORD)])),
    "a head that goes on without end": frame(HEADERS, 1, 1, _HEAD) + frame(CONTINUATION, 0, 1, b"") * 300
    + frame(CONTINUATION, 4, 1, block([("x", RECORD)])),
    "a head padded with all of it": frame(HEADERS, PADDED | 5, 1, bytes([250]) + _HEAD),
    "a head padded with a record": frame(
        HEADERS, PADDED | 5, 1, bytes([len(_MARK)]) + block([*_head()]) + _MARK),
    "a head that depends on itself": frame(
        HEADERS, PRIORITISED | 5, 1, (1).to_bytes(4, "big") + b"\x10" + block([*_head(), ("x", RECORD)])),
    "a head on a stream with the reserved bit": frame(HEADERS, 5, 0x80000001, block([*_head(), ("x", RECORD)])),
    "an unknown frame with a record": _request(_head(), None) + frame(0x42, 0xFF, 1, _MARK),
    "an unknown frame within a head": frame(HEADERS, 1, 1, _HEAD) + frame(0x42, 0, 1, _MARK)
    + frame(CONTINUATION, 4, 1, b""),
    "a promise of a client": frame(PUSH, 4, 1, (2).to_bytes(4, "big") + block([*_head(), ("x", RECORD)])),
    "settings with a record": frame(SETTINGS, 0, 0, _MARK),
    "settings on a stream": frame(SETTINGS, 0, 1, bytes(6)) + _marked(3),
    "settings agreed with something": frame(SETTINGS, ACK, 0, bytes(6)) + _marked(3),
    "settings with a window that is too large": frame(SETTINGS, 0, 0, b"\0\4\xff\xff\xff\xff") + _marked(3),
    "settings with frames that are too small": frame(SETTINGS, 0, 0, b"\0\5\0\0\0\1") + _marked(3),
    "settings with a push that is neither": frame(SETTINGS, 0, 0, b"\0\2\0\0\0\7") + _marked(3),
    "a window of nothing": _OPEN + frame(WINDOW, 0, 1, bytes(4)) + frame(DATA, 1, 1, _MARK),
    "a window that runs over": frame(WINDOW, 0, 0, b"\x7f\xff\xff\xff") + _marked(1),
    "a window of an odd size": frame(WINDOW, 0, 0, bytes(3)) + _marked(1),
    "a ping of an odd size": frame(PING, 0, 0, _MARK[:3]) + _marked(1),
    "a ping with a record": frame(PING, 0, 0, _MARK) + _request(_head(), None),
    "a ping on a stream": frame(PING, 0, 1, bytes(8)) + _marked(1),
    "a reset of nothing": frame(RESET, 0, 1, bytes(4)) + _marked(1),
    "a reset, then data": _OPEN + frame(RESET, 0, 1, bytes(4)) + frame(DATA, 1, 1, _MARK),
    "a reset of an odd size": _OPEN + frame(RESET, 0, 1, bytes(3)) + frame(DATA, 1, 1, _MARK),
    "a farewell on a stream": frame(GOAWAY, 0, 1, bytes(8) + _MARK) + _marked(1),
    "a farewell with a record": frame(GOAWAY, 0, 0, bytes(8) + _MARK) + _marked(1),
    "a priority of an odd size": frame(PRIORITY, 0, 1, bytes(4)) + _marked(1),
    "a frame that is cut off": frame(HEADERS, 5, 1, _HEAD, 4000),
    "a field of an index that is none": frame(HEADERS, 5, 1, _HEAD + b"\xff\xff\x7f"),
    "a field of index 0": frame(HEADERS, 5, 1, _HEAD + b"\x80"),
    "a number without end": frame(HEADERS, 5, 1, _HEAD + b"\xff" + b"\xff" * 40 + b"\x01"),
    "a string that is cut off": frame(HEADERS, 5, 1, _HEAD + b"\x10\x01x\x50" + _MARK),
    "a Huffman code that is none": frame(HEADERS, 5, 1, _HEAD + b"\x10\x01x\x84\xff\xff\xff\xff"),
    "a Huffman code padded with zeros": frame(HEADERS, 5, 1, _HEAD + b"\x10\x01x\x81\x18"),
    "a table made larger than allowed": frame(
        HEADERS, 5, 1, b"\x3f\xe1\xff\xff\x03" + block([*_head(), ("x", RECORD)])
    ),
    "a table resized in the middle": frame(HEADERS, 5, 1, _HEAD + b"\x20" + block([("x", RECORD)])),
    "HTTP/1.1 behind the preface": _BODY,
    "HTTP/1.1 behind a request": _request(_head(), None) + _BODY,
}  # fmt: skip

FORMS: Final[Mapping[str, bytes]] = {
    name: PREFACE + frame(SETTINGS, 0, 0) + data for name, data in {**PSEUDO, **FIELDS, **FRAMES}.items()
} | {
    "no preface": frame(SETTINGS, 0, 0) + _marked(),
    "half a preface": PREFACE[:16] + frame(SETTINGS, 0, 0) + _marked(),
    "another preface": PREFACE.replace(b"SM", b"XX") + frame(SETTINGS, 0, 0) + _marked(),
    "no settings": PREFACE + _marked(),
    "HTTP/1.1 instead": _BODY,
}

_ALRIGHT: Final[Mapping[str, bytes]] = {
    "a plain request": _with(),
    "a request without a body": _with(body=None),
    "a length that is right": _with(("content-length", "5")),
    "te of trailers": _with(("te", "trailers")),
    "cookies in crumbs": _with(("cookie", "a=b"), ("cookie", "c=d")),
    "the same host beside": _with(("host", SITE)),
    "padded data": _OPEN + frame(DATA, PADDED | 1, 1, b"\x03hello\0\0\0"),
    "a padded head with a priority": frame(
        HEADERS, PADDED | PRIORITISED | 5, 1, b"\x02" + bytes(4) + b"\x10" + _HEAD + b"\0\0"),
    "a head in two frames": frame(HEADERS, 1, 1, _HEAD[:20]) + frame(CONTINUATION, 4, 1, _HEAD[20:]),
    "trailers": _OPEN + frame(DATA, 0, 1, b"hello") + frame(HEADERS, 5, 1, block([("x-sum", "abc")])),
    "data in crumbs": _OPEN + b"".join(frame(DATA, 0, 1, bytes([one])) for one in b"hello") + frame(DATA, 1, 1),
    "an unknown frame": frame(0x42, 0xFF, 0, b"grease") + _with(),
    "an unknown setting": frame(SETTINGS, 0, 0, b"\x0a\x0a\0\0\0\1") + _with(),
    "a priority first": frame(PRIORITY, 0, 3, bytes(5)) + _with(),
}  # fmt: skip
ALRIGHT: Final[Mapping[str, bytes]] = {name: PREFACE + frame(SETTINGS, 0, 0) + data for name, data in _ALRIGHT.items()}
"""What clients may send, odd as it looks: must arrive."""
