"""A fifth set of requests that two readers could read in two ways: nothing hidden reaches the origin.

What does reach it must be requests that can be read in one way only.
"""

from __future__ import annotations

import contextlib
import re
import socket
import time

import pytest

from tests.live import smuggling_fifth as http1
from tests.live import smuggling_fifth_http2 as http2
from tests.live.harness import SITE, ProxyProcess
from tests.live.recorder import Recorder, everything, exchange, tunnel

pytestmark = pytest.mark.live

_HEAD = re.compile(
    rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ (?:/[!-~]*|\*) HTTP/1\.[01]\r\n"
    rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[\t -~\x80-\xff]*\r\n)*\r\n"
)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_CONTROL = {"content-length", "transfer-encoding"}


def readings(got: bytes) -> list[bytes]:
    """Return the bodies of the requests that bytes are; fail where they are anything but whole, plain requests."""
    bodies = []
    at = 0
    while at < len(got):
        head = _HEAD.match(got, at)
        assert head, f"no head: {got[at : at + 200]!r}"
        lines = [line.decode("latin-1").split(":", 1) for line in head.group().split(b"\r\n")[1:-2]]
        framing = [(name.lower(), value.strip()) for name, value in lines if name.lower() in _CONTROL]
        assert len(framing) <= 1, framing
        assert [name.lower() for name, _ in lines].count("host") <= 1
        at = head.end()
        if framing and framing[0][0] == "content-length":
            size = int(framing[0][1])
            assert str(size) == framing[0][1]
            assert len(got) >= at + size, f"a body that is not whole: {got!r}"
            bodies.append(got[at : at + size])
            at += size
        elif framing:
            assert framing[0][1].lower() == "chunked"
            body, at = _chunks(got, at)
            bodies.append(body)
        else:
            bodies.append(b"")
    return bodies


def arrived(recorder: Recorder) -> list[bytes]:
    """Return the bodies of what the origin got; it answers a head before the body behind it is there."""
    until = time.monotonic() + 5
    while True:
        try:
            return readings(bytes(recorder.got))
        except AssertionError:
            if time.monotonic() > until:
                raise
        time.sleep(0.02)


def _chunks(got: bytes, at: int) -> tuple[bytes, int]:
    body = b""
    while size := _CHUNK.match(got, at):
        count, at = int(size[1], 16), size.end()
        body += got[at : at + count]
        at += count
        assert got[at : at + 2] == b"\r\n"
        at += 2
        if not count:
            return body, at
    raise AssertionError(f"no chunk: {got[at : at + 200]!r}")


def plain(data: bytes) -> bytes:
    """Return a request as it is sent to a proxy when there is no tunnel."""
    site = f"plain.{SITE}".encode()
    return re.sub(rb"(?<=[A-Z] )/(?=in|hidden)", b"http://" + site + b"/", data.replace(SITE.encode(), site))


@pytest.mark.parametrize("case", http1.FORMS)
def test_nothing_hidden_in_a_tunnel_reaches_the_origin(case: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    exchange(strict, http1.raw(case))
    arrived(recorder)
    assert http1.RECORD.encode() not in recorder.got


@pytest.mark.parametrize("case", http1.FORMS)
def test_nothing_hidden_in_the_clear_reaches_the_origin(case: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    in_the_clear(strict, http1.raw(case))
    arrived(recorder)
    assert http1.RECORD.encode() not in recorder.got


def in_the_clear(proxy: ProxyProcess, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        with contextlib.suppress(OSError):  # it may be cut off before it has sent everything
            client.sendall(plain(data))
        return everything(client)


@pytest.mark.parametrize("case", http2.FORMS)
def test_nothing_hidden_in_http2_reaches_the_origin(case: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    over_http2(strict, http2.FORMS[case])
    arrived(recorder)
    assert http1.RECORD.encode() not in recorder.got


def over_http2(proxy: ProxyProcess, data: bytes) -> bytes:
    with tunnel(proxy, "h2") as client:
        with contextlib.suppress(OSError):
            client.sendall(data)
        return everything(client, until=_ended)


def _ended(got: bytes) -> bool:
    """Tell whether a stream or the connection was ended by what came."""
    at = 0
    while at + 9 <= len(got):
        kind, flags, stream = got[at + 3], got[at + 4], int.from_bytes(got[at + 5 : at + 9], "big")
        if kind in {http2.GOAWAY, http2.RESET} or (stream and kind in {http2.DATA, http2.HEADERS} and flags & 1):
            return True
        at += 9 + int.from_bytes(got[at : at + 3], "big")
    return False


@pytest.mark.parametrize("case", http2.ALRIGHT)
def test_what_is_odd_and_alright_in_http2_arrives(case: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    over_http2(strict, http2.ALRIGHT[case])
    bodiless = case in {"a request without a body", "a head in two frames", "a padded head with a priority"}
    assert arrived(recorder) == [b"" if bodiless else b"hello"]


@pytest.mark.parametrize("case", http1.ALRIGHT)
def test_what_is_odd_and_alright_arrives(case: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    assert b"HTTP/1.1 200 OK" in exchange(strict, http1.raw(case))
    assert b"hello" in b"".join(readings(bytes(recorder.got)))
