"""What is an incident of each kind, and what only looks like one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dlp_proxy.incidents.grouped import Grouped, People
from dlp_proxy.incidents.grouping import group
from dlp_proxy.incidents.transfers import Reached, Transfer
from tests.incidents.small import at

WHO = tuple(f"person-{number}" for number in range(40))
GROUPS: dict[str, tuple[str, ...]] = dict.fromkeys(WHO, ("sales",))


class Sent:
    """Uploads in the order they are made."""

    def __init__(self) -> None:
        self.all: list[Transfer] = []

    def __call__(
        self,
        user: str,
        site: str,
        customers: Sequence[int],
        time: int,
        reached: Reached = Reached.LEFT,
        action: str = "counted",
        incident: str = "",
        account: str = "",
    ) -> None:
        number = len(self.all) + 1
        rule = "bulk" if incident else ""
        facts = (number, f"uid-{number}", time, user, site, action, rule, incident, "full", 100, False, reached, "")
        self.all.append(Transfer(*facts, tuple(customers), {}, len(account), account))

    def blocked(self, user: str, site: str, customers: Sequence[int], time: int) -> None:
        self(user, site, customers, time, Reached.BLOCKED, "block", f"inc-{len(self.all)}")

    def found(self, *sanctioned: str, most: int = 25, groups: dict[str, tuple[str, ...]] = GROUPS) -> list[Grouped]:
        return group(self.all, People(groups, frozenset(sanctioned), most))

    def kinds(self, *sanctioned: str, most: int = 25) -> list[str]:
        return [one.kind for one in self.found(*sanctioned, most=most) if one.kind != "burst"]


@pytest.fixture
def sent() -> Sent:
    return Sent()


def test_what_is_let_go_in_pieces_after_a_block_is_evasion(sent: Sent) -> None:
    sent.blocked("person-1", "a.example", range(60), at(0))
    for part in range(3):
        sent("person-1", "b.example", range(part * 4, part * 4 + 4), at(10 + part))
    (one,) = (one for one in sent.found() if one.kind == "evasion")
    assert (one.customers, one.left, one.blocked, len(one.events)) == (60, 12, 48, 4)
    assert (12, "after a block") in one.terms


@pytest.mark.parametrize(
    ("user", "customers", "minutes", "reached", "sanctioned"),
    [
        pytest.param("person-1", range(9), 10, Reached.LEFT, (), id="too-few-of-them"),
        pytest.param("person-2", range(30), 10, Reached.LEFT, (), id="somebody-else"),
        pytest.param("person-1", range(100, 130), 10, Reached.LEFT, (), id="other-customers"),
        pytest.param("person-1", range(30), 24 * 60 + 1, Reached.LEFT, (), id="a-day-later"),
        pytest.param("person-1", range(30), 10, Reached.BLOCKED, (), id="blocked-again"),
        pytest.param("person-1", range(30), 10, Reached.LEFT, ("b.example",), id="where-it-belongs"),
    ],
)
def test_what_only_looks_like_evasion_is_none(
    sent: Sent, user: str, customers: range, minutes: int, reached: Reached, sanctioned: tuple[str, ...]
) -> None:
    sent.blocked("person-1", "a.example", range(60), at(0))
    sent(user, "b.example", customers, at(minutes), reached)
    assert sent.kinds(*sanctioned) == []


@pytest.mark.parametrize(
    ("blocked", "let_go", "minutes", "evades"),
    [
        pytest.param(60, 10, 10, True, id="ten-are-enough-of-any"),
        pytest.param(60, 10, 24 * 60, True, id="a-day-is-a-day"),
        pytest.param(8, 4, 10, True, id="half"),
        pytest.param(8, 3, 10, False, id="less-than-half"),
        pytest.param(7, 4, 10, True, id="half-of-seven-is-four"),
        pytest.param(7, 3, 10, False, id="and-not-three"),
        pytest.param(4, 3, 10, True, id="three"),
        pytest.param(4, 2, 10, False, id="two-are-too-few-though-they-are-half"),
    ],
)
def test_half_of_what_was_blocked_is_evasion_but_three_at_least_and_ten_at_most(
    sent: Sent,
    blocked: int,
    let_go: int,
    minutes: int,
    evades: bool,  # noqa: FBT001
) -> None:
    sent.blocked("person-1", "a.example", range(blocked), at(0))
    sent("person-1", "b.example", range(let_go), at(minutes))
    assert sent.kinds() == ["evasion"] * evades


def test_evasions_with_quiet_days_between_are_two(sent: Sent) -> None:
    for day in (0, 3, 7):
        sent.blocked("person-1", "a.example", range(day * 100, day * 100 + 20), at(0, day))
        sent("person-1", "b.example", range(day * 100, day * 100 + 20), at(10, day))
    assert [len(one.events) for one in sent.found() if one.kind == "evasion"] == [4, 2]


def test_whoever_was_asked_and_answered_evades_nothing(sent: Sent) -> None:
    sent("person-1", "a.example", range(60), at(0), Reached.BLOCKED, "coach", "inc-1")
    sent("person-1", "a.example", range(60), at(1), Reached.LEFT, "log", "inc-1")
    assert sent.kinds() == []


def _drip(sent: Sent, user: str, a_day: int, days: int, site: str = "d.example") -> None:
    for day in range(days):
        first = WHO.index(user) * 10_000 + day * a_day
        sent(user, site, range(first, first + a_day), at(0, day))


def test_a_little_every_day_adds_up_to_a_drip(sent: Sent) -> None:
    _drip(sent, "person-1", 8, 40)
    (one,) = sent.found()
    assert (one.kind, one.customers, len(one.events)) == ("drip", 320, 40)
    assert "56 different customers in 7 days at destinations that are not everybody's (from 50 on" in one.because
    assert "on 7 days, at most 8 a day" in one.because


@pytest.mark.parametrize(
    ("a_day", "days"),
    [pytest.param(6, 8, id="under-the-numbers"), pytest.param(300, 1, id="one-batch"), pytest.param(60, 3, id="three")],
)
def test_what_is_little_or_all_at_once_is_no_drip(sent: Sent, a_day: int, days: int) -> None:
    _drip(sent, "person-1", a_day, days)
    assert sent.kinds() == []


def test_one_large_day_among_small_ones_is_no_drip(sent: Sent) -> None:
    _drip(sent, "person-1", 2, 6)
    sent("person-1", "d.example", range(50_000, 50_045), at(1, 3))
    assert sent.kinds() == []


@pytest.mark.parametrize(
    ("by_day", "drips"),
    [
        pytest.param({0: 12, 2: 13, 4: 12, 6: 13}, True, id="fifty-on-four-days"),
        pytest.param({0: 12, 2: 13, 4: 12, 6: 12}, False, id="forty-nine"),
        pytest.param({0: 16, 3: 17, 6: 17}, False, id="on-three-days"),
        pytest.param({0: 9, 2: 8, 4: 8, 6: 25}, True, id="half-of-it-on-one-day"),
        pytest.param({0: 8, 2: 8, 4: 8, 6: 26}, False, id="more-than-half-of-it-on-one-day"),
        pytest.param({0: 10, 4: 10, 5: 10, 6: 10, 7: 10}, False, id="in-eight-days"),
        pytest.param({1: 10, 4: 10, 5: 10, 6: 10, 7: 10}, True, id="in-seven-days"),
    ],
)
def test_a_drip_begins_at_its_numbers(sent: Sent, by_day: dict[int, int], drips: bool) -> None:  # noqa: FBT001
    for day, count in by_day.items():
        sent("person-1", "d.example", range(day * 100, day * 100 + count), at(0, day))
    assert sent.kinds() == ["drip"] * drips


@pytest.mark.parametrize(("theirs", "drips"), [pytest.param(28, True, id="twice"), pytest.param(29, False, id="less")])
def test_a_drip_is_twice_what_peers_send(sent: Sent, theirs: int, drips: bool) -> None:  # noqa: FBT001
    """56 customers within a week, and five others of the group who send half of it, or one more."""
    group: dict[str, tuple[str, ...]] = {f"person-{number}": ("sales",) for number in range(6)}
    for day in range(7):
        for number in range(1, 6):
            first = number * 10_000 + day * 10
            sent(f"person-{number}", f"own-{number}.example", range(first, first + (theirs + day) // 7), at(0, day))
        sent("person-0", "d.example", range(day * 8, day * 8 + 8), at(1, day))
    assert [one.people for one in sent.found(groups=group)] == [("person-0",)] * drips


def test_as_many_as_make_no_destination_everybodys_leave_it_rare(sent: Sent) -> None:
    for number in range(2, 5):
        sent(WHO[number], "d.example", (900_000 + number,), at(0))
    _drip(sent, "person-1", 8, 15, "d.example")
    for most, said in ((4, True), (3, False)):
        (one,) = sent.found(most=most)
        assert ("not everybody's" in one.because) is said


def test_what_all_send_to_the_courier_hides_nobody(sent: Sent) -> None:
    for number in range(30):
        for day in range(15):
            first = 500_000 + number * 10_000 + day * 20
            sent(WHO[number], "courier.example", range(first, first + 20), at(1, day))
    _drip(sent, "person-1", 8, 15)
    (one,) = sent.found()
    assert (one.kind, one.people, one.sites, one.customers) == ("drip", ("person-1",), ("d.example",), 120)


def test_a_drip_through_everybodys_mail_is_found_too(sent: Sent) -> None:
    for number in range(30):
        sent(WHO[number], "mail.example", (900_000 + number,), at(0))
    _drip(sent, "person-1", 8, 15, "mail.example")
    assert sent.kinds() == ["drip"]


def test_what_everybody_in_the_group_does_is_no_drip(sent: Sent) -> None:
    for number in range(10):
        _drip(sent, f"person-{number}", 8, 20, f"own-{number}.example")
    assert sent.kinds() == []


def test_who_sends_where_customers_are_meant_to_go_is_no_drip(sent: Sent) -> None:
    _drip(sent, "person-1", 8, 40)
    assert sent.kinds("d.example") == []


def test_an_address_of_many_people_is_nobodys_drip(sent: Sent) -> None:
    _drip(sent, "person-1", 8, 40)
    without = {user: groups for user, groups in GROUPS.items() if user != "person-1"}
    assert sent.found(groups=without) == []


def test_a_destination_that_two_people_fill_is_shared(sent: Sent) -> None:
    for number in (1, 2):
        sent(f"person-{number}", "s.example", range(number * 100, number * 100 + 30), at(number))
    (one,) = sent.found()
    assert (one.kind, one.people, one.customers) == ("shared-destination", ("person-1", "person-2"), 60)


@pytest.mark.parametrize(
    ("first", "second", "days", "shared"),
    [
        pytest.param(20, 30, 0, True, id="twenty-each"),
        pytest.param(19, 40, 0, False, id="one-sent-nineteen"),
        pytest.param(25, 25, 0, True, id="fifty-together"),
        pytest.param(24, 25, 0, False, id="forty-nine-together"),
        pytest.param(20, 30, 29, True, id="within-a-month"),
        pytest.param(20, 30, 30, False, id="over-more-than-a-month"),
    ],
)
def test_a_destination_is_shared_from_its_numbers_on(
    sent: Sent,
    first: int,
    second: int,
    days: int,
    shared: bool,  # noqa: FBT001
) -> None:
    sent("person-1", "s.example", range(first // 2), at(0))
    sent("person-1", "s.example", range(first // 2, first), at(1, days))
    sent("person-2", "s.example", range(100, 100 + second), at(2))
    assert sent.kinds() == ["shared-destination"] * shared


def test_a_destination_that_one_fills_and_others_only_use_is_not_shared(sent: Sent) -> None:
    sent("person-1", "s.example", range(60), at(0))
    for number in range(2, 12):
        sent(f"person-{number}", "s.example", range(1000 + number * 5, 1005 + number * 5), at(number))
    assert sent.kinds() == []


def test_a_destination_of_everybody_links_nobody(sent: Sent) -> None:
    for number in range(26):
        sent(WHO[number], "mail.example", range(number * 100, number * 100 + 30), at(number))
        sent(WHO[number], "mail.example", range(5000, 5020), at(number))
    assert sent.kinds() == []
    assert sent.kinds(most=26) == ["shared-destination", "shared-content"]


def test_the_same_customers_from_several_to_one_place_are_shared_content(sent: Sent) -> None:
    sent("person-1", "s.example", range(15), at(0))
    sent("person-2", "s.example", range(5, 30), at(1))
    sent("person-3", "s.example", range(20, 45), at(2))
    sent("person-4", "s.example", range(9), at(3))
    (one,) = sent.found()
    assert (one.kind, one.people, one.customers) == ("shared-content", ("person-1", "person-2", "person-3"), 45)


def _everybodys(sent: Sent, site: str = "mail.example") -> None:
    """Everybody sends a customer there, to an account of their own."""
    for number, user in enumerate(WHO):
        sent(user, site, (90_000 + number,), at(number), account=f"acc_{number:012x}")


OUTSIDE = "acc_aaaaaaaaaaaa"


def test_an_account_at_everybodys_destination_that_three_fill_is_one_incident(sent: Sent) -> None:
    _everybodys(sent)
    for number in (1, 2, 3):
        first = number * 100
        sent(
            f"person-{number}", "mail.example", (*range(12), *range(first, first + 24)), at(50, number), account=OUTSIDE
        )
    (one,) = sent.found()
    assert (one.kind, one.people, one.sites) == ("shared-account", WHO[1:4], ("mail.example",))
    assert (one.customers, len(one.events)) == (84, 3)
    assert (
        f"84 different customers to one account at mail.example, {OUTSIDE}: 3 of them at least 20 each" in one.because
    )
    assert "12 of these were sent there by more than one of them; 3 people fill it in all" in one.because
    assert {says for _, says in one.terms} >= {"several people", "the same customers by several people"}


def test_the_same_few_customers_to_one_account_link_two(sent: Sent) -> None:
    _everybodys(sent)
    for number in (1, 2):
        sent(f"person-{number}", "mail.example", range(10), at(50, number), account=OUTSIDE)
    (one,) = sent.found()
    assert (one.kind, one.people, one.customers) == ("shared-account", ("person-1", "person-2"), 10)
    assert "at least 20 each" not in one.because


@pytest.mark.parametrize(
    ("accounts", "customers", "sanctioned"),
    [
        pytest.param((OUTSIDE, "acc_bbbbbbbbbbbb"), 30, (), id="accounts-of-their-own"),
        pytest.param(("", ""), 30, (), id="no-account-known"),
        pytest.param((OUTSIDE, OUTSIDE), 19, (), id="too-few"),
        pytest.param((OUTSIDE, OUTSIDE), 30, (OUTSIDE,), id="sanctioned-account"),
        pytest.param((OUTSIDE, OUTSIDE), 30, ("mail.example",), id="sanctioned-destination"),
    ],
)
def test_what_only_looks_like_a_shared_account_is_none(
    sent: Sent, accounts: tuple[str, str], customers: int, sanctioned: tuple[str, ...]
) -> None:
    _everybodys(sent)
    for number, account in enumerate(accounts, 1):
        first = number * 100
        sent(f"person-{number}", "mail.example", range(first, first + customers), at(50, number), account=account)
    assert sent.kinds(*sanctioned) == []


def test_an_account_that_everybody_fills_links_nobody(sent: Sent) -> None:
    for number, user in enumerate(WHO[:26]):
        sent(user, "mail.example", range(number * 30, number * 30 + 30), at(number), account=OUTSIDE)
        sent(user, "mail.example", range(5000, 5020), at(number), account=OUTSIDE)
    assert sent.kinds() == []


def test_where_all_goes_to_one_account_the_destination_says_it_and_nothing_twice(sent: Sent) -> None:
    for number in (1, 2):
        first = number * 100
        sent(f"person-{number}", "s.example", range(first, first + 30), at(number), account=OUTSIDE)
    (one,) = sent.found()
    assert one.kind == "shared-destination"
    assert one.because.endswith(f"; all to one account there, {OUTSIDE}")
    sent("person-3", "s.example", range(5), at(5), account="acc_bbbbbbbbbbbb")
    kinds = {one.kind: one for one in sent.found()}
    assert kinds.keys() == {"shared-destination", "shared-account"}
    assert kinds["shared-account"].people == ("person-1", "person-2")


def test_a_single_transfer_says_why_it_is_an_incident(sent: Sent) -> None:
    sent("person-1", "a.example", range(60), at(0), Reached.BLOCKED, "block", "inc-1")
    (one,) = sent.found()
    assert one.because.startswith("one transfer under the rule bulk; ")
    sent("person-1", "a.example", range(60), at(1), Reached.BLOCKED, "block", "inc-1")
    (one,) = sent.found()
    assert one.because == "2 transfers of one person under the rule bulk, each within 24 hours of the one before"


def test_the_same_customers_to_different_places_are_not_linked(sent: Sent) -> None:
    sent("person-1", "s.example", range(15), at(0))
    sent("person-2", "t.example", range(15), at(1))
    assert sent.kinds() == []


@pytest.mark.parametrize(("customers", "points"), [(9, []), (10, [10]), (49, [10]), (50, [20]), (1000, [50])])
def test_how_many_they_were_adds_to_the_severity(sent: Sent, customers: int, points: list[int]) -> None:
    sent("person-1", "a.example", range(customers), at(0), incident="inc-1")
    (one,) = (one for one in sent.found() if one.kind == "burst")
    assert [number for number, says in one.terms if says == f"{customers} different customers"] == points


def test_a_name_stays_when_more_comes_in(sent: Sent) -> None:
    sent.blocked("person-1", "a.example", range(60), at(0))
    sent("person-1", "b.example", range(30), at(1))
    before = sent.found()
    sent("person-1", "b.example", range(30, 60), at(2))
    after = sent.found()
    assert [one.id for one in before] == [one.id for one in after]
    assert [one.left for one in after if one.kind == "evasion"] == [60]
