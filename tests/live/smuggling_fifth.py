"""Requests over HTTP/1.1 that break RFC 9110 and RFC 9112, or that two readers could read in two ways.

Each hides a request with a record where a reader that is less strict would find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.live.harness import SITE

RECORD: Final = "BLOCK-ME"
"""What the stand-in engine blocks wherever it is looked at."""
HIDDEN: Final = (
    f"POST /hidden HTTP/1.1\r\nHost: {SITE}\r\nX-Record: {RECORD}\r\nContent-Length: {len(RECORD)}\r\n\r\n{RECORD}"
)
_AWAY: Final = "0\r\n\r\n" + HIDDEN
_WHOLE: Final = f"Content-Length: {len(HIDDEN)}"
_WITH_AWAY: Final = f"Content-Length: {len(_AWAY)}"


def _post(*fields: str, body: str = "", line: str = "POST /in HTTP/1.1", host: str = f"Host: {SITE}") -> str:
    return "\r\n".join([line, *([host] if host else []), *fields, "", ""]) + body


def _chunked(body: str, *fields: str) -> str:
    return _post("Transfer-Encoding: chunked", *fields, body=body)


def _length(value: str, *fields: str) -> str:
    """Return a request whose length is 5 for one reader, and something else for another."""
    return _post(f"Content-Length: {value}", *fields, body="hello" + HIDDEN)


LENGTHS: Final[Mapping[str, str]] = {
    "length: two that differ": _post("Content-Length: 5", _WHOLE, body="hello" + HIDDEN),
    "length: two alike": _post("Content-Length: 5", "content-length: 5", body="hello" + HIDDEN),
    "length: a list that differs": _length(f"5, {len(HIDDEN) + 5}"),
    "length: a list alike": _length("5, 5"),
    "length: plus": _length("+5"),
    "length: minus": _length("-5"),
    "length: minus nothing": _length("-0"),
    "length: hexadecimal": _length("0x5"),
    "length: fraction": _length("5.0"),
    "length: exponent": _length("5e0"),
    "length: leading zeros": _length("0000005"),
    "length: underscore": _length("1_90"),
    "length: a space within": _length(f"5 {len(HIDDEN) + 5}"),
    "length: a tab within": _length(f"5\t{len(HIDDEN) + 5}"),
    "length: digits of another script": _length("\u0665"),
    "length: full-width digit": _length("\uff15"),
    "length: superscript": _length("\xb2"),
    "length: nothing": _length(""),
    "length: quoted": _length('"5"'),
    "length: over 64 bits": _length("18446744073709551621"),
    "length: over 32 bits of a pattern": _length("4294967301"),
    "length: with a vertical tab": _length("5\x0b"),
    "length: with a form feed": _length("\x0c5"),
    "length: with a no-break space": _length("5\xa0"),
    "length: with a parameter": _length("5;x"),
    "length: space before the colon": _post(_WHOLE.replace(":", " :"), body=HIDDEN),
    "length: tab before the colon": _post(_WHOLE.replace(":", "\t:"), body=HIDDEN),
    "length: folded": _post(f"Content-Length:\r\n {len(HIDDEN)}", body=HIDDEN),
    "length: underscore in the name": _post(f"Content_Length: {len(HIDDEN)}", body=HIDDEN),
    "length: underscore beside the real one": _post(
        "Content-Length: 5", f"Content_Length: {len(HIDDEN) + 5}", body="hello" + HIDDEN
    ),
    "length: a dot in the name": _post(f"Content.Length: {len(HIDDEN)}", body=HIDDEN),
    "length: dashes of another kind": _post(f"Content\u2010Length: {len(HIDDEN)}", body=HIDDEN),
    "length: NUL in the name": _post(f"Content-Length\0: {len(HIDDEN)}", body=HIDDEN),
    "length: taken away on the way": _post("Connection: content-length", _WHOLE, body=HIDDEN),
    "length: taken away among others": _post(
        "Connection: keep-alive, Content-Length", "Content-Length: 5", body="hello" + HIDDEN
    ),
    "length: in HTTP/1.0, and kept open": _post(
        "Connection: keep-alive", "Content-Length: 0", line="POST /in HTTP/1.0", body=HIDDEN
    ),
    "length: of a GET": _post(_WHOLE, line="GET /in HTTP/1.1", body=HIDDEN),
    "length: of a HEAD": _post(_WHOLE, line="HEAD /in HTTP/1.1", body=HIDDEN),
    "length: of a TRACE": _post(_WHOLE, line="TRACE /in HTTP/1.1", body=HIDDEN),
    "length: more than comes": _post("Content-Length: 9000", body=HIDDEN),
}

CODINGS: Final[Mapping[str, str]] = {
    "coding: before a length": _chunked(_AWAY, _WITH_AWAY),
    "coding: behind a length": _post(_WITH_AWAY, "Transfer-Encoding: chunked", body=_AWAY),
    "coding: beside no length": _post("Content-Length: 0", "Transfer-Encoding: chunked", body=_AWAY),
    "coding: beside two lengths": _chunked(_AWAY, "Content-Length: 5", "Content-Length: 5"),
    "coding: in HTTP/1.0": _post("Transfer-Encoding: chunked", line="POST /in HTTP/1.0", body=_AWAY),
    "coding: taken away on the way": _chunked(_AWAY, "Connection: transfer-encoding"),
    "coding: twice": _chunked(_AWAY, "Transfer-Encoding: chunked"),
    "coding: twice, once another": _chunked(_AWAY, "Transfer-Encoding: x"),
    "coding: another name": _post("Transfer-Encoding: xchunked", _WITH_AWAY, body=_AWAY),
    "coding: chunked is not the last": _post("Transfer-Encoding: chunked, identity", body=_AWAY),
    "coding: chunked is the second": _post("Transfer-Encoding: identity, chunked", body=_AWAY),
    "coding: chunked twice in a list": _post("Transfer-Encoding: chunked, chunked", body=_AWAY),
    "coding: an empty list item": _post("Transfer-Encoding: , chunked", body=_AWAY),
    "coding: compressed and chunked": _post("Transfer-Encoding: gzip, chunked", body=_AWAY),
    "coding: nothing": _post("Transfer-Encoding:", _WHOLE, body=HIDDEN),
    "coding: identity": _post("Transfer-Encoding: identity", _WHOLE, body=HIDDEN),
    "coding: with a parameter": _post("Transfer-Encoding: chunked;q=1", body=_AWAY),
    "coding: quoted": _post('Transfer-Encoding: "chunked"', body=_AWAY),
    "coding: with a NUL": _post("Transfer-Encoding: chunked\0", body=_AWAY),
    "coding: with a vertical tab": _post("Transfer-Encoding: \x0bchunked", body=_AWAY),
    "coding: with a no-break space": _post("Transfer-Encoding: chunked\xa0", body=_AWAY),
    "coding: in letters of another script": _post("Transfer-Encoding: \u0441hunked", _WHOLE, body=HIDDEN),
    "coding: long s and Kelvin": _post("Tran\u017ffer-Encoding: chun\u212aed", _WHOLE, body=HIDDEN),
    "coding: space before the colon": _post("Transfer-Encoding : chunked", _WITH_AWAY, body=_AWAY),
    "coding: space before the name": _post("X: y", " Transfer-Encoding: chunked", _WITH_AWAY, body=_AWAY),
    "coding: folded": _post("Transfer-Encoding:\r\n chunked", _WITH_AWAY, body=_AWAY),
    "coding: folded into nothing": _post("Transfer-Encoding: chunked\r\n\t", _WITH_AWAY, body=_AWAY),
    "coding: behind a bare LF": _post("X: y\nTransfer-Encoding: chunked", _WITH_AWAY, body=_AWAY),
    "coding: behind a bare CR": _post("X: y\rTransfer-Encoding: chunked", _WITH_AWAY, body=_AWAY),
    "coding: behind CR CR LF": _post("X: y\r\r\nTransfer-Encoding: chunked", _WITH_AWAY, body=_AWAY),
    "coding: behind a next-line character": _post("X: y\x85Transfer-Encoding: chunked", "Content-Length: 0"),
    "coding: underscore in the name": _post("Transfer_Encoding: chunked", _WITH_AWAY, body=_AWAY),
    "coding: with CGI's prefix": _post("HTTP_TRANSFER_ENCODING: chunked", _WITH_AWAY, body=_AWAY),
    "coding: quoted name": _post('"Transfer-Encoding": chunked', _WITH_AWAY, body=_AWAY),
    "coding: of a GET": _post("Transfer-Encoding: chunked", line="GET /in HTTP/1.1", body=_AWAY),
}

CHUNKS: Final[Mapping[str, str]] = {
    "chunk: a record in an extension": _chunked(f"5;{RECORD}\r\nhello\r\n0\r\n\r\n"),
    "chunk: a request in a quoted extension": _chunked(f'5;a="{HIDDEN}"\r\nhello\r\n0\r\n\r\n'),
    "chunk: an extension ended by LF": _chunked(f"5;\n{HIDDEN}\r\nhello\r\n0\r\n\r\n"),
    "chunk: an extension of the last": _chunked(f"0;{RECORD}=1\r\n\r\n"),
    "chunk: a space before the extension": _chunked(f"5 ;{RECORD}\r\nhello\r\n0\r\n\r\n"),
    "chunk: 0x": _chunked("0x5\r\nhello\r\n" + _AWAY),
    "chunk: plus": _chunked("+5\r\nhello\r\n" + _AWAY),
    "chunk: minus": _chunked("-5\r\nhello\r\n" + _AWAY),
    "chunk: underscore": _chunked("0_5\r\nhello\r\n" + _AWAY),
    "chunk: a space before the size": _chunked(" 5\r\nhello\r\n" + _AWAY),
    "chunk: a space behind the size": _chunked("5 \r\nhello\r\n" + _AWAY),
    "chunk: a tab behind the size": _chunked("5\t\r\nhello\r\n" + _AWAY),
    "chunk: no size": _chunked("\r\nhello\r\n" + _AWAY),
    "chunk: no number": _chunked("g\r\nhello\r\n" + _AWAY),
    "chunk: over 64 bits": _chunked("10000000000000005\r\nhello\r\n" + _AWAY),
    "chunk: over 32 bits": _chunked("100000005\r\nhello\r\n" + _AWAY),
    "chunk: the most negative": _chunked("8000000000000000\r\nhello\r\n" + _AWAY),
    "chunk: zeros without end": _chunked("0" * 4000 + "5\r\nhello\r\n" + _AWAY),
    "chunk: size ended by LF": _chunked("5\nhello\r\n" + _AWAY),
    "chunk: size ended by CR": _chunked("5\rhello\r\n" + _AWAY),
    "chunk: size ended by CR CR LF": _chunked("5\r\r\nhello\r\n" + _AWAY),
    "chunk: a NUL in the size": _chunked("5\0\r\nhello\r\n" + _AWAY),
    "chunk: full-width digit": _chunked("\uff15\r\nhello\r\n" + _AWAY),
    "chunk: data not ended": _chunked("5\r\nhello" + _AWAY),
    "chunk: data ended by LF": _chunked("5\r\nhello\n" + _AWAY),
    "chunk: data ended by CR": _chunked("5\r\nhello\r" + _AWAY),
    "chunk: data ended by two others": _chunked("5\r\nhelloXX" + _AWAY),
    "chunk: data longer than its size": _chunked("3\r\nhello\r\n" + _AWAY),
    "chunk: the last ended by LF": _chunked("0\n\n" + HIDDEN),
    "chunk: the last ended by CRLF and LF": _chunked("0\r\n\n" + HIDDEN),
    "chunk: the last ended by CR": _chunked("0\r\r" + HIDDEN),
    "chunk: a last one and another": _chunked("0\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + HIDDEN),
    "chunk: no last one": _chunked(f"{len(HIDDEN) - 4:x}\r\n" + HIDDEN),
    "trailers: a length": _chunked(f"0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n" + HIDDEN),
    "trailers: a coding": _chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n" + _AWAY),
    "trailers: a host": _chunked("0\r\nHost: other.example\r\n\r\n" + HIDDEN),
    "trailers: folded": _chunked(f"0\r\nX: a\r\n {RECORD}\r\n\r\n"),
    "trailers: ended by LF": _chunked(f"0\r\nX: a\nY: {RECORD}\r\n\r\n"),
    "trailers: no colon": _chunked(f"0\r\n{RECORD}\r\n\r\n"),
    "trailers: a space before the colon": _chunked(f"0\r\nX : {RECORD}\r\n\r\n"),
    "trailers: a record": _chunked(f"0\r\nX-Sum: {RECORD}\r\n\r\n"),
    "trailers: never ended": _chunked(f"0\r\nX-Sum: {RECORD}\r\n"),
    "trailers: a request line": _chunked("0\r\n" + HIDDEN),
}

HEADS: Final[Mapping[str, str]] = {
    "line: LF everywhere": _post(_WHOLE, body=HIDDEN).replace("\r\n", "\n"),
    "line: one LF": _post("X: y\nX-Record: " + RECORD, "Content-Length: 0"),
    "line: head ended by LF LF": f"POST /in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 0\n\n" + HIDDEN,
    "line: head ended by CRLF LF": f"POST /in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 0\r\n\n" + HIDDEN,
    "line: CR as an end": _post("X: y\rX-Record: " + RECORD, "Content-Length: 0"),
    "line: folded": _post("X: y\r\n " + RECORD, "Content-Length: 0"),
    "line: folded at the first": f"POST /in HTTP/1.1\r\n X: {RECORD}\r\nHost: {SITE}\r\nContent-Length: 0\r\n\r\n",
    "line: folded host": _post("Content-Length: 0", host=f"Host:\r\n {SITE}", body=HIDDEN),
    "line: many empty ones": "\r\n" * 40 + HIDDEN,
    "line: an LF before": "\n" + HIDDEN,
    "line: a space before": " " + HIDDEN,
    "line: a NUL before": "\0" + HIDDEN,
    "line: a byte order mark before": "\ufeff" + HIDDEN,
    "line: no version": "GET /in\r\n" + HIDDEN,
    "line: no version and no target": "GET\r\n" + HIDDEN,
    "line: small letters": _post(_WHOLE, line="POST /in http/1.1", body=HIDDEN),
    "line: another version": _post(_WHOLE, line="POST /in HTTP/1.2", body=HIDDEN),
    "line: version 2": _post(_WHOLE, line="POST /in HTTP/2.0", body=HIDDEN),
    "line: version 0.9": _post(_WHOLE, line="POST /in HTTP/0.9", body=HIDDEN),
    "line: a long version": _post(_WHOLE, line="POST /in HTTP/1.10", body=HIDDEN),
    "line: a leading zero": _post(_WHOLE, line="POST /in HTTP/01.1", body=HIDDEN),
    "line: a space in the version": _post(_WHOLE, line="POST /in HTTP/ 1.1", body=HIDDEN),
    "line: another protocol": _post(_WHOLE, line="POST /in ICAP/1.1", body=HIDDEN),
    "line: two spaces": _post(_WHOLE, line="POST  /in HTTP/1.1", body=HIDDEN),
    "line: a tab": _post(_WHOLE, line="POST\t/in\tHTTP/1.1", body=HIDDEN),
    "line: a vertical tab": _post(_WHOLE, line="POST\x0b/in HTTP/1.1", body=HIDDEN),
    "line: a no-break space": _post(_WHOLE, line="POST\xa0/in HTTP/1.1", body=HIDDEN),
    "line: a space at the end": _post(_WHOLE, line="POST /in HTTP/1.1 ", body=HIDDEN),
    "line: words behind": _post(_WHOLE, line="POST /in HTTP/1.1 x", body=HIDDEN),
    "line: preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "method: a colon": _post(_WHOLE, line="PO:ST /in HTTP/1.1", body=HIDDEN),
    "method: a NUL": _post(_WHOLE, line="POST\0 /in HTTP/1.1", body=HIDDEN),
    "method: none": _post(_WHOLE, line=" /in HTTP/1.1", body=HIDDEN),
    "method: brackets": _post(_WHOLE, line="[POST] /in HTTP/1.1", body=HIDDEN),
    "method: CONNECT": _post(line=f"CONNECT {SITE}:443 HTTP/1.1", body=HIDDEN),
    "method: CONNECT with a body": _post(_WHOLE, line=f"CONNECT {SITE}:443 HTTP/1.1", body=HIDDEN),
    "method: CONNECT without a port": _post(line=f"CONNECT {SITE} HTTP/1.1", body=HIDDEN),
    "method: CONNECT to a path": _post(line="CONNECT /in HTTP/1.1", body=HIDDEN),
    "target: a space": _post(_WHOLE, line="POST /in x HTTP/1.1", body=HIDDEN),
    "target: a request within": f"GET /in HTTP/1.1 /x HTTP/1.1\r\nHost: {SITE}\r\n\r\n" + HIDDEN,
    "target: a bare CR": _post(_WHOLE, line="POST /in\rx HTTP/1.1", body=HIDDEN),
    "target: a NUL": _post(_WHOLE, line="POST /in\0 HTTP/1.1", body=HIDDEN),
    "target: a fragment": _post(_WHOLE, line=f"POST /in#{RECORD} HTTP/1.1", body=HIDDEN),
    "target: a delete character": _post(_WHOLE, line="POST /in\x7f HTTP/1.1", body=HIDDEN),
    "target: none": _post(_WHOLE, line="POST  HTTP/1.1", body=HIDDEN),
    "target: no slash": _post(_WHOLE, line="POST in HTTP/1.1", body=HIDDEN),
    "target: a question mark first": _post(_WHOLE, line="POST ?in HTTP/1.1", body=HIDDEN),
    "target: a star": _post(_WHOLE, line="POST * HTTP/1.1", body=HIDDEN),
    "target: a backslash": _post(_WHOLE, line="POST \\in HTTP/1.1", body=HIDDEN),
    "target: another site's": _post(_WHOLE, line="POST http://other.example/in HTTP/1.1", body=HIDDEN),
    "target: another site's, secure": _post(
        _WHOLE, line="POST https://other.example/in HTTP/1.1", body=HIDDEN
    ),
    "target: with a user": _post(_WHOLE, line=f"POST http://a@{SITE}/in HTTP/1.1", body=HIDDEN),
    "target: with a user that looks like a host": _post(
        _WHOLE, line=f"POST http://{SITE}:80@other.example/in HTTP/1.1", body=HIDDEN
    ),
    "target: with a backslash before the host": _post(
        _WHOLE, line=f"POST http://other.example\\@{SITE}/in HTTP/1.1", body=HIDDEN
    ),
    "target: with two ports": _post(_WHOLE, line=f"POST http://{SITE}:80:443/in HTTP/1.1", body=HIDDEN),
    "target: with a port that is none": _post(_WHOLE, line=f"POST http://{SITE}:x/in HTTP/1.1", body=HIDDEN),
    "target: with port 0": _post(_WHOLE, line=f"POST http://{SITE}:0/in HTTP/1.1", body=HIDDEN),
    "target: with one slash": _post(_WHOLE, line=f"POST http:/{SITE}/in HTTP/1.1", body=HIDDEN),
    "target: with three slashes": _post(_WHOLE, line="POST http:///in HTTP/1.1", body=HIDDEN),
    "target: of another scheme": _post(_WHOLE, line=f"POST ftp://{SITE}/in HTTP/1.1", body=HIDDEN),
    "target: a scheme that ends the host": _post(
        _WHOLE, line=f"POST http://{SITE}?http://other.example/ HTTP/1.1", body=HIDDEN
    ),
    "host: none": _post(_WHOLE, host="", body=HIDDEN),
    "host: twice": _post(_WHOLE, "Host: other.example", body=HIDDEN),
    "host: twice alike": _post(_WHOLE, f"host: {SITE}", body=HIDDEN),
    "host: empty": _post(_WHOLE, host="Host:", body=HIDDEN),
    "host: another": _post(_WHOLE, host="Host: other.example", body=HIDDEN),
    "host: two in one": _post(_WHOLE, host=f"Host: {SITE}, other.example", body=HIDDEN),
    "host: two words": _post(_WHOLE, host=f"Host: {SITE} other.example", body=HIDDEN),
    "host: with a user": _post(_WHOLE, host=f"Host: {SITE}@other.example", body=HIDDEN),
    "host: with a path": _post(_WHOLE, host=f"Host: {SITE}/other", body=HIDDEN),
    "host: with a query": _post(_WHOLE, host=f"Host: {SITE}?x", body=HIDDEN),
    "host: with a port that is none": _post(_WHOLE, host=f"Host: {SITE}:http", body=HIDDEN),
    "host: with a large port": _post(_WHOLE, host=f"Host: {SITE}:65979", body=HIDDEN),
    "host: space before the colon": _post(_WHOLE, host=f"Host : {SITE}", body=HIDDEN),
    "host: in percents": _post(_WHOLE, host="Host: other%2eexample", body=HIDDEN),
    "name: none": _post(f": {RECORD}", _WHOLE, body=HIDDEN),
    "name: no colon": _post(RECORD, _WHOLE, body=HIDDEN),
    "name: a space within": _post(f"X Record: {RECORD}", _WHOLE, body=HIDDEN),
    "name: brackets": _post(f"X(Record): {RECORD}", _WHOLE, body=HIDDEN),
    "name: a NUL": _post(f"X\0Record: {RECORD}", _WHOLE, body=HIDDEN),
    "name: beyond ASCII": _post(f"X-R\xe9cord: {RECORD}", _WHOLE, body=HIDDEN),
    "name: a request line": _post("POST /hidden HTTP/1.1", f"X-Record: {RECORD}", "Content-Length: 0"),
    "value: a NUL": _post(f"X: \0{RECORD}", _WHOLE, body=HIDDEN),
    "value: an escape": _post(f"X: \x1b[2J{RECORD}", _WHOLE, body=HIDDEN),
    "value: a delete character": _post(f"X: \x7f{RECORD}", _WHOLE, body=HIDDEN),
    "expect: something else": _post("Expect: 200-ok", _WHOLE, body=HIDDEN),
    "expect: two": _post("Expect: 100-continue, x", _WHOLE, body=HIDDEN),
    "expect: twice": _post("Expect: 100-continue", "Expect: 100-continue", _WHOLE, body=HIDDEN),
    "expect: and go on at once": _post("Expect: 100-continue", "Content-Length: 0", body=HIDDEN),
    "upgrade: HTTP/2 in the clear": _post(
        *("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
        *("Content-Length: 0",), body=HIDDEN,
    ),
    "upgrade: what nobody knows": _post("Connection: Upgrade", "Upgrade: x", "Content-Length: 0", body=HIDDEN),
    "upgrade: half a WebSocket": _post(
        "Connection: Upgrade", "Upgrade: websocket", line="GET /in HTTP/1.1", body=HIDDEN
    ),
    "upgrade: a WebSocket with a body": _post(
        *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAA"),
        *(_WHOLE,), line="GET /in HTTP/1.1", body=HIDDEN,
    ),
    "upgrade: a WebSocket of another version": _post(
        *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 12", "Sec-WebSocket-Key: AAAA"),
        line="GET /in HTTP/1.1", body=HIDDEN,
    ),
    "upgrade: TLS": _post("Connection: Upgrade", "Upgrade: TLS/1.0", line="OPTIONS * HTTP/1.1", body=HIDDEN),
    "connection: names the host": _post("Connection: host", _WHOLE, body=HIDDEN),
    "connection: names a coding": _post(
        "Connection: content-encoding", "Content-Encoding: gzip", _WHOLE, body=HIDDEN
    ),
    "connection: is no list": _post("Connection: close;x", _WHOLE, body=HIDDEN),
    "pipelined: a record in the second": _post("Content-Length: 5", body="hello") + HIDDEN,
    "pipelined: behind an upload of nothing": _post("Content-Length: 0") + HIDDEN,
    "pipelined: behind an answer that closes": _post("Connection: close", "Content-Length: 0") + HIDDEN,
    "pipelined: behind HTTP/1.0": _post("Content-Length: 0", line="POST /in HTTP/1.0") + HIDDEN,
    "pipelined: junk between": _post("Content-Length: 0") + "junk\r\n" + HIDDEN,
}  # fmt: skip

FORMS: Final[Mapping[str, str]] = {**LENGTHS, **CODINGS, **CHUNKS, **HEADS}


ALRIGHT: Final[Mapping[str, str]] = {
    "an empty line before": "\r\n" + _post("Content-Length: 5", body="hello"),
    "tabs and spaces around a value": _post("Content-Length: \t 5 \t", "X:\t y \t", body="hello"),
    "no space behind the colon": _post("Content-Length:5", "X:y", body="hello"),
    "an empty value": _post("X:", "Content-Length: 5", body="hello"),
    "a value beyond ASCII": _post("X: \xe9", "Content-Length: 5", body="hello"),
    "small letters": _post("content-length: 5", host=f"host: {SITE}", body="hello"),
    "chunks in capitals": _post("Transfer-Encoding: Chunked", body="5\r\nhello\r\n0\r\n\r\n"),
    "a size with zeros before it": _chunked("0005\r\nhello\r\n000\r\n\r\n"),
    "a size in small and large letters": _chunked("a\r\nhellohello\r\nA\r\nhellohello\r\n0\r\n\r\n"),
    "a trailer": _chunked("5\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n", "Trailer: X-Sum"),
    "a connection that names a field": _post(
        "Connection: keep-alive, X-Foo", "X-Foo: y", "Content-Length: 5", body="hello"
    ),
    "a body that is asked about first": _post("Expect: 100-Continue", "Content-Length: 5", body="hello"),
    "HTTP/1.0": _post("Content-Length: 5", line="POST /in HTTP/1.0", body="hello"),
    "a query with odd characters": _post("Content-Length: 5", line='POST /in?a=[1]|{2}^`"<> HTTP/1.1', body="hello"),
    "a body of a DELETE": _post("Content-Length: 5", line="DELETE /in HTTP/1.1", body="hello"),
    "a method nobody knows": _post("Content-Length: 5", line="BREW /in HTTP/1.1", body="hello"),
}
"""What clients may send, odd as it looks: must arrive."""


def raw(case: str) -> bytes:
    """Return the bytes of a case; what is not of Latin-1 is UTF-8, as a client would type it."""
    return b"".join(one.encode("latin-1" if ord(one) < 256 else "utf-8") for one in {**FORMS, **ALRIGHT}[case])
