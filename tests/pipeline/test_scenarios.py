"""Every scenario through the engine."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.policy.load import load
from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.windows.windows import Windows
from tests.cli.commands import POLICIES
from tests.kept_gate import gate
from tests.scenarios.scenario import Scenario, Step, compare, scenarios

SCENARIOS = scenarios()


def make_engine() -> Engine:
    """Return an engine with the shipped policies."""
    files = read_policies(POLICIES)
    loaded = load(files.texts, dt.date(2026, 11, 23), files.fixtures)
    assert loaded.policy is not None
    detectors = DetectorSet(loaded.policy.detectors, stored=gate())
    return Engine(loaded.policy, KeyedFingerprint(b"k" * 32), LIMITS, detectors=detectors)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


def message(step: Step, number: int) -> Message:
    url = urlsplit(step.url)
    return Message(
        uid=f"scenario-{number}",
        time=1_763_900_000.0 + number,
        channel="http",
        principal=Principal(f"{step.sender}@corp.example", "declared", "none"),
        destination=Destination(url.scheme, url.hostname or "", url.port or 443),
        method=step.method,
        target=url.path + (f"?{url.query}" if url.query else ""),
        headers=tuple((name.encode(), value.encode()) for name, value in step.headers),
        body=step.body,
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_engine_gives_the_verdict_of_the_scenario(engine: Engine, scenario: Scenario) -> None:
    windows = Windows()
    for number, step in enumerate(scenario.steps):
        judgement = examine(message(step, number), engine, windows)
        verdict = judgement.verdict
        rules = [(reason.rule, reason.count) for reason in verdict.reasons]
        compare(step.expect, verdict.action.word, rules, {gap.reason for gap in judgement.inspection.gaps})


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 18
    assert sum(len(scenario.steps) for scenario in SCENARIOS) >= 150
