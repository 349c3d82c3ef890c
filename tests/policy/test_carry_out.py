"""What can be done decides what is done: answers, people who cannot be asked, bodies that cannot be rewritten."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.verdict import Action, Answer, Reason, Redaction, Verdict
from dlp_proxy.policy.asking import digest_of
from dlp_proxy.policy.carry_out import carry_out

MESSAGE = Message("u", 1.0, "http", Principal("li", "map", "weak"), Destination("https", "a.example", 443), "POST", "/")
REASON = Reason("p", "asks", Action.COACH, Action.COACH, "high", "enforce", 6)
BLOCKS = replace(REASON, rule="blocks", action=Action.BLOCK, effective=Action.BLOCK)
ANSWER = Answer("li", "a.example", "p", "asks", "mark", 1.0, 9.0, "why", "u1")
CLEARED = Inspection(redacted=Redacted(b"x", {"phone": 1}))


def coach(cannot_ask: Literal["block", "log"] = "block", rule: str = "asks") -> Reason:
    return replace(REASON, cannot_ask=cannot_ask, rule=rule)


def redact(cannot_redact: Literal["block", "log"] = "block") -> Reason:
    redaction = Redaction(cannot_redact=cannot_redact)
    return replace(REASON, rule="takes", action=Action.REDACT, effective=Action.REDACT, redaction=redaction)


def done(
    *reasons: Reason, attended: bool | None = None, seen: Inspection = CLEARED, answered: bool = False
) -> tuple[Action, list[str]]:
    action = max(reason.effective for reason in reasons)
    answers = {("p", "asks"): ANSWER} if answered else {}
    verdict = carry_out(Verdict(action, action, reasons), replace(MESSAGE, attended=attended), seen, answers)
    assert verdict.would is action
    return verdict.action, [reason.settled for reason in verdict.reasons]


def test_whoever_cannot_be_asked_gets_what_the_rule_says() -> None:
    assert done(coach(), attended=True) == (Action.COACH, [""])
    assert done(coach()) == (Action.COACH, [""])
    assert done(coach("block"), attended=False) == (Action.BLOCK, ["cannot-ask"])
    assert done(coach("log"), attended=False) == (Action.LOG, ["cannot-ask"])
    assert done(coach("log"), coach("block", "b"), attended=False) == (Action.BLOCK, ["cannot-ask", "cannot-ask"])


def test_an_answer_lets_pass_what_it_was_given_for_and_nothing_stricter() -> None:
    assert done(coach(), attended=True, answered=True) == (Action.LOG, ["answered"])
    assert done(coach(), coach(rule="other"), attended=True, answered=True) == (Action.COACH, ["", "answered"])
    assert done(BLOCKS, coach(), attended=True, answered=True)[0] is Action.BLOCK


@pytest.mark.parametrize("seen", [Inspection(), Inspection(redacted=Redacted(why="no"))])
def test_what_cannot_be_rewritten_does_what_the_rule_says(seen: Inspection) -> None:
    assert done(redact()) == (Action.REDACT, [""])
    assert done(redact("block"), seen=seen) == (Action.BLOCK, ["cannot-redact"])
    assert done(redact("log"), seen=seen) == (Action.LOG, ["cannot-redact"])


def test_what_another_rule_takes_out_is_taken_out_when_an_answer_lets_pass() -> None:
    assert done(coach(), redact(), answered=True) == (Action.REDACT, ["", "answered"])
    assert done(coach("log"), redact(), attended=False) == (Action.REDACT, ["", "cannot-ask"])


def test_a_browser_that_draws_a_new_boundary_sends_the_same() -> None:
    def sent(boundary: str, text: str = "a") -> str:
        return digest_of(
            "/up", f"multipart/form-data; boundary={boundary}", f"--{boundary}\r\n{text}\r\n--{boundary}--".encode()
        )

    assert sent("----WebKitFormBoundaryA1") == sent("----WebKitFormBoundaryB2")
    assert sent("----WebKitFormBoundaryA1") != sent("----WebKitFormBoundaryB2", "b")
    assert digest_of("/a", "text/plain", b"x") != digest_of("/b", "text/plain", b"x")
