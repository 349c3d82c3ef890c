from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.policy.match import match

BULK = """\
  bulk:
    severity: high
    mode: monitor
    when: {not_to: our-own}
    find: [customer-order, customer-contact]
    limits:
      - {at_least: 5, per: request}
      - {at_least: 200, within: 24h, by: user}
      - {at_least: 300, within: 1h, by: user}
      - {at_least: 500, within: 7d, by: [user, site]}
    action: log
"""


def names(world: Any, rules: str, message: Any, inspection: Inspection) -> list[str]:
    return [found.rule.name for found in match(world.policy(rules), message, inspection)]


def test_a_row_that_is_an_order_and_a_contact_counts_once_as_the_order(world: Any) -> None:
    (found,) = match(world.policy(BULK), world.message(), world.rows(60))
    assert found.what == {"customer-order": 60}
    assert len(found.identities) == 60


def test_the_same_customer_in_many_rows_is_one(world: Any) -> None:
    twice = world.rows(3)
    again = world.rows(3)
    both = Inspection(
        (*twice.findings, *again.findings),
        {
            key: (
                *records,
                *(
                    type(one)(one.name, one.identity, one.location, tuple(i + 6 for i in one.findings))
                    for one in again.records[key]
                ),
            )
            for key, records in twice.records.items()
        },
    )
    (found,) = match(world.policy(BULK), world.message(), both)
    assert found.what == {"customer-order": 3}


def test_records_of_one_entry_that_share_a_finding_all_count(world: Any) -> None:
    """Two orders beside one telephone are two orders; only a later entry of `find` must leave it alone."""
    apart = world.rows(4)
    shared = {
        key: tuple(replace(one, findings=(*one.findings, 0)) for one in records)
        for key, records in apart.records.items()
    }
    (found,) = match(world.policy(BULK), world.message(), replace(apart, records=shared))
    assert found.what == {"customer-order": 4}


def test_a_rule_that_finds_nothing_does_not_match(world: Any) -> None:
    assert names(world, BULK, world.message(), Inspection()) == []
    elsewhere = world.finding("password", "x")
    assert names(world, BULK, world.message(), Inspection((elsewhere,))) == []


def test_a_rule_whose_conditions_do_not_hold_does_not_match(world: Any) -> None:
    assert names(world, BULK, world.message("files.corp.example"), world.rows(5)) == []


def test_findings_under_the_rules_confidence_do_not_exist(world: Any) -> None:
    rule = BULK.replace("    action: log", "    confidence: high\n    action: log")
    assert names(world, rule, world.message(), world.rows(5, confidence=Confidence.MEDIUM)) == []
    assert names(world, rule, world.message(), world.rows(5, confidence=Confidence.HIGH)) == ["bulk"]
    bare = BULK.replace("[customer-order, customer-contact]", "order")
    for least, seen, found in (
        ("", Confidence.LOW, []),
        ("", Confidence.MEDIUM, ["bulk"]),
        ("high", Confidence.MEDIUM, []),
    ):
        rule = bare.replace("    action: log", f"    confidence: {least}\n    action: log") if least else bare
        assert names(world, rule, world.message(), world.rows(5, confidence=seen)) == found


def test_a_record_keeps_its_own_least_confidence(world: Any) -> None:
    head = "mode: monitor\n"
    rule = BULK.replace("[customer-order, customer-contact]", "customer-order").replace(
        "find:", "confidence: low\n    find:"
    )
    assert world.policy(rule, head=head).records[0][1] is Confidence.LOW
    strict = world.policy(rule, head=head, record_confidence="high")
    assert [(spec.name, least) for spec, least in strict.records] == [("customer-order", Confidence.HIGH)]


@pytest.mark.parametrize("find", ["[customer-order, customer-contact]", "[order, phone]"])
def test_look_in_leaves_other_areas_out(world: Any, find: str) -> None:
    rule = BULK.replace("    action: log", "    look_in: [body, query]\n    action: log")
    rule = rule.replace("[customer-order, customer-contact]", find)
    assert names(world, rule, world.message(), world.rows(5, area="cookies")) == []
    assert names(world, rule, world.message(), world.rows(5, area="query")) == ["bulk"]


def test_bare_detectors_count_different_values(world: Any) -> None:
    rule = BULK.replace("[customer-order, customer-contact]", "[order, phone]")
    place = Location("body")
    same = [
        world.finding("order", "SO-1", place),
        world.finding("order", "SO-1", place),
        world.finding("phone", "1", place),
    ]
    (found,) = match(world.policy(rule), world.message(), Inspection(tuple(same)))
    assert found.what == {"order": 1, "phone": 1}


def test_a_value_that_served_a_record_is_not_counted_again_by_its_detector(world: Any) -> None:
    rule = BULK.replace("[customer-order, customer-contact]", "[customer-order, phone]")
    (found,) = match(world.policy(rule), world.message(), world.rows(7))
    assert found.what == {"customer-order": 7}


def test_a_rule_that_is_off_is_not_there(world: Any) -> None:
    policy = world.policy(BULK.replace("mode: monitor", "mode: 'off'"))
    assert policy.rules == ()
    assert policy.detectors == ()
    assert match(policy, world.message(), world.rows(5)) == ()


def test_one_observation_for_each_way_of_counting_with_all_its_windows(world: Any) -> None:
    (found,) = match(world.policy(BULK), world.message(user="Li.Na@corp.example"), world.rows(4))
    by_user, by_both = found.observations
    assert by_user.windows == (3600, 86400)
    assert by_user.series.key == "li.na@corp.example"
    assert by_user.identities == found.identities
    assert by_user.keep == 300  # the highest limit: more can matter to none
    assert by_both.windows == (604800,)
    assert by_both.series.key == "drop.example\x1fli.na@corp.example"


@pytest.mark.parametrize("by", ["user", "device"])
def test_one_who_is_spelled_in_another_case_starts_no_other_total(world: Any, by: str) -> None:
    policy = world.policy(BULK.replace("within: 24h, by: user", f"within: 24h, by: {by}"))
    (one,) = match(policy, world.message(user="Li.Na@corp.example", device="PC-7"), world.rows(1))
    (other,) = match(policy, world.message(user="li.na@corp.example", device="pc-7"), world.rows(1))
    assert one.series == other.series


def test_another_port_does_not_start_another_total(world: Any) -> None:
    policy = world.policy(BULK)
    (one,) = match(policy, world.message(), world.rows(1))
    (other,) = match(policy, world.message(port=8443), world.rows(1))
    assert one.series == other.series


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("at_least: 200", "at_least: 20", True),
        ("within: 24h", "within: 48h", True),
        ("severity: high", "severity: low", True),
        ("[customer-order, customer-contact]", "[customer-contact, customer-order]", True),
        ("[customer-order, customer-contact]", "[customer-order]", False),
        ("  bulk:", "  other:", False),
    ],
)
def test_a_changed_number_keeps_the_total_and_a_changed_meaning_does_not(
    world: Any, before: str, after: str, *, same: bool
) -> None:
    assert before in BULK
    old = world.policy(BULK).rules[0].ladder.countings[0]
    new = world.policy(BULK.replace(before, after)).rules[0].ladder.countings[0]
    assert (old.series == new.series) is same


def test_by_rule_is_one_total_for_everybody(world: Any) -> None:
    rule = BULK.replace("{at_least: 300, within: 1h, by: user}", "{at_least: 300, within: 1h, by: rule}")
    policy = world.policy(rule)
    keys = {
        found.observations[1].series.key
        for user in ("a", "b")
        for found in match(policy, world.message(user=user), world.rows(1))
    }
    assert keys == {""}


def test_by_destination_puts_the_hosts_of_one_named_place_together(world: Any) -> None:
    rule = BULK.replace("by: [user, site]", "by: destination")
    policy = world.policy(rule)

    def key(host: str) -> str:
        (found,) = match(policy, world.message(host), world.rows(1))
        (one,) = (each for each in found.observations if each.windows == (604800,))
        return str(one.series.key)

    assert key("drop.example") == "drops"
    assert key("elsewhere.example") == "elsewhere.example"


EXCEPTION = """\
  {name}:
    rules: bulk
    when: {{from: team{more}}}
    instead: {instead}
    why: a reason
    owner: me
    expires: {expires}
"""


def exception(name: str, instead: str, expires: str = "2027-03-31", more: str = "") -> str:
    return EXCEPTION.format(name=name, instead=instead, expires=expires, more=more)


def test_an_exception_puts_its_own_limits_with_its_own_total_in_place(world: Any) -> None:
    policy = world.policy(BULK, exception("returns", "{limits: [{at_least: 300, within: 24h, by: user}]}"))
    (own,) = match(policy, world.message(), world.rows(1))
    (excepted,) = match(policy, world.message(user="ship-1@corp.example"), world.rows(1))
    assert own.exemption is None
    assert excepted.exemption is not None
    assert excepted.exemption.name == "returns"
    assert [limit.at_least for limit in excepted.ladder.limits] == [300]
    assert excepted.observations[0].series.name != own.observations[0].series.name


def test_an_exception_holds_through_its_last_day_and_then_does_nothing(world: Any) -> None:
    policy = world.policy(BULK, exception("returns", "{action: allow}", expires="2026-12-01"))

    def applies(days: float) -> bool:
        message = world.message(user="ship-1@corp.example", time=world.noon + days * 86400)
        (found,) = match(policy, message, world.rows(1))
        return found.exemption is not None

    assert applies(8.49)
    assert not applies(8.51)


def test_of_several_exceptions_the_strictest_holds_wherever_they_stand(world: Any) -> None:
    limits = exception("b-limits", "{limits: [{at_least: 9, per: request}]}")
    block = exception("c-log", "{action: log}")
    allow = exception("a-allow", "{action: allow}")
    for order in (limits + block + allow, allow + block + limits):
        policy = world.policy(BULK, order)
        assert [each.name for each in policy.rules[0].exemptions] == ["b-limits", "c-log", "a-allow"]


def test_a_rule_without_find_matches_when_something_could_not_be_read(world: Any) -> None:
    rule = "  locked: {severity: low, action: log, when: {to: drops, unreadable: [encrypted, too-large]}}\n"
    assert names(world, rule, world.message(), world.gaps("encrypted")) == ["locked"]
    assert names(world, rule, world.message(), world.gaps("malformed")) == []
    assert names(world, rule, world.message("other.example"), world.gaps("encrypted")) == []
    assert names(world, rule, world.message(), world.rows(1)) == []


def test_what_receiving_could_not_take_in_counts_as_unreadable_too(world: Any) -> None:
    rule = "  large: {severity: low, action: log, when: {unreadable: too-large}}\n"
    message = world.message(gaps=world.gaps("too-large").gaps)
    assert names(world, rule, message, Inspection()) == ["large"]


def test_a_rule_of_places_alone_matches_every_transfer_there(world: Any) -> None:
    rule = "  closed: {severity: low, action: log, when: {to: drops}}\n"
    assert names(world, rule, world.message(), Inspection()) == ["closed"]
    assert names(world, rule, world.message("other.example"), Inspection()) == []
