"""The fourth set of malformed and smuggling requests (`smuggling_fourth`)."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from tests.live import smuggling_fourth as fourth
from tests.live.harness import ProxyProcess
from tests.live.recorder import HIDDEN, Recorder, everything, exchange, tunnel
from tests.live.test_smuggling_third import http2

pytestmark = pytest.mark.live


def test_the_set_is_long_enough() -> None:
    sets = (fourth.PLAIN_REFUSED, fourth.REFUSED, fourth.HTTP2_REFUSED, fourth.IN_PIECES)
    assert [len(one) for one in sets] == [23, 11, 12, 6]


@pytest.mark.parametrize("name", fourth.PLAIN_REFUSED)
def test_refused_without_a_tunnel(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    with socket.create_connection(("127.0.0.1", strict.port)) as client:
        client.sendall(fourth.PLAIN_REFUSED[name])
        answers = everything(client)
    assert b"200 OK" not in answers
    assert HIDDEN not in bytes(recorder.got)
    assert b"HTTP/1." not in bytes(recorder.got)


@pytest.mark.parametrize("name", fourth.REFUSED)
def test_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    assert b"200 OK" not in exchange(strict, fourth.REFUSED[name])
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("name", fourth.HTTP2_REFUSED)
def test_http2_refused(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    assert set(http2(strict, fourth.HTTP2_REFUSED[name])) <= {"400", "403", "421", "431"}
    assert bytes(recorder.got) == b""


@pytest.mark.parametrize("name", fourth.IN_PIECES)
def test_refused_in_pieces(name: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    sent = fourth.IN_PIECES[name]
    with tunnel(strict, "http/1.1") as client:
        with contextlib.suppress(OSError):  # it may be cut off before it has sent everything
            for at in range(0, len(sent), 7):
                client.sendall(sent[at : at + 7])
                time.sleep(0.002)
        answers = everything(client)
    assert b"200 OK" not in answers
    assert bytes(recorder.got) == b""
