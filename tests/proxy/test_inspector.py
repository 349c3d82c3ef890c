from __future__ import annotations

import gc
import resource

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.proxy import inspector
from tests.proxy.inspectors import build
from tests.proxy.test_pool import message

MEGABYTE = 1024 * 1024


@pytest.fixture
def cleared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Clearing up is noted, and leaves 300 MB; limits stay what they are."""
    times: list[int] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(gc, "collect", lambda: times.append(1))
    monkeypatch.setattr(inspector, "_give_back", lambda: _has(monkeypatch, 300))
    monkeypatch.setattr(inspector, "_left", 0)
    return times


def _has(monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    monkeypatch.setattr(inspector, "_resident", lambda: megabytes * MEGABYTE)


def _inspected(body: bytes = b"hello") -> Inspection:
    return inspector.bounded(build("here"), message(body=body), 5.0)


def test_what_an_inspector_cannot_give_back_is_not_asked_for_after_each_message(
    cleared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _has(monkeypatch, 340)
    for _ in range(10):
        _inspected()
    assert len(cleared) == 1
    _has(monkeypatch, 331)
    _inspected()
    assert len(cleared) == 1
    _has(monkeypatch, 340)
    _inspected()
    assert len(cleared) == 2


def test_an_inspector_clears_up_after_much_however_little_memory_it_has(
    cleared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _has(monkeypatch, 100)
    _inspected()
    assert not cleared
    _inspected(bytes(9 * MEGABYTE))
    assert cleared
