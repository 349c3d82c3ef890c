"""What was answered is there after a full disk, and after somebody held the store."""

from __future__ import annotations

from pathlib import Path

from tests.stores.short import fill_up, hold


def test_nothing_that_was_answered_is_lost_when_the_disk_is_full(tmp_path: Path) -> None:
    found = fill_up(tmp_path / "events.db", 3, seed=4)
    assert found.refused > 0
    assert found.kept >= found.answered > 300


def test_a_store_that_somebody_holds_is_waited_for(tmp_path: Path) -> None:
    said = hold(tmp_path / "events.db", 1.0)
    assert len(said) == 300
    assert "refused" not in said
