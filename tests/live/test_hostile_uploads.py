"""Somebody uploads bombs one after the other, and everybody else works on: their requests pass, and soon."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.live.harness import OriginThread, curl
from tests.live.system import System
from tests.samples import floods, hostile, quines

pytestmark = pytest.mark.live

URL = "https://transfer.example/u"
BOMBS = {"nested-nine.gz", "half-gigabyte.bz2", "deep.json", "itself.gz"}
FLOODS = {"escapes.txt", "dump.txt"}


def test_others_are_served_while_somebody_uploads_bombs(system: System, world: OriginThread, tmp_path: Path) -> None:
    attacker, other = system.sender, next(system.people)
    made = [*hostile._packed(), ("deep.json", b"[" * 1_000_000)]
    bombs = [(name, data) for name, data in [*made, *floods.files()] if name in BOMBS | FLOODS and name != "itself.gz"]
    bombs.append(("itself.gz", quines.gzip_file()))
    assert len(bombs) == len(BOMBS | FLOODS)
    answers: dict[str, int] = {}

    def attack() -> None:
        for name, data in bombs:
            path = tmp_path / name
            path.write_bytes(data)
            answers[name] = curl(
                system, URL, "--interface", attacker, "-F", f"file=@{path}", "--max-time", "180", check=False
            ).code

    upload = threading.Thread(target=attack)
    upload.start()
    codes: list[int] = []
    while upload.is_alive() and len(codes) < 60:
        codes.append(curl(system, URL, "--interface", other, "--max-time", "20", "--data-binary", "a short note").code)
    upload.join(600)
    assert set(codes) == {200}
    assert len(codes) >= 3
    assert set(answers.values()) <= {200, 403}
    assert answers["nested-nine.gz"] == 403
    assert not any(hostile.MARK in path.name for path in Path("/tmp").iterdir())
