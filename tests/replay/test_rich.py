"""Replay under a policy that has a bit of everything: rings, memory of other rules, exceptions, what is asked."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from dlp_proxy.stores.sqlite.read import SqliteReader
from tests.cli.commands import dlp_proxy_here
from tests.replay.world import BEGAN, PEOPLE, policies, state_of, upload

_RICH: Final = """\
format: dlp-policy/v1
policy: rich
description: A bit of everything.
detectors:
  order-number:
    pattern: 'SO-\\d{8}'
    confidence: high
    sample: 'SO-{n:8}'
    examples: {match: [SO-20260115], no_match: [SO-2026]}
destinations:
  drops: {hosts: [drop.example, pan.example]}
rules:
  bulk:
    severity: high
    when: {to: drops}
    find: order-number
    limits:
      - {at_least: 4, per: request, count: all}
      - {at_least: 9, within: 6h, by: user}
      - {at_least: 14, within: 1d, by: user, count: all}
      - {at_least: 3, count: people, sharing: 3, within: 30d, by: destination}
    action: block
    message: {en: 'Stopped.'}
  asked:
    severity: low
    when: {to: watched.example}
    find: order-number
    action: coach
    coach: {ask: confirm, cannot_ask: log}
    message: {en: 'Sure?'}
  cut:
    severity: low
    when: {to: cut.example}
    find: order-number
    action: redact
    message: {en: 'Cut.'}
  again:
    severity: medium
    when: {after: {rule: bulk, within: 2h, by: user}}
    find: order-number
    action: log
exceptions:
  wu-may:
    rules: bulk
    when: {from: 'wu.hao*'}
    instead: {limits: [{at_least: 12, within: 6h, by: user}]}
    why: tested
    owner: a@corp.example
    expires: 2099-01-01
  known:
    rules: bulk
    when: {to: drops}
    values: [SO-20260003]
    instead: {action: log}
    why: tested
    owner: a@corp.example
    expires: 2099-01-01
tests:
  - name: all of them
    steps:
      - request:
          from: a@corp.example
          to: 'https://drop.example/x'
          body: 'SO-20260007 SO-20260008 SO-20260009 SO-20260010'
        expect: {action: block, rule: bulk}
      - request: {from: a@corp.example, to: 'https://cut.example/x', body: 'SO-20260007'}
        expect: {action: redact, rule: cut}
      - request: {from: a@corp.example, to: 'https://watched.example/x', body: 'SO-20260007'}
        expect: {action: coach, rule: asked}
      - request: {from: a@corp.example, to: 'https://other.example/x', body: 'SO-20260007'}
        expect: {action: log, rule: again}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rich")
    chance = random.Random(5)
    sent = []
    for number in range(70):
        orders = [chance.randrange(20260001, 20260021) for _ in range(chance.choice((1, 2, 2, 3, 5)))]
        site = chance.choice(("drop.example", "pan.example", "watched.example", "cut.example"))
        one = upload(number, BEGAN + number * 1500, chance.choice((*PEOPLE, "zhao.min@corp.example")), site, orders)
        sent.append(replace(one, attended=chance.choice((True, False, None))))
    state_of(folder / "state", policies(folder / "rich", _RICH), sent, folder / "bodies")
    return folder


def replay(world: Path, *words: str | Path) -> tuple[int, Any]:
    done = dlp_proxy_here("replay", *words, "--state", world / "state", "--json")
    return done.code, json.loads(done.out)


def test_every_decision_is_made_again_from_what_its_event_remembers(world: Path) -> None:
    code, answer = replay(world, "--level", "2")
    assert answer["first_difference"] is None
    assert code == 0
    assert answer["states"]["consistent"] == 70
    assert answer["states"]["no-decision"] >= 1  # a ring was told of


def test_with_bodies_every_decision_and_every_counter_is_made_again(world: Path) -> None:
    code, answer = replay(world, "--level", "2", "--bodies", world / "bodies")
    assert answer["first_difference"] is None
    assert code == 0
    assert answer["states"]["reproduced"] == 70
    shown = dlp_proxy_here("replay", "--level", "2", "--bodies", world / "bodies", "--state", world / "state").out
    assert " 0 differ, 0 not counted again" in shown


def test_the_same_policy_changes_nothing(world: Path) -> None:
    for words in ((), ("--bodies", world / "bodies")):
        _, answer = replay(world, "--policies", world / "rich", *words)
        assert answer["fates"]["unchanged"]["transfers"] == 70, answer


def test_the_world_has_a_bit_of_everything(world: Path) -> None:
    with SqliteReader(world / "state" / "events.db") as reader:
        events = [kept.event for kept in reader.events()]
    reasons = [reason for one in events for reason in one.body.get("reasons", ())]
    assert {one["rule"] for one in reasons} == {"bulk", "asked", "cut", "again"}
    assert {one["exception"] for one in reasons} == {"wu-may", "known", None}
    assert {one["settled"] for one in reasons} == {"cannot-ask", None}
    assert {one.action for one in events} == {"allow", "counted", "log", "redact", "coach", "block"} - {"allow"}
    assert any(one.body.get("kind") == "ring" for one in events)
