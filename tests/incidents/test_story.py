"""The made-up quarter: what was planted is found, who did nothing is not, and every number is the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dlp_proxy.incidents.drip import drip, groups_of
from dlp_proxy.incidents.grouped import Grouped, People
from dlp_proxy.incidents.grouping import group
from dlp_proxy.incidents.hunt import hunt
from dlp_proxy.incidents.named import events_named
from dlp_proxy.incidents.regrouping import group_all
from dlp_proxy.incidents.scope import Numbers, scope
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.together import MOST_ACTORS, together
from dlp_proxy.incidents.transfers import transfers
from dlp_proxy.model.event import ACCOUNT, account_name
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.unpack.account import normal_account
from tests.story.truth import truth
from tests.story.world import COURIER, NAT, World, make_world
from tests.story.written import phone, write

SANCTIONED = (COURIER,)


@dataclass(frozen=True)
class Story:
    world: World
    truth: dict[str, Any]
    state: StateDir
    reader: SqliteReader


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    world = make_world(staff=60, days=40, seed=3)
    state = StateDir(tmp_path_factory.mktemp("story") / "state")
    write(world, state)
    with SqliteReader(state.events) as reader:
        yield Story(world, truth(world), state, reader)


@pytest.fixture(scope="module")
def found(story: Story) -> list[Grouped]:
    return grouped(story.reader.connection)


def grouped(connection: sqlite3.Connection, newest: int = 0) -> list[Grouped]:
    """Group what was there up to an event, or all."""
    people = People(groups_of(connection), frozenset(SANCTIONED), MOST_ACTORS)
    return group(transfers(connection, Selection(newest=newest), values=False), people)


def _numbers(one: Numbers) -> dict[str, int]:
    asked = ("left", "possible", "blocked", "records", "transfers", "first", "last")
    return {name: getattr(one, name) for name in asked}


def test_each_planted_case_is_found_and_nothing_else(story: Story, found: list[Grouped]) -> None:
    cast, cases = story.world.cast, story.truth["cases"]
    expected = sorted(
        [
            ("burst", (cast["burst"],)),
            ("burst", (cast["evasion"],)),
            ("drip", (cast["drip"],)),
            ("evasion", (cast["evasion"],)),
            ("shared-account", tuple(cases["account"]["people"])),
            ("shared-content", tuple(cases["ring"]["people"])),
            ("shared-destination", tuple(cases["ring"]["people"])),
        ]
    )
    assert sorted((one.kind, one.people) for one in found) == expected


def test_an_incident_has_the_customers_that_were_planted(story: Story, found: list[Grouped]) -> None:
    cases = story.truth["cases"]
    by_kind = {one.kind: one for one in found if one.kind != "burst"}
    ring, evasion = by_kind["shared-destination"], by_kind["evasion"]
    assert (ring.left, ring.possible, ring.blocked) == (cases["ring"]["left"], 0, 0)
    assert by_kind["shared-content"].customers == story.truth["ring"]["shared"]
    assert (evasion.customers, evasion.left, evasion.blocked) == (60, 48, 12)
    account, facts = by_kind["shared-account"], cases["account"]
    numbers = (account.customers, account.left, account.possible, len(account.events), account.first, account.last)
    wanted = [facts[name] for name in ("left", "possible", "transfers", "first", "last")]
    assert numbers == (story.truth["account"]["filled"], *wanted)
    assert f"3 people sent {account.customers} different customers to one account at webmail.example" in account.because
    assert f"{story.truth['account']['by_several']} of these were sent there by more than one" in account.because
    burst = next(one for one in found if one.people == (story.world.cast["burst"],))
    assert (burst.customers, burst.left, burst.blocked) == (409, 0, 409)
    # The drip's person has ordinary work too, to destinations that nobody sanctioned.
    assert by_kind["drip"].customers >= cases["drip"]["left"]


def test_why_they_are_together_is_said_without_names(story: Story, found: list[Grouped]) -> None:
    for one in found:
        assert one.because
        assert one.severity == sum(points for points, _ in one.terms) > 0
        assert not any(user in f"{one.because}{one.terms}" for user in story.world.staff)


def test_grouping_again_or_as_of_then_gives_the_same(story: Story, found: list[Grouped]) -> None:
    newest = scope(story.reader.connection, Selection()).newest
    assert grouped(story.reader.connection) == found
    assert grouped(story.reader.connection, newest) == found
    before = grouped(story.reader.connection, newest // 2)
    known = {one.id for one in found}
    assert {one.id for one in before} < known  # what was found stays, under its name


def test_the_scope_of_everything_is_the_truth(story: Story) -> None:
    answer = scope(story.reader.connection, Selection())
    assert _numbers(answer.whole) == story.truth["whole"]
    assert answer.whole.lower == story.truth["whole"]["left"]
    assert answer.whole.upper == story.truth["whole"]["left"] + story.truth["whole"]["possible"]
    for name in ("people", "sites", "days"):
        assert {key: _numbers(one) for key, one in getattr(answer, name).items()} == story.truth[name]
    assert sum(one.new for one in answer.days.values()) == answer.whole.upper
    assert answer.kinds["phone"].attempted == answer.kinds["order-number"].attempted == answer.whole.attempted


def test_what_could_not_be_looked_at_is_the_truth(story: Story) -> None:
    limits = scope(story.reader.connection, Selection()).unseen
    assert limits.any
    assert limits.blind_seconds == story.truth["blind_seconds"]
    assert [(one.first, one.last) for one in limits.blind if one.why == "silent"] == [story.world.blind]
    assert (limits.transfers, dict(limits.unread)) == (
        story.truth["unread_transfers"],
        {"encrypted": story.truth["unread_transfers"]},
    )


@pytest.mark.parametrize("case", ["burst", "courier", "drip", "evasion"])
def test_the_scope_of_a_case_is_the_truth(story: Story, case: str) -> None:
    facts = story.truth["cases"][case]
    asked = Selection(None, facts["people"][0], facts["site"], facts["first"], facts["last"] + 1)
    answer = scope(story.reader.connection, asked)
    if case == "courier":  # the clerk's ordinary work goes to the same place
        assert answer.whole.left >= facts["left"]
        return
    assert _numbers(answer.whole) == {key: facts[key] for key in _numbers(answer.whole)}


def test_the_scope_of_an_incident_is_that_of_its_transfers(story: Story, found: list[Grouped]) -> None:
    for one in found:
        events = events_named(story.reader.connection, one.id, SANCTIONED)
        whole = scope(story.reader.connection, Selection(events)).whole
        assert (whole.left, whole.possible, whole.blocked) == (one.left, one.possible, one.blocked)


def test_the_scope_of_every_account_at_everybodys_destination_is_the_truth(story: Story) -> None:
    key = KeyedFingerprint(story.state.key())
    own = story.truth["account"]["own"]
    accounts = scope(story.reader.connection, Selection()).accounts
    assert len(accounts) == len(own) > 20
    for name, facts in own.items():
        shown = account_name(key(ACCOUNT, normal_account(name)).hex())
        (row,) = (one for told, one in accounts.items() if f" {shown} " in told)
        assert _numbers(row) == facts
        alone = scope(story.reader.connection, Selection(account=shown)).whole
        assert _numbers(alone) == facts


def test_the_first_grouping_is_the_second_without_accounts(story: Story, found: list[Grouped]) -> None:
    first = group_all(story.reader.connection, SANCTIONED, "v1").found
    assert first == [one for one in found if one.kind != "shared-account"]
    assert group_all(story.reader.connection, SANCTIONED).found == found


def test_who_shared_customers_with_whom_is_the_truth(story: Story) -> None:
    answer = together(story.reader.connection, Selection(), SANCTIONED)
    pairs = [[one.first, one.second, one.customers] for one in answer.pairs if one.site == "share.example"]
    assert sorted(pairs) == story.truth["ring"]["pairs"]
    assert [one.site for one in answer.pairs[:3]] == ["share.example"] * 3
    assert next(one.customers for one in answer.sites if one.site == "share.example") == 120
    assert [site for site, _ in answer.everybodys] == [COURIER, "webmail.example"]
    assert answer.sanctioned == SANCTIONED


def test_the_curve_of_the_drip_is_the_truth(story: Story) -> None:
    user = story.world.cast["drip"]
    answer = drip(story.reader.connection, user, Selection(site="drop.example"))
    days = story.truth["drip"]["days"]
    assert [one.customers for one in answer.steps] == [8 * (number + 1) for number in range(days)]
    assert (answer.median_a_day, answer.longest_quiet_days) == (8, 2)
    assert answer.days_to[10] == 2
    assert answer.peers == sum(group == story.world.staff[user] for group in story.world.staff.values()) - 1
    assert answer.steps[-1].p95 == 0  # nobody else sends there


def test_what_was_sent_is_hunted_down_in_any_spelling_and_what_was_not_is_unknown(story: Story) -> None:
    key = KeyedFingerprint(story.state.key())
    customer = next(one.customers[0] for one in story.world.sends if one.case == "drip")
    wanted = [[key("phone", phone(customer))], [key("phone", "13999999999")]]
    answer = hunt(story.reader.connection, wanted, Selection(), key.name)
    assert [one.answer for one in answer.found] == ["yes", "unknown"]
    assert answer.found[0].reached == "left"
    assert {hit.user for hit in answer.found[0].hits} == {story.world.cast["drip"]}


def test_nobody_is_accused_of_what_many_did_from_one_address(story: Story, found: list[Grouped]) -> None:
    assert all(NAT not in one.people for one in found)
    assert scope(story.reader.connection, Selection(user=NAT)).whole.left > 200
