"""A second set of malformed and smuggling requests, and requests that are odd but right: refused, and passed."""

from __future__ import annotations

import contextlib
import socket
import time

import hpack
import pytest

from tests.live import smuggling, smuggling_http2
from tests.live.harness import SITE, WAIT, ProxyProcess
from tests.live.recorder import HIDDEN, SMUGGLED, Recorder, everything, exchange, request, tunnel
from tests.live.smuggling import BODY, CL, TE
from tests.live.smuggling_http2 import POST, Fields

pytestmark = pytest.mark.live

_REFUSALS = {b"400", b"403", b"421", b"431", b"501", b"505"}
_RST_STREAM, _GOAWAY = 3, 7  # RFC 9113, section 6
_CHUNKED = b"5\r\nhello\r\n0\r\n\r\n"


def test_the_sets_are_long_enough() -> None:
    assert (len(smuggling.REFUSED), len(smuggling_http2.REFUSED), len(PASSED), len(HTTP2_PASSED)) == (336, 145, 42, 15)


@pytest.mark.parametrize("name", smuggling.REFUSED)
def test_what_two_readers_could_read_in_two_ways_is_refused(
    name: str, strict: ProxyProcess, recorder: Recorder
) -> None:
    recorder.got.clear()
    answers = exchange(strict, smuggling.REFUSED[name])
    first = answers.split(b"\r\n", 1)[0]
    assert first == b"" or first.split(b" ")[1] in _REFUSALS, answers
    assert b"200 OK" not in answers
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("name", smuggling_http2.REFUSED)
def test_faulty_http2_is_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    with tunnel(strict, "h2") as client:
        with contextlib.suppress(OSError):  # it may be cut off before it has sent everything
            client.sendall(smuggling_http2.whole(name))
        assert set(codes(everything(client, answered))) <= {"400", "403", "421", "431"}
    assert bytes(recorder.got) == b""


def test_a_client_that_takes_back_most_requests_is_cut_off(strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    with tunnel(strict, "h2") as client:
        client.sendall(smuggling_http2.whole("frames: rapid resets"))
        client.settimeout(10)
        got = b""
        try:
            while data := client.recv(65536):
                got += data
        except ConnectionError:
            pass
    assert b"too many resets" in got
    assert bytes(recorder.got) == b""


def _frames(data: bytes) -> list[tuple[int, int, bytes]]:
    found = []
    while len(data) >= 9:
        size = int.from_bytes(data[:3])
        found.append((data[3], int.from_bytes(data[5:9]), data[9 : 9 + size]))
        data = data[9 + size :]
    return found


def _heads(data: bytes) -> list[tuple[str, str]]:
    decoder = hpack.Decoder()
    heads = [decoder.decode(payload, raw=True) for kind, _, payload in _frames(data) if kind == smuggling_http2.HEADERS]
    return [(name.decode(), value.decode()) for fields in heads for name, value in fields]


def answered(data: bytes) -> bool:
    """Tell whether a stream or the connection has got its answer, good or bad."""
    return any(kind in {smuggling_http2.HEADERS, _RST_STREAM, _GOAWAY} for kind, _, _ in _frames(data))


def codes(data: bytes) -> list[str]:
    return [value for name, value in _heads(data) if name == ":status"]


PASSED: dict[str, bytes] = {
    "no space behind a colon": request("Content-Length:5", "X-A:b", body=b"hello"),
    "tabs around a value": request("Content-Length: 5", "X-A:\t b \t", body=b"hello"),
    "a value of spaces": request("X-A:   ", CL, body=b"hello"),
    "an empty value": request("X-A:", CL, body=b"hello"),
    "names in capitals": request("CONTENT-LENGTH: 5", "X-A: b", body=b"hello"),
    "names in small letters": request("content-length: 5", "x-a: b", host=f"host: {SITE}", body=b"hello"),
    "a field twice": request("X-A: b", "X-A: c", CL, body=b"hello"),
    "a long field": request(f"X-A: {'b' * 60_000}", CL, body=b"hello"),
    "many fields": request(*(f"X-{n}: {n}" for n in range(300)), CL, body=b"hello"),
    "a long target": request(CL, line=f"POST /{'a' * 30_000} HTTP/1.1", body=b"hello"),
    "an odd name": request("X-!#$%&'*+.^_`|~: b", CL, body=b"hello"),
    "an underscore in a name": request("client_id: b", CL, body=b"hello"),
    "quotes and commas in a value": request('X-A: "a, b"; c="\\"d", e', CL, body=b"hello"),
    "bytes beyond ASCII": request("X-A: \xe5\xbc\xa0", CL, body=b"hello"),
    "no body and length 0": request("Content-Length: 0"),
    "POST without a body": request(),
    "GET with a body": request(CL, line="GET /in HTTP/1.1", body=b"hello"),
    "DELETE with a body": request(CL, line="DELETE /in HTTP/1.1", body=b"hello"),
    "HEAD": request(line="HEAD /in HTTP/1.1"),
    "OPTIONS": request(line="OPTIONS /in HTTP/1.1"),
    "OPTIONS of the server": request(line="OPTIONS * HTTP/1.1"),
    "a method nobody knows": request(CL, line="VERSION-CONTROL /in HTTP/1.1", body=b"hello"),
    "a method in small letters": request(CL, line="post /in HTTP/1.1", body=b"hello"),
    "PROPFIND": request("Depth: 1", CL, line="PROPFIND /in HTTP/1.1", body=b"hello"),
    "chunks with zeros before": request(TE, body=b"0005\r\nhello\r\n000\r\n\r\n"),
    "chunks in capitals": request(TE, body=b"A\r\nhellohello\r\na\r\nhellohello\r\n0\r\n\r\n"),
    "chunks of one byte": request(TE, body=b"1\r\nh\r\n" * 5 + b"0\r\n\r\n"),
    "no chunk but the last": request(TE, body=b"0\r\n\r\n"),
    "coding in capitals": request("Transfer-Encoding:\tChunked ", body=_CHUNKED),
    "a trailer": request(TE, "TE: trailers", "Trailer: X-Sum", body=b"0\r\nX-Sum: 1\r\n\r\n"),
    "Expect": request(CL, "Expect: 100-Continue", body=b"hello"),
    "an empty line first": b"\r\n" + request(CL, body=b"hello"),
    "Host with a port": request(CL, host=f"Host: {SITE}:443", body=b"hello"),
    "Host in capitals": request(CL, host=f"Host: {SITE.upper()}", body=b"hello"),
    "Host with a dot": request(CL, host=f"Host: {SITE}.", body=b"hello"),
    "Connection with a list": request(CL, "Connection: keep-alive, X-A", "X-A: b", body=b"hello"),
    "Connection: close": request(CL, "Connection: close", body=b"hello"),
    "HTTP/1.0 kept alive": request(CL, "Connection: keep-alive", line="POST /in HTTP/1.0", body=b"hello"),
    "HTTP/1.0 without Host": request(CL, line="POST /in HTTP/1.0", host=None, body=b"hello"),
    "odd characters in the target": request(line='GET /a//b/../c;d=e?f[]={g}|h^`"<>\\&=&&? HTTP/1.1'),
    "escapes in the target": request(line="GET /%00%0d%0aX:%20y%2f..%2f HTTP/1.1"),
    "an absolute URL in the query": request(line="GET /in?to=https://other.example/%3Fx HTTP/1.1"),
}


@pytest.mark.parametrize("name", PASSED)
def test_what_is_odd_but_right_passes(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    answers = exchange(strict, PASSED[name], WAIT)
    assert answers.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").startswith(b"HTTP/1.1 200 OK"), answers
    assert bytes(recorder.got).count(b" HTTP/1.") == 1


def test_requests_one_behind_the_other_are_each_judged(strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    stopped = (
        request(CL, line="POST /second HTTP/1.1", body=b"BLOCK").replace(b"5", b"8", 1).replace(b"BLOCK", b"BLOCK-ME")
    )
    answers = exchange(strict, request(CL, body=b"hello") + stopped)
    assert answers.count(b"HTTP/1.1 200 OK") == 1
    assert b"HTTP/1.1 403" in answers
    assert b"/second" not in bytes(recorder.got)


HTTP2_PASSED: dict[str, tuple[Fields, bytes]] = {
    "plain": (POST, b""),
    "a length": ([*POST, ("content-length", str(len(HIDDEN)))], b""),
    "a length and trailers": (
        [*POST, ("content-length", str(len(HIDDEN)))],
        smuggling_http2.head([("x-sum", "1")], flags=5),
    ),
    "TE: trailers": ([*POST, ("te", "trailers")], b""),
    "cookies in crumbs": ([*POST, ("cookie", "a=b"), ("cookie", "c=d")], b""),
    "Host beside the authority": ([*POST, ("host", SITE)], b""),
    "Host in place of the authority": ([POST[0], POST[1], POST[3], ("host", SITE)], b""),
    "an empty value": ([*POST, ("x-a", "")], b""),
    "bytes beyond ASCII": ([*POST, ("x-a", "张")], b""),
    "an odd method": ([(":method", "M-SEARCH"), *POST[1:]], b""),
    "the authority with a port": ([*POST[:2], (":authority", f"{SITE}:443"), POST[3]], b""),
    "trailers": (POST, smuggling_http2.head([("x-sum", "1")], flags=5)),
    "an unknown frame": (POST, smuggling_http2.frame(0x42, 0, 0, b"x")),
    "PRIORITY": (POST, smuggling_http2.frame(2, 0, 1, b"\0\0\0\0\x10")),
    "PING and an unknown setting": (
        POST,
        smuggling_http2.frame(6, 0, 0, b"12345678") + smuggling_http2.frame(4, 0, 0, b"\x0f\xff\0\0\0\x01"),
    ),
}


@pytest.mark.parametrize("name", HTTP2_PASSED)
def test_http2_that_is_odd_but_right_passes(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    fields, more = HTTP2_PASSED[name]
    trailers = name.endswith("trailers") and name != "TE: trailers"
    first, last = (b"", more) if trailers else (more, b"")
    with tunnel(strict, "h2") as client:
        client.sendall(
            smuggling_http2.PREFACE
            + smuggling_http2.frame(smuggling_http2.SETTINGS, 0, 0)
            + first
            + smuggling_http2.head(fields)
            + smuggling_http2.data(flags=0 if trailers else 1)
            + last
        )
        assert codes(everything(client, answered, WAIT)) == ["200"]
    assert bytes(recorder.got).endswith(HIDDEN)


PLAIN = f"plain.{SITE}"
URL = f"http://{PLAIN}/in"
OUTSIDE_REFUSED: dict[str, bytes] = {
    "origin form and another Host": request(CL, host="Host: 127.0.0.1", body=BODY),
    "no Host": request(CL, line=f"POST {URL} HTTP/1.1", host=None, body=BODY),
    "Host of another port": request(CL, line=f"POST {URL} HTTP/1.1", host=f"Host: {PLAIN}:8080", body=BODY),
    "Host in upper case of another site": request(CL, line=f"POST {URL} HTTP/1.1", host="Host: X.EXAMPLE", body=BODY),
    "two slashes too few": request(CL, line=f"POST http:{PLAIN}/in HTTP/1.1", host=f"Host: {PLAIN}", body=BODY),
    "a slash too many": request(CL, line=f"POST http:///{PLAIN}/in HTTP/1.1", host=f"Host: {PLAIN}", body=BODY),
    "a user and a password": request(CL, line=f"POST http://a:b@{PLAIN}/in HTTP/1.1", host=f"Host: {PLAIN}", body=BODY),
    "an escape in the host": request(CL, line=f"POST http://plain%2e{SITE}/in HTTP/1.1", host=f"Host: {PLAIN}"),
    "a fragment in the URL": request(CL, line=f"POST {URL}#x HTTP/1.1", host=f"Host: {PLAIN}", body=BODY),
    "a fragment before the path": request(CL, line=f"POST http://{PLAIN}#@x/in HTTP/1.1", host=f"Host: {PLAIN}"),
    "a port of 0": request(CL, line=f"POST http://{PLAIN}:0/in HTTP/1.1", host=f"Host: {PLAIN}:0", body=BODY),
    "a port that is too large": request(CL, line=f"POST http://{PLAIN}:65536/ HTTP/1.1", host=f"Host: {PLAIN}"),
    "gopher": request(CL, line=f"POST gopher://{PLAIN}/in HTTP/1.1", host=f"Host: {PLAIN}", body=BODY),
    "a folded Host": request(CL, line=f"POST {URL} HTTP/1.1", host=f"Host:\r\n {PLAIN}", body=BODY),
    "CL and TE": request(CL, TE, line=f"POST {URL} HTTP/1.1", host=f"Host: {PLAIN}", body=b"0\r\n\r\n" + SMUGGLED),
    "TE and HTTP/1.0": request(TE, line=f"POST {URL} HTTP/1.0", host=f"Host: {PLAIN}", body=b"0\r\n\r\n" + SMUGGLED),
    "a proxy connection's length": request(
        CL, "Proxy-Connection: keep-alive", "Content-Length: 50", line=f"POST {URL} HTTP/1.1", host=f"Host: {PLAIN}"
    ),
    "HTTP/2 in the clear": smuggling_http2.PREFACE + smuggling_http2.frame(4, 0, 0) + HIDDEN,
    "CONNECT and TE": request(TE, line=f"CONNECT {SITE}:443 HTTP/1.1", host=f"Host: {SITE}", body=b"0\r\n\r\n"),
    "CONNECT to port 0": request(line=f"CONNECT {SITE}:0 HTTP/1.1", host=f"Host: {SITE}:0"),
    "CONNECT to a user": request(line=f"CONNECT x@{SITE}:443 HTTP/1.1", host=f"Host: {SITE}:443"),
    "CONNECT to a host of NUL": request(line=f"CONNECT {SITE}\0:443 HTTP/1.1", host=f"Host: {SITE}:443"),
    "CONNECT to two": request(line=f"CONNECT {SITE}:443,x:443 HTTP/1.1", host=f"Host: {SITE}:443"),
    "CONNECT in HTTP/0.9": f"CONNECT {SITE}:443\r\n\r\n".encode(),
}


@pytest.mark.parametrize("name", OUTSIDE_REFUSED)
def test_the_same_holds_outside_a_tunnel(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    answer = _outside(strict, OUTSIDE_REFUSED[name])
    assert answer == b"" or answer.split(b" ")[1][:1] in {b"4", b"5"}, answer
    assert b"200 OK" not in answer
    assert bytes(recorder.got) == b""


def test_an_offer_of_http2_in_the_clear_is_not_passed_on(strict: ProxyProcess, recorder: Recorder) -> None:
    """Some clients make it with every request; a proxy need not take it up (RFC 9110, 7.8)."""
    recorder.got.clear()
    offer = ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings, keep-alive", "HTTP2-Settings: AAMAAABkAAQAAP__"]
    sent = request(*offer, line=f"GET {URL} HTTP/1.1", host=f"Host: {PLAIN}")
    assert _outside(strict, sent).startswith(b"HTTP/1.1 200 OK")
    head = bytes(recorder.got).lower()
    assert b"upgrade" not in head
    assert b"http2-settings" not in head
    assert b"connection: keep-alive" in head


def _outside(strict: ProxyProcess, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", strict.port)) as client:
        client.sendall(data)
        return everything(client)


def test_a_slow_head_is_read_as_a_fast_one(strict: ProxyProcess, recorder: Recorder) -> None:
    """A fault is found whichever way the bytes are cut."""
    recorder.got.clear()
    for data in (request(CL, TE, body=b"0\r\n\r\n"), request("X-A : b", CL, body=b"hello")):
        with tunnel(strict, "http/1.1") as client:
            for at in range(0, len(data), 7):
                try:
                    client.sendall(data[at : at + 7])
                except OSError:
                    break
                time.sleep(0.001)
            assert everything(client).startswith(b"HTTP/1.1 400")
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
def test_no_answer_calls_a_client_to_quic(protocol: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.fields = b'Alt-Svc: h3=":443"; ma=86400\r\nX-Kept: yes\r\nALT-SVC: h3-29="x.example:443"\r\n'
    try:
        if protocol == "h2":
            with tunnel(strict, "h2") as client:
                sent = smuggling_http2.PREFACE + smuggling_http2.frame(smuggling_http2.SETTINGS, 0, 0)
                client.sendall(sent + smuggling_http2.head(POST) + smuggling_http2.data())
                answer = str(_heads(everything(client, answered))).encode()
        else:
            answer = exchange(strict, request(CL, body=b"hello"))
    finally:
        recorder.fields = b""
    assert b"x-kept" in answer.lower()
    assert b"alt-svc" not in answer.lower()
