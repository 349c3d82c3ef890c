"""The shipped policies: clean, tested, and tested as whole requests."""

from __future__ import annotations

import re
from typing import Any

from dlp_proxy.policy.load import load
from dlp_proxy.policy.problem import render_all


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
