"""Requests that two readers could read in two ways: refused, and nothing of what they hide reaches the origin.

Written from RFC 9112, 9110 and 9113. Each hides a record behind a difference; the origin keeps every byte it gets.
"""

from __future__ import annotations

import socket

import h2.config
import h2.connection
import h2.events
import pytest

from tests.live.harness import SITE, WAIT, ProxyProcess
from tests.live.recorder import HIDDEN, SMUGGLED, Recorder, everything, exchange, request, tunnel

pytestmark = pytest.mark.live

CL, CHUNKED = "Content-Length: 5", "Transfer-Encoding: chunked"
_CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"
_SMUGGLING = b"0\r\n\r\n" + SMUGGLED

REFUSED: dict[str, bytes] = {
    # RFC 9112, 6.3: what frames the body
    "CL and TE": request(CL, CHUNKED, body=_SMUGGLING),
    "TE and CL": request(CHUNKED, f"Content-Length: {len(_SMUGGLING)}", body=_SMUGGLING),
    "two lengths that differ": request(CL, "Content-Length: 50", body=b"hello" + SMUGGLED),
    "two lengths that agree": request(CL, CL, body=b"hello" + SMUGGLED),
    "a list of lengths": request("Content-Length: 5, 5", body=b"hello" + SMUGGLED),
    "a list of lengths that differ": request("Content-Length: 5, 50", body=b"hello" + SMUGGLED),
    "a length with a plus": request("Content-Length: +5", body=b"hello" + SMUGGLED),
    "a negative length": request("Content-Length: -5", body=SMUGGLED),
    "a length in hex": request("Content-Length: 0x5", body=b"hello" + SMUGGLED),
    "a length with leading zeros": request("Content-Length: 0005", body=b"hello" + SMUGGLED),
    "a length with a fraction": request("Content-Length: 5.0", body=b"hello" + SMUGGLED),
    "a length with a space in it": request("Content-Length: 5 0", body=b"hello" + SMUGGLED),
    "a length with an underscore": request("Content-Length: 5_0", body=b"hello" + SMUGGLED),
    "a length that is empty": request("Content-Length:", body=SMUGGLED),
    "a length of words": request("Content-Length: five", body=SMUGGLED),
    "a length beyond all bounds": request(f"Content-Length: {'9' * 40}", body=SMUGGLED),
    "a length in other digits": request("Content-Length: ٥".encode().decode("latin-1"), body=b"hello" + SMUGGLED),
    "a space before the colon of a length": request("Content-Length : 5", body=b"hello" + SMUGGLED),
    "a tab before the colon of a length": request("Content-Length\t: 5", body=b"hello" + SMUGGLED),
    "a space before a field's name": request(" Content-Length: 5", body=b"hello" + SMUGGLED),
    "an underscore for the dash": request("Content_Length: 5", body=b"hello" + SMUGGLED),
    "TE with an underscore": request("Transfer_Encoding: chunked", CL, body=_SMUGGLING),
    "TE identity": request("Transfer-Encoding: identity", CL, body=b"hello" + SMUGGLED),
    "TE gzip": request("Transfer-Encoding: gzip", body=SMUGGLED),
    "TE gzip, chunked": request("Transfer-Encoding: gzip, chunked", body=_SMUGGLING),
    "TE chunked, gzip": request("Transfer-Encoding: chunked, gzip", body=_SMUGGLING),
    "TE chunked twice": request("Transfer-Encoding: chunked, chunked", body=_SMUGGLING),
    "two TE fields": request(CHUNKED, CHUNKED, body=_SMUGGLING),
    "two TE fields that differ": request(CHUNKED, "Transfer-Encoding: x", body=_SMUGGLING),
    "TE xchunked": request("Transfer-Encoding: xchunked", CL, body=_SMUGGLING),
    "TE chunked with a parameter": request("Transfer-Encoding: chunked;q=1", body=_SMUGGLING),
    "TE in quotes": request('Transfer-Encoding: "chunked"', body=_SMUGGLING),
    "TE with a vertical tab": request("Transfer-Encoding: \x0bchunked", CL, body=_SMUGGLING),
    "TE with a form feed": request("Transfer-Encoding: chunked\x0c", CL, body=_SMUGGLING),
    "TE with a space before the colon": request("Transfer-Encoding : chunked", CL, body=_SMUGGLING),
    "TE with a non-breaking space": request("Transfer-Encoding:\xa0chunked", CL, body=_SMUGGLING),
    "TE empty": request("Transfer-Encoding:", CL, body=_SMUGGLING),
    "TE in HTTP/1.0": request(CHUNKED, line="POST /in HTTP/1.0", body=_SMUGGLING),
    # RFC 9112, 5.2 and 2.2: lines
    "a folded field": request("X-A: b\r\n Transfer-Encoding: chunked", CL, body=_SMUGGLING),
    "a folded length": request("Content-Length:\r\n 5", body=b"hello" + SMUGGLED),
    "a folded first field": request("\tX: y", host=None, body=SMUGGLED),
    "bare LF in the head": request("X-A: b\nTransfer-Encoding: chunked", CL, body=_SMUGGLING),
    "bare LF everywhere": b"POST /in HTTP/1.1\nHost: " + SITE.encode() + b"\nContent-Length: 13\n\n" + HIDDEN,
    "bare LF at the head's end": request(CL)[:-2] + b"\nhello" + SMUGGLED,
    "bare CR in a value": request("X-A: b\rTransfer-Encoding: chunked", CL, body=_SMUGGLING),
    "bare CR as a line's end": request(CL).replace(b"\r\n", b"\r", 1) + b"hello" + SMUGGLED,
    "NUL in a value": request("X-A: b\0c", CL, body=b"hello" + SMUGGLED),
    "NUL in a name": request("X\0A: b", CL, body=b"hello" + SMUGGLED),
    "a control character in a value": request("X-A: \x01", CL, body=b"hello" + SMUGGLED),
    "DEL in a value": request("X-A: \x7f", CL, body=b"hello" + SMUGGLED),
    "a field without a colon": request("X-A", CL, body=b"hello" + SMUGGLED),
    "a field without a name": request(": x", CL, body=b"hello" + SMUGGLED),
    "a name with a space": request("X A: b", CL, body=b"hello" + SMUGGLED),
    "a name in brackets": request("(X): b", CL, body=b"hello" + SMUGGLED),
    "a name in other letters": request("Cöntent-Length: 5", CL, body=b"hello" + SMUGGLED),
    "many empty lines first": b"\r\n" * 5 + request(CL, body=b"hello" + SMUGGLED),
    # RFC 9112, 3: the request line and its target
    "two spaces in the request line": request(CL, line="POST  /in HTTP/1.1", body=b"hello"),
    "a tab in the request line": request(CL, line="POST\t/in HTTP/1.1", body=b"hello"),
    "a space in the target": request(CL, line="POST /in x HTTP/1.1", body=b"hello"),
    "a space behind the version": request(CL, line="POST /in HTTP/1.1 ", body=b"hello"),
    "a space before the method": request(CL, line=" POST /in HTTP/1.1", body=b"hello"),
    "no version": request(CL, line="POST /in", body=b"hello"),
    "version 0.9": request(CL, line="POST /in HTTP/0.9", body=b"hello"),
    "version 1.2": request(CL, line="POST /in HTTP/1.2", body=b"hello"),
    "version 2.0": request(CL, line="POST /in HTTP/2.0", body=b"hello"),
    "version 1.10": request(CL, line="POST /in HTTP/1.10", body=b"hello"),
    "version in small letters": request(CL, line="POST /in http/1.1", body=b"hello"),
    "another protocol": request(CL, line="POST /in ICY/1.1", body=b"hello"),
    "a method with a bracket": request(CL, line="PO(ST /in HTTP/1.1", body=b"hello"),
    "the preface of HTTP/2": request(CL, line="PRI * HTTP/2.0", body=b"hello"),
    "a control character in the target": request(CL, line="POST /i\x01n HTTP/1.1", body=b"hello"),
    "NUL in the target": request(CL, line="POST /i\0n HTTP/1.1", body=b"hello"),
    "a fragment in the target": request(CL, line="POST /in#x HTTP/1.1", body=b"hello"),
    "a target without a slash": request(CL, line="POST in HTTP/1.1", body=b"hello"),
    "a star for POST": request(CL, line="POST * HTTP/1.1", body=b"hello"),
    "an absolute target for another site": request(CL, line="POST https://other.example/in HTTP/1.1", body=b"hello"),
    "an absolute target for this site": request(CL, line=f"POST https://{SITE}/in HTTP/1.1", body=b"hello"),
    "an absolute target with a user": request(CL, line=f"POST https://x@{SITE}/in HTTP/1.1", body=b"hello"),
    "an absolute target of another scheme": request(CL, line=f"POST ftp://{SITE}/in HTTP/1.1", body=b"hello"),
    "CONNECT in the tunnel": request(line=f"CONNECT {SITE}:443 HTTP/1.1", body=SMUGGLED),
    # RFC 9112, 3.2: Host
    "no Host": request(CL, host=None, body=b"hello"),
    "an empty Host": request(CL, host="Host:", body=b"hello"),
    "two Hosts": request(f"Host: {SITE}", CL, body=b"hello"),
    "two Hosts that differ": request("Host: other.example", CL, body=b"hello"),
    "a Host with a user": request(CL, host=f"Host: x@{SITE}", body=b"hello"),
    "a Host with a path": request(CL, host=f"Host: {SITE}/x", body=b"hello"),
    "a Host with a list": request(CL, host=f"Host: {SITE}, other.example", body=b"hello"),
    "a Host with a space": request(CL, host=f"Host: {SITE} other.example", body=b"hello"),
    "a Host with a port of letters": request(CL, host=f"Host: {SITE}:https", body=b"hello"),
    "a space before the colon of Host": request(CL, host=f"Host : {SITE}", body=b"hello"),
    # RFC 9112, 7.1: chunks
    "a chunk extension": request(CHUNKED, body=b"5;x=HIDDEN-RECORD\r\nhello\r\n0\r\n\r\n"),
    "an extension on the last chunk": request(CHUNKED, body=b"5\r\nhello\r\n0;HIDDEN-RECORD\r\n\r\n"),
    "a chunk size with a plus": request(CHUNKED, body=b"+5\r\nhello\r\n0\r\n\r\n"),
    "a negative chunk size": request(CHUNKED, body=b"-5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size with 0x": request(CHUNKED, body=b"0x5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size with a space": request(CHUNKED, body=b"5 \r\nhello\r\n0\r\n\r\n"),
    "a space before a chunk size": request(CHUNKED, body=b" 5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size with an underscore": request(CHUNKED, body=b"0_5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size beyond 64 bits": request(CHUNKED, body=b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    "an empty chunk size": request(CHUNKED, body=b"\r\nhello\r\n0\r\n\r\n"),
    "a chunk line that ends in LF": request(CHUNKED, body=b"5\nhello\r\n0\r\n\r\n"),
    "a chunk line that ends in CR": request(CHUNKED, body=b"5\rXhello\r\n0\r\n\r\n"),
    "a chunk longer than it says": request(CHUNKED, body=b"5\r\nhelloHIDDEN-RECORD\r\n0\r\n\r\n"),
    "a chunk that ends in LF": request(CHUNKED, body=b"5\r\nhello\n0\r\n\r\n"),
    "a chunk that ends in two wrong bytes": request(CHUNKED, body=b"5\r\nhelloXX0\r\n\r\n"),
    "a length in the trailers": request(CHUNKED, body=b"5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"),
    "a folded trailer": request(CHUNKED, body=b"5\r\nhello\r\n0\r\nX: a\r\n b\r\n\r\n"),
    "a trailer that ends in LF": request(CHUNKED, body=b"5\r\nhello\r\n0\r\nX: a\n\r\n"),
    "a trailer without a colon": request(CHUNKED, body=b"5\r\nhello\r\n0\r\nHIDDEN-RECORD\r\n\r\n"),
    # RFC 9110: fields that change what the next hop sees
    "Connection that names the length": request(CL, "Connection: close, Content-Length", body=b"hello"),
    "Connection that names Host": request(CL, "Connection: Host", body=b"hello"),
    "Connection that names TE": request(CHUNKED, "Connection: transfer-encoding", body=_CHUNKS),
    "an Expect of another kind": request(CL, "Expect: 200-ok", body=b"hello"),
    "two content types": request(CL, "Content-Type: text/plain", "Content-Type: image/png", body=b"hello"),
}

PASSED: dict[str, bytes] = {
    "a length": request(CL, body=b"hello"),
    "a length and spaces around it": request("Content-Length: \t5 ", body=b"hello"),
    "chunks": request(CHUNKED, body=_CHUNKS),
    "chunks in capitals": request("Transfer-Encoding: CHUNKED", body=b"000A\r\nhello hell\r\n0\r\n\r\n"),
    "trailers": request(CHUNKED, "Trailer: X-Sum", body=b"5\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n"),
    "no body": request("Accept: */*", line="GET /in?x=1&y='%E5%BC%A0' HTTP/1.1"),
    "OPTIONS": request(line="OPTIONS * HTTP/1.1"),
    "an empty line first": b"\r\n" + request(CL, body=b"hello"),
    "HTTP/1.0": request(CL, line="POST /in HTTP/1.0", body=b"hello"),
    "an odd method and odd fields": request("X-!#$: ~\t~", "Empty:", line="M-SEARCH /in HTTP/1.1"),
    "raw UTF-8 in target and value": request("X-Name: 张".encode().decode("latin-1"), line="GET /é HTTP/1.1"),
}


def test_the_list_is_long_enough() -> None:
    assert len(REFUSED) >= 110


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    answers = exchange(strict, REFUSED[name])
    first = answers.split(b"\r\n", 1)[0]
    # A request that is complete before the fault is its own; what is behind it must not be one.
    assert first == b"" or first.split(b" ")[1] in {b"400", b"421", b"403", b"431", b"501", b"505"}, answers
    assert b"200 OK" not in answers
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("name", PASSED)
def test_what_is_plain_passes(name: str, strict: ProxyProcess) -> None:
    assert exchange(strict, PASSED[name], WAIT).startswith(b"HTTP/1.1 200 OK"), name


def test_a_record_in_trailers_is_seen(strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    body = b"5\r\nhello\r\n0\r\nX-Sum: BLOCK-ME\r\n\r\n"
    assert b" 403 " in exchange(strict, request(CHUNKED, body=body)).split(b"\r\n")[0]
    assert bytes(recorder.got) == b""


OUTSIDE: dict[str, bytes] = {
    "a Host of another site": request(CL, line=f"POST http://plain.{SITE}/in HTTP/1.1", body=b"hello"),
    "a user in the target": request(CL, line=f"POST http://x@plain.{SITE}/in HTTP/1.1", host=f"Host: plain.{SITE}"),
    "a target without a host": request(CL, line="POST http:///in HTTP/1.1", host=f"Host: plain.{SITE}"),
    "a backslash in the host": request(
        CL, line=f"POST http://plain.{SITE}\\@x/in HTTP/1.1", host=f"Host: plain.{SITE}"
    ),
    "a port of letters": request(CL, line=f"POST http://plain.{SITE}:x/in HTTP/1.1", host=f"Host: plain.{SITE}"),
    "ftp": request(CL, line=f"POST ftp://plain.{SITE}/in HTTP/1.1", host=f"Host: plain.{SITE}"),
    "CONNECT with a body": request(CL, line=f"CONNECT {SITE}:443 HTTP/1.1", host=f"Host: {SITE}:443", body=b"hello"),
    "CONNECT without a port": request(line=f"CONNECT {SITE} HTTP/1.1", host=f"Host: {SITE}"),
    "CONNECT with a path": request(line=f"CONNECT {SITE}:443/x HTTP/1.1", host=f"Host: {SITE}:443"),
    "CONNECT to a URL": request(line=f"CONNECT https://{SITE}/ HTTP/1.1", host=f"Host: {SITE}"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_same_holds_outside_atunnel(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    with socket.create_connection(("127.0.0.1", strict.port)) as client:
        client.sendall(OUTSIDE[name])
        answer = everything(client)
    assert answer == b"" or answer.split(b" ")[1][:1] in {b"4", b"5"}, answer
    assert bytes(recorder.got) == b""


_PSEUDO = [(":method", "POST"), (":scheme", "https"), (":authority", SITE), (":path", "/in")]


def _with(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    changed = dict(pairs)
    return [(name, changed.get(name, value)) for name, value in _PSEUDO]


HTTP2_REFUSED: dict[str, list[tuple[str, str]]] = {
    "a path with a request behind it": _with((":path", "/in HTTP/1.1\r\nHost: x\r\n\r\nPOST /x")),
    "a path with a space": _with((":path", "/in x")),
    "a path without a slash": _with((":path", "in")),
    "an empty path": _with((":path", "")),
    "an absolute path": _with((":path", "https://other.example/")),
    "a path with a fragment": _with((":path", "/in#x")),
    "a method with a request line": _with((":method", "POST /x HTTP/1.1\r\nA:")),
    "a method with a space": _with((":method", "POST ")),
    "a scheme of another kind": _with((":scheme", "http")),
    "a scheme that is none": _with((":scheme", "ht tp")),
    "an authority with a line end": _with((":authority", f"{SITE}\r\nX: y")),
    "an authority with a user": _with((":authority", f"x@{SITE}")),
    "an authority with a path": _with((":authority", f"{SITE}/x")),
    "an authority of another site": _with((":authority", "other.example")),
    "a Host of another site": [*_PSEUDO, ("host", "other.example")],
    "a TE field": [*_PSEUDO, ("transfer-encoding", "chunked")],
    "a Connection field": [*_PSEUDO, ("connection", "close")],
    "an Upgrade field": [*_PSEUDO, ("upgrade", "h2c")],
    "a TE that is not trailers": [*_PSEUDO, ("te", "gzip")],
    "a name in capitals": [*_PSEUDO, ("X-A", "b")],
    "a name with a colon": [*_PSEUDO, ("x:a", "b")],
    "a name with a line end": [*_PSEUDO, ("x\r\na", "b")],
    "a name with a space": [*_PSEUDO, ("x a", "b")],
    "an empty name": [*_PSEUDO, ("", "b")],
    "a value with a line end": [*_PSEUDO, ("x-a", "b\r\ntransfer-encoding: chunked")],
    "a value with LF": [*_PSEUDO, ("x-a", "b\nc: d")],
    "a value with NUL": [*_PSEUDO, ("x-a", "b\0c")],
    "a pseudo-field twice": [*_PSEUDO, (":path", "/other")],
    "a pseudo-field behind others": [*_PSEUDO[:3], ("x-a", "b"), _PSEUDO[3]],
    "an unknown pseudo-field": [*_PSEUDO, (":proto", "x")],
    "a pseudo-field of answers": [*_PSEUDO, (":status", "200")],
    "no method": _PSEUDO[1:],
    "no scheme": [_PSEUDO[0], *_PSEUDO[2:]],
    "no path": _PSEUDO[:3],
    "no authority": [_PSEUDO[0], _PSEUDO[1], _PSEUDO[3]],
    "two lengths": [*_PSEUDO, ("content-length", "13"), ("content-length", "5")],
    "a length that is none": [*_PSEUDO, ("content-length", "5, 13")],
    "a length that is too short": [*_PSEUDO, ("content-length", "5")],
    "a length that is too long": [*_PSEUDO, ("content-length", "50")],
}


@pytest.mark.parametrize("name", HTTP2_REFUSED)
def test_faults_of_http2_are_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    config = h2.config.H2Configuration(
        client_side=True, validate_outbound_headers=False, normalize_outbound_headers=False
    )
    with tunnel(strict, "h2") as client:
        assert client.selected_alpn_protocol() == "h2"
        conn = h2.connection.H2Connection(config)
        conn.initiate_connection()
        conn.send_headers(1, HTTP2_REFUSED[name])
        conn.send_data(1, HIDDEN, end_stream=True)
        client.sendall(conn.data_to_send())
        codes = [
            value
            for event in conn.receive_data(everything(client))
            if isinstance(event, h2.events.ResponseReceived)
            for key, value in event.headers or ()
            if key in {b":status", ":status"}
        ]
    assert codes in ([], [b"400"], [b"421"], [b"403"]), codes
    assert bytes(recorder.got) == b""


def test_a_plain_http2_request_passes(strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    with tunnel(strict, "h2") as client:
        conn = h2.connection.H2Connection()
        conn.initiate_connection()
        conn.send_headers(1, _PSEUDO)
        conn.send_data(1, HIDDEN, end_stream=True)
        client.sendall(conn.data_to_send())
        assert everything(client)
    assert bytes(recorder.got).endswith(HIDDEN)
