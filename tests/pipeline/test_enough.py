"""A beginning that is enough: the action never changes, and the counts say that they are least ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from dlp_proxy import pipeline
from dlp_proxy.detect.beginning import beginning
from dlp_proxy.detect.regions import Patience
from dlp_proxy.incidents.event_of import event_of
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Field, Message, Part, Principal, Unit
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.load import load
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.unpack.unpack import Unpacked
from dlp_proxy.windows.windows import Windows

POLICY: Final = r"""
format: dlp-policy/v1
policy: orders
description: For tests.
owner: a@corp.example
mode: enforce
detectors:
  order:
    description: Orders.
    pattern: 'SO-\d{6}'
    examples: {match: ['SO-123456'], no_match: ['SO-1']}
  ticket:
    description: Tickets.
    pattern: 'TK-\d{4}'
    examples: {match: ['TK-1234'], no_match: ['TK-1']}
records:
  bought:
    description: Who bought what.
    has: [order]
    has_some: {of: [std/phone-cn, std/email], at_least: 1}
    identify_by: [order, std/phone-cn, std/email]
rules:
  bulk:
    description: Many customers.
    severity: high
    find: bought
    limits:
      - {at_least: 5, per: request, action: log}
      - {at_least: 20, per: request}
      - {at_least: 40, within: 24h, by: user}
    action: block
    message: {en: 'Customers.', zh: '客户。'}
  tickets:
    description: Tickets in small parts.
    severity: high
    when: {to: '*.tickets.example'}
    find: ticket
    limits: [{at_least: 10, within: 24h, by: user}]
    action: block
    message: {en: 'Tickets.', zh: '工单。'}
exceptions:
  partner:
    rules: bulk
    when: {to: '*.partner.example'}
    instead: {action: log}
    why: They pack the parcels.
    owner: a@corp.example
    expires: 2026-06-30
tests:
  - name: many
    request: {from: li, to: 'https://pan.example/', body: 'SO-000001 13800138000'}
    expect: {action: counted, rule: bulk, count: 1}
  - name: tickets
    request: {from: li, to: 'https://a.tickets.example/', body: 'TK-0001'}
    expect: {action: counted, rule: tickets, count: 1}
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    loaded = load({"orders.yaml": POLICY}, date(2026, 1, 1), {})
    assert loaded.policy is not None, [one.message for one in loaded.problems]
    return Engine(loaded.policy, KeyedFingerprint(b"k" * 32))


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_BEGINNINGS", (4000, 16_000))


def rows(pick: random.Random, count: int, *, ties: bool = False, tickets: bool = False) -> str:
    made = []
    for number in range(count):
        order, phone = f"SO-{pick.randrange(10**6):06}", f"138{pick.randrange(10**8):08}"
        made.append(f"{order},{phone}" if pick.random() < 0.8 else f"{order},b{number}@shop.example,{phone}")
        if ties and pick.random() < 0.3:
            made.append(f"{made[0]},{phone}")
        if tickets:
            made.append(f"TK-{pick.randrange(10**4):04}")
    return "\n".join(made) + "\n"


def message(body: str, host: str = "pan.example", time: float = 1.0) -> Message:
    destination = Destination("https", host, 443)
    return Message("t", time, "http", Principal("li", "declared", "none"), destination, "POST", "/", body=body.encode())


def judged(engine: Engine, body: str, host: str = "pan.example", windows: Windows | None = None) -> Judgement:
    return examine(message(body, host), engine, windows or Windows())


@pytest.mark.usefixtures("_soon")
def test_a_long_dense_body_is_not_read_to_its_end_and_says_so(engine: Engine) -> None:
    found = judged(engine, rows(random.Random(1), 4000))
    assert found.inspection.at_least
    assert found.verdict.reasons[0].at_least
    assert found.verdict.action is Action.BLOCK
    assert 4 * 40 <= found.verdict.reasons[0].count < 1000
    event = event_of(found.message, found.inspection, found.verdict, found.counted, "0")
    assert event.body["coverage"]["at_least"] is True
    assert event.body["coverage"]["inspected"] == "enough"


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize(
    ("body", "host"),
    [
        (rows(random.Random(2), 19) + "plain words\n" * 9000, "pan.example"),
        (rows(random.Random(3), 4000), "a.partner.example"),
        (rows(random.Random(4), 4000), "a.tickets.example"),
    ],
    ids=["few customers", "an exception lets it pass", "another rule's window has not heard of it"],
)
def test_the_rest_is_read_where_it_may_matter(engine: Engine, body: str, host: str) -> None:
    assert not judged(engine, body, host).inspection.at_least


@pytest.mark.usefixtures("_soon")
def test_what_the_beginning_has_shown_stands_when_the_time_is_gone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, now = pipeline._look, [0.0]

    def late(
        message: Message, engine: Engine, unpacked: Unpacked, parts: Sequence[Part], patience: Patience
    ) -> Inspection:
        if parts is unpacked.parts:
            now[0] = 1000.0
        return look(message, engine, unpacked, parts, patience)

    monkeypatch.setattr(pipeline, "_look", late)
    timed = replace(engine, clock=lambda: now[0])
    found = judged(timed, rows(random.Random(8), 4000), "a.tickets.example")
    assert [gap.reason for gap in found.inspection.gaps] == ["timed-out"]
    assert not found.inspection.at_least
    assert found.verdict.action is Action.BLOCK
    assert {one.rule: one.count > 40 for one in found.verdict.reasons} == {"unreadable": False, "bulk": True}


@pytest.mark.usefixtures("_soon")
def test_monitor_reads_to_the_end(engine: Engine) -> None:
    watching = Engine(engine.policy, engine.fingerprint, monitor=True)
    found = judged(watching, rows(random.Random(5), 4000))
    assert not found.inspection.at_least
    assert found.verdict.reasons[0].count > 1000


@pytest.mark.parametrize("seed", range(24))
def test_no_action_changes_now_or_later(engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = random.Random(seed)
    bodies = [
        rows(
            pick,
            pick.choice((3, 15, 30, 60, 90, 170, 400, 1200)),
            ties=pick.random() < 0.4,
            tickets=pick.random() < 0.3,
        )
        + "words and words\n" * pick.choice((0, 50, 2000))
        for _ in range(4)
    ]
    hosts = [pick.choice(("pan.example", "a.partner.example", "a.tickets.example")) for _ in bodies]
    actions = []
    for beginnings in ((4000, 16_000), ()):
        monkeypatch.setattr(pipeline, "_BEGINNINGS", beginnings)
        windows = Windows()
        actions.append([judged(engine, *one, windows).verdict.action for one in zip(bodies, hosts, strict=True)])
    assert actions[0] == actions[1]


def test_a_beginning_ends_at_a_line_and_cuts_its_units() -> None:
    text = "a: 1\nb: 2\nc: 3\n"
    part = Part(
        Location("body"), text,
        (Unit(0, 15, "object", "$"), Unit(5, 10, "object", "$.b"), Unit(10, 15, "object", "$.c")),
        (Field(3, 4, "a"), Field(8, 9, "b"), Field(13, 14, "c")),
    )  # fmt: skip
    assert beginning([part], 12) == (
        Part(
            Location("body"), text[:10], (Unit(0, 10, "object", "$"), Unit(5, 10, "object", "$.b")),
            (Field(3, 4, "a"), Field(8, 9, "b")),
        ),
    )  # fmt: skip
    assert beginning([part], 15) is None
    assert beginning([part, part], 18) == (part,)
