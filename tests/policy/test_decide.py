from __future__ import annotations

from typing import Any

import pytest

from dlp_proxy.model.finding import GAP_REASONS
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.totals import Totals
from dlp_proxy.model.verdict import Action
from dlp_proxy.policy.decide import DEFAULT_FOR_GAPS, decide
from dlp_proxy.policy.match import match

BULK = """\
  bulk:
    severity: high
    find: [customer-order, customer-contact]
    limits:
      - {at_least: 5, per: request, action: coach, severity: medium}
      - {at_least: 50, per: request}
      - {at_least: 200, within: 24h, by: user, severity: critical}
    action: block
    message: {en: 'Stopped.'}
"""


@pytest.mark.parametrize(
    ("rows", "total", "action", "limit", "count", "severity"),
    [
        (1, None, "counted", "", 1, "high"),
        (4, None, "counted", "", 4, "high"),
        (5, None, "coach", "5 in this request", 5, "medium"),
        (49, None, "coach", "5 in this request", 49, "medium"),
        (50, None, "block", "50 in this request", 50, "high"),
        (4, 199, "counted", "", 4, "high"),
        (4, 200, "block", "200 in 24h by user", 200, "critical"),
        (60, 250, "block", "50 in this request", 60, "critical"),
        (6, 250, "block", "200 in 24h by user", 250, "critical"),
    ],
)
def test_a_limit_holds_from_its_number_on_and_the_strictest_wins(
    world: Any, rows: int, total: int | None, action: str, limit: str, count: int, severity: str
) -> None:
    verdict = world.judge(world.policy(BULK), world.message(), world.rows(rows), total)
    (reason,) = verdict.reasons
    assert verdict.action.word == action
    assert (reason.limit, reason.count, reason.severity) == (limit, count, severity)


def test_a_reason_tells_every_total_that_was_looked_at(world: Any) -> None:
    (reason,) = world.judge(world.policy(BULK), world.message(), world.rows(60), 70).reasons
    assert reason.totals == {"5 in this request": 60, "50 in this request": 60, "200 in 24h by user": 70}
    assert reason.what == {"customer-order": 60}
    assert (reason.limit_number, reason.window) == (50, "")


def test_the_severity_is_that_of_a_limit_that_did_what_is_done(world: Any) -> None:
    rule = BULK.replace("action: coach, severity: medium", "action: coach, severity: critical")
    reasons = [world.judge(world.policy(rule), world.message(), world.rows(rows)).reasons[0] for rows in (5, 50)]
    assert [(one.action.word, one.severity) for one in reasons] == [("coach", "critical"), ("block", "high")]


@pytest.mark.parametrize(("rows", "told"), [(1, ()), (3, ("soc@corp.example",))])
def test_somebody_is_told_from_a_log_entry_on(world: Any, rows: int, told: tuple[str, ...]) -> None:
    rule = "  seen: {severity: low, find: phone, limits: [{at_least: 3, per: request}], action: log, "
    policy = world.policy(rule + "notify: [soc@corp.example]}\n")
    (reason,) = world.judge(policy, world.message(), world.rows(rows)).reasons
    assert (reason.action.word, reason.notify) == ("log" if told else "counted", told)


def test_without_limits_one_finding_is_enough(world: Any) -> None:
    rule = "  one: {severity: high, find: phone, action: block, message: {en: x}}\n"
    verdict = world.judge(world.policy(rule), world.message(), world.rows(1))
    assert (verdict.action, verdict.reasons[0].count) == (Action.BLOCK, 1)


def test_nothing_found_is_allowed_without_a_reason(world: Any) -> None:
    policy = world.policy(BULK)
    verdict = world.judge(policy, world.message(), Inspection())
    assert (verdict.action, verdict.would, verdict.reasons) == (Action.ALLOW, Action.ALLOW, ())
    assert verdict.policy_digest == policy.digest


TWO = (
    BULK
    + """\
  any-phone: {severity: low, find: phone, action: log}
  watched: {severity: low, mode: monitor, find: phone, action: block, message: {en: x}}
"""
)


def test_strictest_rule_wins_and_every_rule_is_a_reason_strictest_first(world: Any) -> None:
    verdict = world.judge(world.policy(TWO), world.message(), world.rows(60))
    assert [(each.rule, each.action.word, each.effective.word) for each in verdict.reasons] == [
        ("bulk", "block", "block"),
        ("watched", "block", "log"),
        ("any-phone", "log", "log"),
    ]
    assert (verdict.action, verdict.would) == (Action.BLOCK, Action.BLOCK)


def test_a_watched_rule_logs_and_says_what_it_would_do(world: Any) -> None:
    verdict = world.judge(world.policy(TWO), world.message(), world.rows(1))
    assert (verdict.action, verdict.would) == (Action.LOG, Action.BLOCK)
    assert {each.rule: each.mode for each in verdict.reasons}["watched"] == "monitor"


def test_monitor_of_the_engine_stops_nothing_and_records_the_same(world: Any) -> None:
    verdict = world.judge(world.policy(BULK), world.message(), world.rows(60), monitor=True)
    assert (verdict.action, verdict.would) == (Action.LOG, Action.BLOCK)
    assert (verdict.reasons[0].count, verdict.reasons[0].mode) == (60, "monitor")


def test_monitor_leaves_counted_and_nothing_as_they_are(world: Any) -> None:
    policy = world.policy(BULK)
    assert world.judge(policy, world.message(), world.rows(1), monitor=True).action is Action.COUNTED
    assert world.judge(policy, world.message(), Inspection(), monitor=True).action is Action.ALLOW


@pytest.mark.parametrize(("policy_mode", "rule_mode", "expected"), [
    ("enforce", "enforce", "enforce"), ("enforce", "monitor", "monitor"), ("monitor", "enforce", "monitor"),
    ("monitor", "monitor", "monitor"),
])  # fmt: skip
def test_the_weakest_mode_is_in_force(world: Any, policy_mode: str, rule_mode: str, expected: str) -> None:
    rule = BULK.replace("severity: high\n", f"severity: high\n    mode: {rule_mode}\n", 1)
    policy = world.policy(rule, head=f"mode: {policy_mode}\n")
    assert policy.rules[0].mode == expected


EXCEPTION = """\
  partner:
    rules: bulk
    when: {from: team}
    instead: %s
    why: a reason
    owner: me
    expires: 2027-03-31
"""


@pytest.mark.parametrize(
    ("instead", "rows", "total", "expected"),
    [
        ("{action: log}", 60, None, "log"),
        ("{action: allow}", 60, None, "allow"),
        ("{action: log}", 1, None, "counted"),
        ("{action: log}", 5, None, "log"),
        ("{limits: [{at_least: 300, within: 24h, by: user}]}", 60, 299, "counted"),
        ("{limits: [{at_least: 300, within: 24h, by: user}]}", 60, 300, "block"),
        ("{limits: [{at_least: 60, per: request, action: log}]}", 60, None, "log"),
    ],
)
def test_an_exception_changes_the_answer_and_is_named(
    world: Any, instead: str, rows: int, total: int | None, expected: str
) -> None:
    policy = world.policy(BULK, EXCEPTION % instead)
    verdict = world.judge(policy, world.message(user="ship-1@corp.example"), world.rows(rows), total)
    assert verdict.action.word == expected
    assert verdict.reasons[0].exception == "partner"


def test_an_exception_of_one_team_is_nobody_elses(world: Any) -> None:
    policy = world.policy(BULK, EXCEPTION % "{action: allow}")
    verdict = world.judge(policy, world.message(), world.rows(60))
    assert (verdict.action, verdict.reasons[0].exception) == (Action.BLOCK, "")


def test_every_kind_of_gap_has_a_default() -> None:
    assert set(DEFAULT_FOR_GAPS) == set(GAP_REASONS)


@pytest.mark.parametrize("reason", GAP_REASONS)
def test_what_was_not_looked_at_is_never_taken_for_clean(world: Any, reason: str) -> None:
    verdict = world.judge(world.policy(BULK), world.message(), world.gaps(reason))
    logged = {"encrypted", "unknown-format", "malformed", "partial"}
    assert verdict.action is (Action.LOG if reason in logged else Action.BLOCK)
    assert [(each.policy, each.rule) for each in verdict.reasons] == [("default", "unreadable")]


def test_of_several_gaps_the_worst_decides(world: Any) -> None:
    for reasons in (("encrypted", "too-deep"), ("too-deep", "encrypted")):
        assert world.judge(world.policy(BULK), world.message(), world.gaps(*reasons)).action is Action.BLOCK


def test_what_receiving_could_not_take_in_is_not_taken_for_clean_either(world: Any) -> None:
    message = world.message(gaps=world.gaps("too-large").gaps)
    verdict = world.judge(world.policy(BULK), message, Inspection())
    assert (verdict.action, verdict.reasons[0].rule) == (Action.BLOCK, "unreadable")


@pytest.mark.parametrize("reason", GAP_REASONS)
def test_monitor_lets_gaps_pass_too_and_logs_them(world: Any, reason: str) -> None:
    verdict = world.judge(world.policy(BULK), world.message(), world.gaps(reason), monitor=True)
    assert verdict.action is Action.LOG


def test_a_rule_that_speaks_of_a_gap_replaces_the_default_for_it_alone(world: Any) -> None:
    rule = BULK + "  large: {severity: low, action: log, when: {unreadable: too-large}}\n"
    policy = world.policy(rule)
    assert world.judge(policy, world.message(), world.gaps("too-large")).action is Action.LOG
    both = world.judge(policy, world.message(), world.gaps("too-large", "crashed"))
    assert [(each.rule, each.effective.word) for each in both.reasons] == [("unreadable", "block"), ("large", "log")]


def test_a_gap_beside_findings_is_still_decided_on(world: Any) -> None:
    rows = world.rows(1)
    seen = Inspection(rows.findings, rows.records, world.gaps("too-deep").gaps)
    verdict = world.judge(world.policy(BULK), world.message(), seen)
    assert [(each.rule, each.effective.word) for each in verdict.reasons] == [
        ("unreadable", "block"),
        ("bulk", "counted"),
    ]


def test_a_total_nobody_answered_is_an_error_and_not_a_zero(world: Any) -> None:
    policy = world.policy(BULK)
    matches = match(policy, world.message(), world.rows(1))
    with pytest.raises(KeyError):
        decide(policy, world.message(), world.rows(1), matches, Totals(), monitor=False)
