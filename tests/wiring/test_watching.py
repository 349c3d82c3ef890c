"""What is told of receivers: of those that the settings have, and of a forwarder that says nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from dlp_proxy.stores.authority import KEY_FILE
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.watching import Watch
from tests.stores.test_imported_authority import certificate, key


@pytest.fixture
def state(tmp_path: Path) -> StateDir:
    one = StateDir(tmp_path / "state")
    one.make()
    one.forward.mkdir()
    return one


def put(state: StateDir, name: str, at: float, error: str = "") -> None:
    kept = {"sequence": 1, "refused": [], "at": at, "error": error}
    (state.forward / f"{name}.json").write_text(json.dumps(kept))


def failing(watch: Watch) -> dict[str, float]:
    (found,) = [one for one in watch.collect() if one.name == "dlp_proxy_forward_failing"]
    return {one.labels["target"]: one.value for one in found.samples}


def test_a_receiver_that_nobody_speaks_of_any_more_is_failing(state: StateDir, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    put(state, "fine", now)
    put(state, "down", now, "refused")
    put(state, "silent", now - 300)
    put(state, "torn", now)
    (state.forward / "torn.json").write_text("{")
    put(state, "taken-out", now, "refused")
    watch = Watch(state, ("fine", "down", "silent", "torn", "never"))
    assert failing(watch) == {"fine": 0.0, "down": 1.0, "silent": 1.0, "torn": 0.0, "never": 0.0}
    monkeypatch.setattr("time.time", lambda: now + 200)
    assert failing(watch) == dict.fromkeys(("fine", "down", "silent", "torn", "never"), 1.0)


def test_the_end_of_the_ca_is_told_after_it_too(state: StateDir) -> None:
    """Left out, the alert on it would end on the day that it was for."""
    (state.ca / KEY_FILE).write_bytes(key(2) + certificate(2, 1, days=(-9, -2)))
    (found,) = [one for one in Watch(state).collect() if one.name == "dlp_proxy_ca_ends_seconds"]
    assert found.samples[0].value < time.time()
