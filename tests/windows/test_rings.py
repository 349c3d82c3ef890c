"""Who shares customers with whom: one contract for both memories, and against a plain reckoning."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from dlp_proxy.model.totals import MOST_CUSTOMERS, MOST_PEOPLE, Observation, Ring, Series, Sharing
from dlp_proxy.model.verdict import Action, Gathering, Reason, Verdict
from dlp_proxy.pipeline import Memory
from dlp_proxy.stores.sqlite.connect import open_for_writing
from dlp_proxy.stores.sqlite.shared_rings import forget_person
from dlp_proxy.stores.sqlite.shared_windows import SharedWindows, forget_series
from dlp_proxy.windows.ring import joined
from dlp_proxy.windows.windows import Windows
from tests.windows.test_windows import DAY, ids

PLACE = Series("ring", "pan.example")
ELSEWHERE = Series("ring", "mail.example")


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


def ring(
    windows: Memory, now: float, person: str, *customers: int, series: Series = PLACE, least: int = 3, day: int = DAY
) -> Ring:
    asked = Observation(series, ids(*customers), (day,), 3, Sharing(person, least))
    return windows.observe(now, [asked]).rings[series, day, least]


def test_people_are_linked_by_so_many_customers_in_common(windows: Memory) -> None:
    assert ring(windows, 0, "li", 1, 2, 3) == Ring(("li",))
    assert ring(windows, 1, "wang", 2, 3, 4) == Ring(("wang",))
    assert ring(windows, 2, "wang", 1) == Ring(("li", "wang"), ids(1, 2, 3))
    assert ring(windows, 3, "zhao", 1, 2, 3, 9) == Ring(("li", "wang", "zhao"), ids(1, 2, 3))


def test_people_are_linked_through_each_other_in_any_order(windows: Memory) -> None:
    ring(windows, 0, "li", 1, 2, 3)
    ring(windows, 0, "zhao", 7, 8, 9)
    assert ring(windows, 1, "wang", 1, 2, 3, 7, 8, 9).people == ("li", "wang", "zhao")
    assert ring(windows, 2, "zhao").people == ("li", "wang", "zhao")


def test_two_couples_are_no_ring_of_four(windows: Memory) -> None:
    for person, customers in (("a", (1, 2, 3)), ("b", (1, 2, 3)), ("c", (7, 8, 9, 1)), ("d", (7, 8, 9, 2))):
        found = ring(windows, 0, person, *customers)
    assert found.people == ("c", "d")


def test_places_are_apart(windows: Memory) -> None:
    ring(windows, 0, "li", 1, 2, 3)
    assert ring(windows, 0, "wang", 1, 2, 3, series=ELSEWHERE).people == ("wang",)


def test_ties_end_with_the_window_and_a_clock_that_goes_back_frees_nobody(windows: Memory) -> None:
    ring(windows, 1000, "li", 1, 2, 3)
    assert ring(windows, 0, "wang", 1, 2, 3).people == ("li", "wang")
    assert ring(windows, 1000 + DAY - 1, "wang").people == ("li", "wang")
    ring(windows, 1000 + DAY - 1, "li", 1, 2)
    assert ring(windows, 1000 + DAY, "wang").people == ("wang",)


def test_what_either_of_two_sent_too_long_ago_links_nobody(windows: Memory) -> None:
    ring(windows, 0, "li", 1, 2, 3)
    assert ring(windows, DAY, "wang", 1, 2, 3).people == ("wang",)
    assert ring(windows, DAY, "li").people == ("li",)
    assert ring(windows, DAY, "li", 1, 2, 3).people == ("li", "wang")


def test_a_place_where_everybody_sends_the_same_costs_no_more_than_some_people(windows: Memory) -> None:
    for number in range(MOST_PEOPLE + 10):
        found = ring(windows, number, f"user-{number:02}", 1, 2, 3)
    assert len(found.people) == MOST_PEOPLE
    assert found.people[-1] == f"user-{MOST_PEOPLE + 9}"


def test_only_the_latest_customers_of_a_person_link(windows: Memory) -> None:
    ring(windows, 0, "li", 1, 2, 3)
    for turn in range(1, 4):
        ring(windows, turn, "li", *range(turn * 1000, turn * 1000 + MOST_CUSTOMERS))
    assert ring(windows, 5, "wang", 1, 2, 3).people == ("wang",)
    assert ring(windows, 6, "wang", 3001, 3500, 3999).people == ("li", "wang")


def test_one_who_was_let_go_is_linked_to_nobody_and_others_stay(connection: sqlite3.Connection) -> None:
    windows = SharedWindows(connection)
    for person in ("li", "wang", "zhao"):
        ring(windows, 0, person, 1, 2, 3)
    assert forget_person(connection, PLACE, "li") == 3
    assert ring(windows, 1, "li").people == ("li",)
    assert ring(windows, 1, "wang").people == ("wang", "zhao")


def told_of(windows: Memory, now: float, *people: str) -> bool:
    """Tell whether an event says of a ring that it is there: only of one with somebody new in it."""
    gathering = Gathering(PLACE, DAY, "pan.example", 3, Ring(people, ids(1, 2, 3)))
    reason = Reason("p", "r", Action.LOG, Action.LOG, "high", "enforce", len(people), gathering=gathering)
    return bool(joined(Verdict(Action.LOG, Action.LOG, (reason,)), windows.observe, now))


def test_a_ring_is_told_once_and_again_when_somebody_joins_or_the_window_is_over(windows: Memory) -> None:
    assert [told_of(windows, now, "li", "wang") for now in (0, 1, DAY - 1)] == [True, False, False]
    assert told_of(windows, DAY, "li", "wang", "zhao")
    assert told_of(windows, 2 * DAY, "li", "wang")


def test_a_ring_with_one_who_was_let_go_is_told_again(connection: sqlite3.Connection) -> None:
    windows = SharedWindows(connection)
    assert told_of(windows, 0, "li", "wang")
    forget_person(connection, PLACE, "li")
    assert told_of(windows, 1, "li", "wang")
    assert not told_of(windows, 2, "li", "wang")


def test_a_place_that_nobody_sends_to_any_more_is_forgotten(connection: sqlite3.Connection) -> None:
    windows = SharedWindows(connection)
    ring(windows, 0, "li", 1, 2, 3)
    ring(windows, DAY, "li", 1, 2, 3, series=ELSEWHERE)
    assert forget_series(connection, DAY - 1) == 1
    assert connection.execute("SELECT count(*) FROM sent").fetchone() == (3,)


class Sent(NamedTuple):
    at: float
    series: Series
    person: str
    customer: bytes


def reckoned(history: list[Sent], series: Series, person: str, least: int, oldest: float) -> set[str]:
    """Reckon a ring from everything that was sent, by growing a group until nothing joins."""
    sets: dict[str, set[bytes]] = {}
    for one in history:
        if one.series == series and one.at > oldest:
            sets.setdefault(one.person, set()).add(one.customer)
    linked = [(a, b) for a, b in combinations(sets, 2) if len(sets[a] & sets[b]) >= least]
    group = {person}
    while grown := {one for pair in linked for one in pair if group & set(pair)} - group:
        group |= grown
    return group


def test_rings_agree_with_reckoning_everything_again(windows: Memory) -> None:
    chance = random.Random(2013)
    history: list[Sent] = []
    now, sizes = 0.0, set()
    for _ in range(1200):
        now += chance.choice([0, 1, 600, 3600, 40_000])
        at = max(0.0, now - chance.choice([0, 0, 0, 5000]))
        series = chance.choice([PLACE, ELSEWHERE])
        person, least = chance.choice("abcdefgh"), chance.choice([2, 3])
        customers = [chance.randrange(60) for _ in range(chance.randrange(1, 6))]
        latest = max([at, *(one.at for one in history if one.series == series)])
        history += [Sent(latest, series, person, one) for one in ids(*customers)]
        history = [one for one in history if one.at > now - 3 * DAY]
        found = ring(windows, at, person, *customers, series=series, least=least)
        expected = reckoned(history, series, person, least, at - DAY)
        assert set(found.people) == expected
        sizes.add(len(expected))
    assert {1, 2, 3, 4, 5} <= sizes
