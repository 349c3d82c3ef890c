from __future__ import annotations

import random

from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.windows.windows import Sighting, Windows

LI = Series("bulk", "li")
ZHANG = Series("bulk", "zhang")
DAY = 86_400


def ids(*numbers: int) -> tuple[bytes, ...]:
    return tuple(number.to_bytes(16, "big") for number in numbers)


def total(
    windows: Windows, now: float, identities: tuple[bytes, ...] = (), series: Series = LI, seconds: int = DAY
) -> int:
    return windows.observe(now, [Observation(series, identities, (seconds,))]).distinct[series, seconds]


def test_total_includes_this_observation() -> None:
    assert total(Windows(), 0, ids(1, 2, 3)) == 3


def test_one_identity_seen_often_is_one() -> None:
    windows = Windows()
    assert [total(windows, second, ids(7)) for second in range(300)] == [1] * 300


def test_old_identities_leave_and_a_new_sighting_keeps_one() -> None:
    windows = Windows()
    total(windows, 0, ids(1, 2))
    total(windows, 50_000, ids(2))
    assert total(windows, DAY - 1) == 2
    assert total(windows, DAY + 1) == 1
    assert total(windows, 50_000 + DAY + 1) == 0


def test_people_are_counted_apart() -> None:
    windows = Windows()
    total(windows, 0, ids(1, 2), LI)
    assert total(windows, 0, ids(1), ZHANG) == 1


def test_each_window_of_a_series_has_its_own_total() -> None:
    windows = Windows()
    windows.observe(0, [Observation(LI, ids(1), (60, DAY))])
    totals = windows.observe(100, [Observation(LI, ids(2), (60, DAY))])
    assert totals.distinct == {(LI, 60): 1, (LI, DAY): 2}


def test_a_window_asked_for_later_starts_with_what_is_known() -> None:
    windows = Windows()
    total(windows, 0, ids(1, 2, 3))
    assert total(windows, 10, ids(4), seconds=3600) == 4


def test_a_clock_that_goes_back_frees_nobody() -> None:
    windows = Windows()
    total(windows, 1_000_000, ids(1, 2))
    assert total(windows, 1_000_000 - 3600, ids(3)) == 3
    assert total(windows, 1_000_000 + DAY - 1) == 3


def test_sightings_of_earlier_runs_count_on() -> None:
    windows = Windows([Sighting(LI, one, seen) for seen, one in enumerate(ids(3, 1, 2))])
    assert total(windows, 10, ids(4)) == 4
    assert total(windows, DAY + 1, ids(5)) == 3


def test_expire_forgets_series_that_nobody_is_in() -> None:
    windows = Windows()
    total(windows, 0, ids(1), LI)
    total(windows, DAY, ids(1), ZHANG)
    assert windows.expire(DAY + 1) == 1


def test_totals_agree_with_counting_everything_again() -> None:
    chance = random.Random(2012)
    windows = Windows()
    history: list[tuple[float, Series, bytes]] = []
    now = 0.0
    disagreements = 0
    for _ in range(4_000):
        now += chance.expovariate(1 / 40)
        series = chance.choice((LI, ZHANG))
        identities = ids(*(chance.randrange(300) for _ in range(chance.randrange(4))))
        history += [(now, series, one) for one in identities]
        answer = windows.observe(now, [Observation(series, identities, (600, 3600))])
        for seconds in (600, 3600):
            expected = len({one for seen, whose, one in history if whose == series and seen > now - seconds})
            disagreements += answer.distinct[series, seconds] != expected
        history = [entry for entry in history if entry[0] > now - 3600]
    assert disagreements == 0
