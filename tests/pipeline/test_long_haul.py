"""A short haul of `scripts/hammer windows`, which sends a hundred thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.stores.sqlite.window_clock import WindowClock
from tests.pipeline.long_haul import LIMITS, haul


def test_every_total_and_verdict_is_what_counting_by_hand_gives(tmp_path: Path) -> None:
    found = haul(tmp_path, 2000, seed=4)
    assert found.disagreements == []
    assert all(found.happened[what] for what in ("restart", "reload", "clock set", "reboot"))
    # On both sides of every limit, or nothing was shown.
    assert [place for place in range(len(LIMITS)) if not (found.reached[place] and found.missed[place])] == []


def test_windows_that_followed_the_wall_clock_would_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WindowClock, "now", lambda clock: clock._host.wall())
    assert len(haul(tmp_path, 1000, seed=4).disagreements) > 100
