"""The sixth set of requests that two readers could read in two ways (`smuggling_sixth`): nothing hidden arrives."""

from __future__ import annotations

import contextlib

import pytest

from tests.live import smuggling_sixth as sixth
from tests.live.harness import ProxyProcess, wait_until
from tests.live.recorder import Recorder, everything, tunnel
from tests.live.smuggling_fifth import HIDDEN, RECORD
from tests.live.test_smuggling_fifth import readings

pytestmark = pytest.mark.live

_ENOUGH = 0.5
"""Seconds without a byte after which nothing is expected: what waits for more says nothing."""


def send(proxy: ProxyProcess, data: bytes) -> bytes:
    with tunnel(proxy, "http/1.1") as client:
        with contextlib.suppress(OSError):  # it may be cut off before it has sent everything
            client.sendall(data)
        return everything(client, seconds=_ENOUGH)


def arrived(recorder: Recorder) -> list[bytes]:
    """Return the bodies that the origin got; what is released slowly is waited for."""

    def is_whole() -> bool:
        try:
            readings(bytes(recorder.got))
        except AssertionError:
            return False
        return True

    wait_until(is_whole)
    assert RECORD.encode() not in recorder.got
    return readings(bytes(recorder.got))


def test_the_set_is_long_enough() -> None:
    assert len(sixth.FORMS) >= 65
    assert len(sixth.ANSWERS) >= 14


@pytest.mark.parametrize("case", sixth.FORMS)
def test_nothing_hidden_reaches_the_origin(case: str, strict: ProxyProcess, recorder: Recorder) -> None:
    recorder.got.clear()
    send(strict, sixth.FORMS[case].encode("latin-1"))
    arrived(recorder)


@pytest.mark.parametrize("case", sixth.ANSWERS)
def test_nothing_hidden_behind_an_odd_answer(
    case: str, strict: ProxyProcess, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.got.clear()
    monkeypatch.setattr(Recorder, "answer", sixth.ANSWERS[case])
    first = sixth.post("Content-Length: 5", body="hello")
    with tunnel(strict, "http/1.1") as client:
        client.sendall(first.encode())
        everything(client, seconds=_ENOUGH)
        with contextlib.suppress(OSError):
            client.sendall(HIDDEN.encode())
        everything(client, seconds=_ENOUGH)
    assert b"hello" in b"".join(arrived(recorder))
