"""A worker that was started from other code than its supervisor."""

from __future__ import annotations

import asyncio
import pickle
import socket
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.wiring.code_digest import code_stamp
from dlp_proxy.wiring.worker import work


class OpenedError(Exception):
    """Somebody read the orders."""


class Trap:
    """Orders that tell when they are read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _spring, ()


def _spring() -> None:
    raise OpenedError


def test_orders_of_another_program_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are settings by their places: with one more in the list, what was `state` would be `monitor`, and on."""
    why = "the program was changed while it runs: restart it, e.g. `systemctl restart dlp-proxy`"
    assert begun("of yesterday", monkeypatch) == (1, [{"is": "failed", "why": why}])


def test_those_of_the_same_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OpenedError):
        begun(code_stamp(), monkeypatch)


class Supervisor:
    """The other end of the channel: gives one order, and keeps what is said."""

    def __init__(self, code: str) -> None:
        self._code = code
        self.said: list[dict[str, Any]] = []

    async def hear(self) -> tuple[dict[str, Any], bytes]:
        return {"is": "begin", "number": 0, "code": self._code}, pickle.dumps(Trap())

    async def tell(self, word: str, **more: object) -> None:
        self.said.append({"is": word, **more})


def begun(code: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[dict[str, Any]]]:
    there = Supervisor(code)

    async def over(_: object) -> Supervisor:
        return there

    monkeypatch.setattr("dlp_proxy.wiring.worker.Channel.over", over)
    with socket.socket() as one, socket.socket() as other:
        return asyncio.run(work(one, other)), there.said


def test_a_file_that_was_put_in_the_place_of_another_is_another_program(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("A = 1\n")
    before = code_stamp(tmp_path)
    code_stamp.cache_clear()
    assert code_stamp(tmp_path) == before
    code_stamp.cache_clear()
    (tmp_path / "a.py").write_text("A = 22\n")
    assert code_stamp(tmp_path) != before
    code_stamp.cache_clear()
