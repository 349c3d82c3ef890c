"""One contract for every memory: the one of scan and replay, and the one that proxies share."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.pipeline import Memory
from dlp_proxy.stores.sqlite.connect import open_for_writing
from dlp_proxy.stores.sqlite.shared_windows import KEPT_AT_LEAST, SharedWindows, forget_series
from dlp_proxy.windows.windows import Windows

LI = Series("bulk", "li")
ZHANG = Series("bulk", "zhang")
DAY = 86_400


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_for_writing(tmp_path / "events.db")
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


@pytest.fixture(params=["in memory", "shared"])
def windows(request: pytest.FixtureRequest, connection: sqlite3.Connection) -> Memory:
    kinds: dict[str, Callable[[], Memory]] = {"in memory": Windows, "shared": lambda: SharedWindows(connection)}
    return kinds[request.param]()


def ids(*numbers: int) -> tuple[bytes, ...]:
    return tuple(number.to_bytes(16, "big") for number in numbers)


def total(
    windows: Memory, now: float, identities: tuple[bytes, ...] = (), series: Series = LI, seconds: int = DAY
) -> int:
    return windows.observe(now, [Observation(series, identities, (seconds,))]).distinct[series, seconds]


def test_total_includes_this_observation(windows: Memory) -> None:
    assert total(windows, 0, ids(1, 2, 3)) == 3


def test_one_identity_seen_often_is_one(windows: Memory) -> None:
    assert [total(windows, second, ids(7)) for second in range(300)] == [1] * 300


def test_old_identities_leave_and_a_new_sighting_keeps_one(windows: Memory) -> None:
    total(windows, 0, ids(1, 2))
    total(windows, 50_000, ids(2))
    assert total(windows, DAY - 1) == 2
    assert total(windows, DAY + 1) == 1
    assert total(windows, 50_000 + DAY + 1) == 0


def test_a_sighting_that_is_exactly_as_old_as_the_window_is_out_of_it(windows: Memory) -> None:
    total(windows, 1000, ids(1, 2))
    total(windows, 1001, ids(2))
    assert total(windows, 1000 + DAY) == 1


def test_people_are_counted_apart(windows: Memory) -> None:
    total(windows, 0, ids(1, 2), LI)
    assert total(windows, 0, ids(1), ZHANG) == 1


def test_each_window_of_a_series_has_its_own_total(windows: Memory) -> None:
    windows.observe(0, [Observation(LI, ids(1), (60, DAY))])
    totals = windows.observe(100, [Observation(LI, ids(2), (60, DAY))])
    assert totals.distinct == {(LI, 60): 1, (LI, DAY): 2}


def test_a_window_asked_for_later_starts_with_what_is_known(windows: Memory) -> None:
    total(windows, 0, ids(1, 2, 3))
    assert total(windows, 10, ids(4), seconds=3600) == 4


def test_a_clock_that_goes_back_frees_nobody(windows: Memory) -> None:
    total(windows, 1_000_000, ids(1, 2))
    assert total(windows, 1_000_000 - 3600, ids(3)) == 3
    total(windows, 1_000_000 + 10, ids(1, 2))
    assert total(windows, 1_000_000 + DAY - 1) == 3


def test_totals_agree_with_counting_everything_again(windows: Memory) -> None:
    """100,000 sightings at random, against a list that is counted from the start each time."""
    chance = random.Random(2012)
    history: list[tuple[float, Series, bytes]] = []
    now, seen, disagreements = 0.0, 0, 0
    while seen < 100_000:
        now += chance.expovariate(1 / 40)
        series = chance.choice((LI, ZHANG))
        identities = ids(*(chance.randrange(300) for _ in range(chance.randrange(20))))
        seen += len(identities)
        history += [(now, series, one) for one in identities]
        answer = windows.observe(now, [Observation(series, identities, (600, 3600), keep=200)])
        for seconds in (600, 3600):
            expected = len({one for when, whose, one in history if whose == series and when > now - seconds})
            disagreements += answer.distinct[series, seconds] != expected
        history = [entry for entry in history if entry[0] > now - 3600]
    assert disagreements == 0


def test_what_no_limit_can_need_is_not_kept(connection: sqlite3.Connection) -> None:
    windows = SharedWindows(connection)
    for turn in range(30):
        total = windows.observe(turn, [Observation(LI, ids(*range(turn * 100, turn * 100 + 100)), (DAY,), keep=5)])
        assert total.distinct[LI, DAY] >= min(turn * 100 + 100, 5)
    (held,) = connection.execute("SELECT count(*) FROM sighting").fetchone()
    assert KEPT_AT_LEAST <= held <= KEPT_AT_LEAST * 9 // 8
    newest = [identity for (identity,) in connection.execute("SELECT identity FROM sighting")]
    assert set(ids(*range(2000, 3000))) <= set(newest)


def test_a_series_that_nobody_is_in_is_forgotten(connection: sqlite3.Connection) -> None:
    windows = SharedWindows(connection)
    total(windows, 0, ids(1), LI)
    total(windows, DAY, ids(1), ZHANG)
    assert forget_series(connection, DAY - 1) == 1
    assert total(windows, DAY) == 0
    assert total(windows, DAY, series=ZHANG) == 1
