"""``policy coverage`` and ``policy probe``: what the tests in policies reach, and what they would notice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from dlp_proxy.cli.authors.folder import FOLDER, engine_for_tests, good_policy, run_tests
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Verdict
from dlp_proxy.pipeline import Engine, inspect, judge
from dlp_proxy.policy.casework import compare_answer, messages_of
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.coverage import Coverage
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.probe import Variant, variants
from dlp_proxy.policy.proposals import propose
from dlp_proxy.windows.windows import Windows


class _Step(NamedTuple):
    message: Message
    expect: Checked | None
    inspection: Inspection


@click.command("coverage")
@FOLDER
@click.option("--fail-under", type=click.IntRange(0, 100), default=0, metavar="PERCENT", help="Exit 1 below this.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def coverage(folder: Path, fail_under: int, form: str) -> None:
    """Tell which rules, limits, exceptions and parts of detectors no test reaches.

    \b
    Example:
      dlp-proxy policy coverage policies --fail-under 90
    """
    _, policy = good_policy(folder)
    engine = engine_for_tests(policy)
    seen = Coverage(engine.policy)
    for steps in _inspected(engine):
        windows = Windows()
        for step in steps:
            seen.saw(step.inspection, judge(step.message, step.inspection, engine, windows).verdict)
    items = list(seen.items())
    missing = [item for item, reached in items if not reached]
    percent = 100 * (len(items) - len(missing)) // max(1, len(items))
    if form == "json":
        shown = [{"path": one.place.path, "line": one.place.line, "name": one.name} for one in missing]
        click.echo(json.dumps({"items": len(items), "percent": percent, "missing": shown}, ensure_ascii=False))
    else:
        click.echo(f"coverage {len(items) - len(missing)}/{len(items)} ({percent} %)")
        for one in missing:
            click.echo(f"  never reached: {one.place.path}:{one.place.line}: {one.name}")
    if percent < fail_under:
        raise click.exceptions.Exit(PROBLEMS)


@click.command("probe")
@FOLDER
@click.option("--fail-under", type=click.IntRange(0, 100), default=0, metavar="PERCENT", help="Exit 1 below this.")
@click.option("--tests", is_flag=True, help="Tests that would notice the rest, as YAML to read and take.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def probe(folder: Path, fail_under: int, form: str, *, tests: bool) -> None:
    """Change each number by one and leave out each condition, and tell which changes no test would notice.

    \b
    Example:
      dlp-proxy policy probe policies --tests
    """
    _, policy = good_policy(folder)
    if failed := [one for one in run_tests(engine_for_tests(policy)) if not one.passed]:
        click.echo(f"dlp-proxy: {failed[0].path}:{failed[0].line} fails already; see `dlp-proxy policy test`", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    survived, count = survivors(policy)
    noticed = count - len(survived)
    percent = 100 * noticed // max(1, count)
    if form == "json":
        shown = [{"path": one.place.path, "line": one.place.line, "change": one.says} for one in survived]
        click.echo(json.dumps({"changes": count, "noticed": noticed, "survived": shown}, ensure_ascii=False))
    else:
        click.echo(f"{noticed}/{count} changes to the policy would be noticed by a test")
        for one in survived:
            click.echo(f"  nobody would notice: {one.place.path}:{one.place.line}: {one.says}")
        if tests:
            proposer = _Proposer(policy)
            click.echo("\n".join(dict.fromkeys(filter(None, map(proposer.test_for, survived)))))
    if percent < fail_under:
        raise click.exceptions.Exit(PROBLEMS)


def survivors(policy: Policy) -> tuple[list[Variant], int]:
    """Return the changes that no test notices, and how many were tried.

    Messages are inspected once: a change of a rule is judged on what was found, and a change of a detector looks
    again only where that detector has a say.
    """
    engine = engine_for_tests(policy)
    tests = [list(steps) for steps in _inspected(engine)]
    survived, count = [], 0
    for variant in variants(engine.policy):
        count += 1
        changed = replace(engine, policy=variant.policy, detectors=None)
        if not any(_fails(steps, changed, variant) for steps in tests):
            survived.append(variant)
    return survived, count


def _inspected(engine: Engine) -> Iterator[Iterable[_Step]]:
    known: dict[tuple[object, ...], Inspection] = {}
    for test in engine.policy.tests:
        steps = []
        for _, message, expect in messages_of(engine.policy, test):
            key = (message.target, message.headers, message.body, message.gaps)
            if key not in known:
                known[key] = inspect(message, engine)
            steps.append(_Step(message, expect, known[key]))
        yield steps


def _fails(steps: Iterable[_Step], changed: Engine, variant: Variant) -> bool:
    windows = Windows()
    again: dict[int, Inspection] = {}
    for step in steps:
        inspection = step.inspection
        if variant.detector:
            key = id(step.inspection)
            if key not in again:
                again[key] = _look_again(step, changed, variant.detector)
            inspection = again[key]
        verdict = judge(step.message, inspection, changed, windows).verdict
        if step.expect is not None and compare_answer(step.expect, verdict):
            return True
    return False


def _look_again(step: _Step, changed: Engine, name: str) -> Inspection:
    """Return what is found with a changed detector; what was found before when that detector finds the same."""
    alone = replace(
        changed.policy,
        detectors=tuple(one for one in changed.policy.detectors if one.spec.name == name),
        records=(),
    )
    found = inspect(step.message, replace(changed, policy=alone)).findings
    before = [one for one in step.inspection.findings if one.detector == name]
    if [(one.part, one.start, one.end, one.confidence, one.fingerprint) for one in found] == [
        (one.part, one.start, one.end, one.confidence, one.fingerprint) for one in before
    ]:
        return step.inspection
    return inspect(step.message, changed)


class _Proposer:
    """Looks for tests that would notice; each body is inspected once."""

    def __init__(self, policy: Policy) -> None:
        self._engine = engine_for_tests(policy)
        self._known: dict[tuple[object, ...], Inspection] = {}
        begin = dt.datetime.combine(policy.checked_on, dt.time(9, tzinfo=dt.UTC))
        self._moment = begin.timestamp()

    def test_for(self, variant: Variant) -> str:
        """Return a test in YAML that notices `variant`, or the empty text."""
        policy = self._engine.policy
        rule = next((one for one in policy.rules if one.name == variant.rule), None)
        if rule is None:
            return ""
        changed = replace(self._engine, policy=variant.policy)
        judges = (lambda some, engine=engine: self._judge(engine, some) for engine in (self._engine, changed))
        return propose(policy, rule, self._moment, *judges)

    def _judge(self, engine: Engine, messages: list[Message]) -> list[Verdict]:
        windows = Windows()
        return [judge(message, self._inspected(message), engine, windows).verdict for message in messages]

    def _inspected(self, message: Message) -> Inspection:
        key = (message.body, message.target, message.gaps)
        if key not in self._known:
            self._known[key] = inspect(message, self._engine)
        return self._known[key]
