"""The shipped policies: clean, tested, and tested as whole requests."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.casework import run_cases
from dlp_proxy.policy.load import load
from dlp_proxy.policy.problem import render_all
from dlp_proxy.windows.windows import Windows


def files(world: Any) -> dict[str, str]:
    found = {str(path.relative_to(world.shipped)): path.read_text() for path in sorted(world.shipped.rglob("*.yaml"))}
    assert len(found) >= 4
    return found


def test_shipped_policies_have_no_problem_and_no_warning(world: Any) -> None:
    shipped = files(world)
    loaded = load(shipped, world.today)
    assert render_all(loaded.problems, shipped) == ""
    assert loaded.policy is not None


def test_every_shipped_file_stands_alone_with_the_shared_ones(world: Any) -> None:
    shipped = files(world)
    shared = {path: text for path, text in shipped.items() if path.startswith("shared/")}
    assert len(shared) == 2
    for path, text in shipped.items():
        loaded = load(shared | {path: text}, world.today)
        assert render_all(loaded.problems, shipped) == ""


def test_no_shipped_message_tells_a_threshold(world: Any) -> None:
    policy = load(files(world), world.today).policy
    assert policy is not None
    messages = [text for rule in policy.rules for text in rule.message.values()]
    assert len(messages) >= 6
    assert [text for text in messages if re.search(r"\{limit\}|\{window\}", text)] == []


def test_every_shipped_rule_that_stops_somebody_speaks_english_and_chinese(world: Any) -> None:
    policy = load(files(world), world.today).policy
    assert policy is not None
    assert {rule.name: sorted(rule.message) for rule in policy.rules if rule.message} == {
        rule.name: ["en", "zh"] for rule in policy.rules if rule.message
    }


def test_every_test_in_the_shipped_policies_passes_in_the_engine(world: Any) -> None:
    policy = load(files(world), world.today).policy
    assert policy is not None
    engine = Engine(policy, lambda kind, value: hashlib.sha256(f"{kind} {value}".encode()).digest()[:16])
    memory = [Windows()]

    def judge(message: Message) -> Judgement:
        return examine(message, engine, memory[0])

    def forget() -> None:
        memory[0] = Windows()

    results = run_cases(policy, judge, forget)
    assert len(results) >= 19
    assert [(result.name, result.text) for result in results if not result.passed] == []
    assert {result.messages for result in results if "300 times" in result.name} == {300}
