"""The third set of malformed and smuggling requests (`smuggling_third`)."""

from __future__ import annotations

import contextlib

import pytest

from tests.live import smuggling_third as third
from tests.live.harness import WAIT, ProxyProcess
from tests.live.recorder import HIDDEN, SILENCE, Recorder, everything, exchange, request, tunnel
from tests.live.smuggling_http2 import PREFACE, SETTINGS, frame
from tests.live.test_smuggling import answered, codes

pytestmark = pytest.mark.live

_FIRST = request("Content-Length: 5", body=b"hello")


def http2(strict: ProxyProcess, sent: bytes, seconds: float = SILENCE) -> list[str]:
    with tunnel(strict, "h2") as client:
        with contextlib.suppress(OSError):  # it may be cut off before it has sent everything
            client.sendall(PREFACE + frame(SETTINGS, 0, 0) + sent)
        return codes(everything(client, answered, seconds))


def test_the_set_is_long_enough() -> None:
    sets = (third.REFUSED, third.SECOND_REFUSED, third.HTTP2_REFUSED, third.HIDES, third.HTTP2_HIDES)
    assert [len(one) for one in sets] == [61, 9, 41, 10, 10]


@pytest.mark.parametrize("name", third.REFUSED)
def test_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    answers = exchange(strict, third.REFUSED[name])
    assert answers == b"" or answers.split(b" ")[1][:1] in {b"4", b"5"}, answers
    assert b"200 OK" not in answers
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("name", third.SECOND_REFUSED)
def test_refused_behind_one_that_is_right(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    answers = exchange(strict, _FIRST + third.SECOND_REFUSED[name])
    assert answers.count(b"HTTP/1.1 200 OK") <= 1
    assert bytes(recorder.got).count(b" HTTP/1.") <= 1
    assert HIDDEN not in bytes(recorder.got)


@pytest.mark.parametrize("name", third.HIDES)
def test_what_is_hidden_does_not_arrive(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    exchange(strict, third.HIDES[name].replace(HIDDEN, b"BLOCK-ME-TOO!"))
    assert b"BLOCK-ME" not in bytes(recorder.got)


@pytest.mark.parametrize("name", third.HTTP2_REFUSED)
def test_http2_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    assert set(http2(strict, third.HTTP2_REFUSED[name])) <= {"400", "403", "421", "431"}
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("name", third.HTTP2_HIDES)
def test_what_http2_hides_does_not_arrive(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    http2(strict, third.HTTP2_HIDES[name])
    assert HIDDEN not in bytes(recorder.got)


@pytest.mark.parametrize("name", third.PASSES)
def test_odd_and_right(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    assert exchange(strict, third.PASSES[name], WAIT).startswith(b"HTTP/1.1 200 OK")
    assert bytes(recorder.got).count(b" HTTP/1.1\r\n") == 1 + (name == "message/http as a body")


@pytest.mark.parametrize("name", third.HTTP2_PASSES)
def test_http2_odd_and_right(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    assert http2(strict, third.HTTP2_PASSES[name], WAIT) == ["200"]
    assert b"hello" in bytes(recorder.got)
