"""From what policy says to what can be done: who cannot be asked, what was answered, what cannot be rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action, Answer, Reason, Settled, Verdict
from dlp_proxy.policy.decide import strictest_first

NO_ANSWERS: Final[Mapping[tuple[str, str], Answer]] = {}

_INSTEAD: Final[Mapping[Literal["block", "log"], Action]] = {"block": Action.BLOCK, "log": Action.LOG}


def carry_out(
    verdict: Verdict, message: Message, inspection: Inspection, answers: Mapping[tuple[str, str], Answer] = NO_ANSWERS
) -> Verdict:
    """Return the verdict with each reason's action as it can be carried out; the strictest wins again.

    Args:
        answers: (policy, rule) -> what the sender answered for this very message.
    """
    if verdict.action not in {Action.REDACT, Action.COACH}:
        return verdict
    reasons = tuple(
        sorted((_settled(reason, message, inspection, answers) for reason in verdict.reasons), key=strictest_first)
    )
    return replace(verdict, action=max(reason.effective for reason in reasons), reasons=reasons)


def _settled(
    reason: Reason, message: Message, inspection: Inspection, answers: Mapping[tuple[str, str], Answer]
) -> Reason:
    if reason.effective is Action.COACH:
        answer = answers.get((reason.policy, reason.rule))
        if answer is not None:
            return replace(reason, effective=Action.LOG, settled="answered", answer=answer)
        if message.attended is False:
            return _instead(reason, reason.cannot_ask, "cannot-ask")
    if reason.effective is Action.REDACT and (inspection.redacted is None or inspection.redacted.body is None):
        return _instead(reason, reason.redaction.cannot_redact, "cannot-redact")
    return reason


def _instead(reason: Reason, word: Literal["block", "log"], settled: Settled) -> Reason:
    return replace(reason, effective=_INSTEAD[word], settled=settled)
