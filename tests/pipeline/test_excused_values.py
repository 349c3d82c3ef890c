"""Exceptions for single values, and what rules say of asking, redacting and telling somebody."""

from __future__ import annotations

from dlp_proxy.model.verdict import Asking, Redaction
from tests.pipeline.test_language import HEAD, failures, loaded

RECORDS = """
  phone:
    like: std/phone-cn
records:
  customer: {has: [order, phone], identify_by: order}
  contact: {has: [phone], identify_by: phone}
rules:
  orders: {severity: high, find: [customer, contact], action: block, message: {en: 'Stopped.'},
           limits: [{at_least: 3, per: request}, {at_least: 5, within: 24h, by: user}]}
exceptions:
  our-hotline:
    rules: orders
    when: {to: a.example}
    values: ['138 0013 8000', SO-00000007]
    instead: {INSTEAD}
    why: It is the number of our own shop.
    owner: me
    expires: 2027-03-31
"""


def rows(*orders: str) -> str:
    return '"' + "".join(f"{order}\\n\\n" for order in orders) + '"'


def test_an_exception_with_values_excuses_those_and_nothing_else() -> None:
    three = rows("SO-00000001 13912345678", "SO-00000002 +86 13800138000", "SO-00000007 13712345678")
    four = rows(
        "SO-00000001 13912345678", "SO-00000002 13800138001", "SO-00000003 13712345678", "SO-00000004 13800138000"
    )
    text = (HEAD + RECORDS).replace("INSTEAD", "action: allow")
    text += f"""
tests:
  - name: two of three are excused, by phone in another spelling and by order
    request: {{from: a, to: 'https://a.example/', body: {three}}}
    expect: {{action: counted, rule: orders, count: 1}}
  - name: what is excused does not count as another record either
    request: {{from: a, to: 'https://a.example/', body: {four}}}
    expect: {{action: block, rule: orders, count: 3}}
  - name: elsewhere nothing is excused
    request: {{from: a, to: 'https://b.example/', body: {three}}}
    expect: {{action: block, rule: orders, count: 3}}
  - name: what is excused stays out of the total of the day
    steps:
      - {{repeat: 9, request: {{from: a, to: 'https://a.example/', body: 'SO-00000007 13712345678'}}, expect: {{action: allow}}}}
      - {{request: {{from: a, to: 'https://a.example/', body: 'SO-00000001 13912345678'}}, expect: {{action: counted, count: 1}}}}
"""  # noqa: E501 (YAML in one line)
    assert failures(text) == []


def test_what_an_exception_excuses_counts_from_the_day_after_its_last() -> None:
    text = (HEAD + RECORDS).replace("INSTEAD", "action: allow")
    text += """
tests:
  - name: on the last day
    begins: 2027-03-31 23:59 UTC
    request: {from: a, to: 'https://a.example/', body: 'SO-00000007 13912345678'}
    expect: {action: allow}
  - name: on the day after
    begins: 2027-04-01 00:00 UTC
    request: {from: a, to: 'https://a.example/', body: 'SO-00000007 13912345678'}
    expect: {action: counted, rule: orders, count: 1}
"""
    assert failures(text) == []


def test_excused_values_have_totals_of_their_own_under_limits() -> None:
    text = (HEAD + RECORDS).replace("INSTEAD", "limits: [{at_least: 2, within: 24h, by: user}]")
    text += """
tests:
  - name: the second of the two values is one too many
    steps:
      - {request: {from: a, to: 'https://a.example/', body: 'SO-00000007 13912345678'}, expect: {action: counted}}
      - request: {from: a, to: 'https://a.example/', body: 'SO-00000008 13800138000'}
        expect: {action: block, rule: orders, exception: our-hotline, count: 2}
"""
    assert failures(text) == []


def test_redaction_is_weaker_than_coaching_and_stronger_than_a_log_entry() -> None:
    text = (
        HEAD
        + """
rules:
  taken-out:
    severity: low
    find: order
    limits: [{at_least: 1, per: request}, {at_least: 3, per: request, action: coach}]
    action: redact
    redact: {replace_with: '[{what} removed]', cannot_redact: log}
    coach: {ask: reason, choices: [a customer asked, other], remember: 30m, cannot_ask: block}
    notify: [soc@corp.example]
    message: {en: 'Taken out.'}
  seen: {severity: low, find: order, action: log, mode: monitor}
tests:
  - name: one is taken out
    request: {from: a, to: 'https://a.example/', body: SO-00000001}
    expect: {action: redact, rule: taken-out}
  - name: three are asked for
    request: {from: a, to: 'https://a.example/', body: SO-00000001 SO-00000002 SO-00000003}
    expect: {action: coach, rule: taken-out}
"""
    )
    assert failures(text) == []
    policy = loaded(text).policy
    assert policy is not None
    rule = next(rule for rule in policy.rules if rule.name == "taken-out")
    assert rule.redaction == Redaction("[{what} removed]", "log")
    assert rule.asking == Asking("reason", ("a customer asked", "other"), 1800)
    assert rule.notify == ("soc@corp.example",)
