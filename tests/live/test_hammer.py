"""A short run of `scripts/hammer live`, which does a hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.hammer import fleet, run

pytestmark = pytest.mark.live


def test_two_proxies_stop_the_limit_exactly_and_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    with fleet(tmp_path, 2) as some:
        assert run(some, "127.0.1.31", clients=20, customers=210, seed=1) == []
        assert run(some, "127.0.1.32", clients=20, customers=210, seed=2, kills=1) == []
        assert some.kills == 1
