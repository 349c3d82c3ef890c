"""A proxy nobody sends anything through finds out by itself that its store takes nothing, and that it does again."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.wiring.heart import Heart
from dlp_proxy.wiring.judging import Judging


async def test_a_sign_of_life_that_is_not_written_tells_of_the_store(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    store = SqliteStore(path)
    answers: Any = None
    judging, heart = Judging(store, answers), Heart(store)
    await judging.lives(heart.beat())
    assert not judging.failed
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    await judging.lives(heart.beat())
    assert "disk is full" in judging.failed
    other.execute("DROP TRIGGER full")
    await judging.lives(heart.beat())
    assert not judging.failed
    assert heart.beats == 3
    other.close()
    store.close()
