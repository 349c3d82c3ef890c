"""Our own failures: each is a verdict, an event that says which step failed, and no word of the content."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest

from dlp_proxy.incidents.event_of import event_of
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.sensitive import mask
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, by_exception_policy, examine, masked
from dlp_proxy.windows.windows import Windows
from tests.pipeline.test_scenarios import make_engine

BODY = b"SO-20260115-004217 13800138000"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


def message() -> Message:
    return Message(
        uid="t",
        time=1.0,
        channel="http",
        principal=Principal("li@corp.example", "declared", "none"),
        destination=Destination("https", "pan.example", 443),
        method="POST",
        target="/13800138000",
        body=BODY,
    )


def broken(kind: str, value: str) -> bytes:
    raise ZeroDivisionError(f"{kind} {value}")


def test_an_inspection_that_raises_is_a_gap_that_blocks(engine: Engine) -> None:
    judgement = examine(message(), replace(engine, fingerprint=broken), Windows())
    assert [gap.reason for gap in judgement.inspection.gaps] == ["failed"]
    assert judgement.verdict.action is Action.BLOCK
    assert judgement.worth_an_event


def test_under_monitor_it_is_logged_and_says_that_it_would_block(engine: Engine) -> None:
    judgement = examine(message(), replace(engine, fingerprint=broken, monitor=True), Windows())
    assert (judgement.verdict.action, judgement.verdict.would) == (Action.LOG, Action.BLOCK)


def test_what_a_person_wrote_is_kept_masked_or_not_at_all(engine: Engine) -> None:
    said = "they asked, call 13800138000"
    assert masked(said, engine) == f"they asked, call {mask('13800138000')}"
    late = itertools.count(0, 1_000_000)
    assert masked(said, replace(engine, clock=lambda: float(next(late)))) == "(not kept: it could not be looked at)"


@pytest.mark.parametrize(
    ("monitor", "let_pass", "action", "would"),
    [
        (False, False, Action.BLOCK, Action.BLOCK),
        (True, False, Action.LOG, Action.BLOCK),
        (False, True, Action.LOG, Action.LOG),
    ],
)
def test_the_exception_policy_decides_without_rules_and_windows(
    engine: Engine, *, monitor: bool, let_pass: bool, action: Action, would: Action
) -> None:
    engine = replace(engine, monitor=monitor)
    judgement = by_exception_policy(message(), "judge: KeyError", engine, let_pass=let_pass)
    assert (judgement.verdict.action, judgement.verdict.would) == (action, would)
    event = event_of(message(), judgement.inspection, judgement.verdict, judgement.counted, "test")
    assert (event.rule, event.body["error"]) == ("exception-policy", "judge: KeyError")
    assert event.body["coverage"]["gaps"][0]["reason"] == "failed"
    assert "13800138000" not in json.dumps(event.body)
