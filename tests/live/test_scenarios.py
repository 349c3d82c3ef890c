"""Every scenario through the live proxy: the verdicts of the engine, and the origin saw just what passed."""

from __future__ import annotations

import pytest

from tests.live.harness import OriginThread, curl
from tests.live.system import System
from tests.scenarios.scenario import Scenario, compare, scenarios

pytestmark = pytest.mark.live

_STOPPED = {"block", "coach"}


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_the_proxy_gives_the_verdict_of_the_scenario(system: System, world: OriginThread, scenario: Scenario) -> None:
    people: dict[str, str] = {}
    for step in scenario.steps:
        sender = people.setdefault(step.sender, next(system.people))
        world.seen.clear()
        words = [word for name, value in step.headers for word in ("--header", f"{name}: {value}")]
        words += ["--header", "Sec-Fetch-Mode: navigate"]  # a browser: somebody is there to be asked
        if step.method != "GET":
            words += ["--header", "Content-Type:"] if not step.headers else []
            words += ["--data-binary", "@-"]
        answer = curl(system, step.url, "--request", step.method, "--interface", sender, *words, stdin=step.body)
        action = step.expect["action"]
        assert (answer.code == 403) is (action in _STOPPED)
        assert len(world.seen) == (action not in _STOPPED)
        events = [kept for kept in system.events() if kept.event.uid == answer.headers.get("x-dlp-proxy")]
        if action == "allow":
            assert system.events() == []
            continue
        kept = events[0] if events else system.events()[-1]
        rules = [(reason["rule"], reason["count"]) for reason in kept.event.body["reasons"]]
        gaps = {gap["reason"] for gap in kept.event.body["coverage"]["gaps"]}
        compare(step.expect, kept.event.action, rules, gaps)
