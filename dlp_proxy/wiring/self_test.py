"""Proof before the first connection: a record that must be blocked is, by the engine that will judge traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.casework import messages_of
from dlp_proxy.windows.windows import Windows


@dataclass(frozen=True, slots=True)
class SelfTest:
    """`says` tells what was tried and what came of it."""

    passed: bool
    says: str


def self_test(engine: Engine) -> SelfTest:
    """Judge the shortest embedded test that expects a block, one with customer records where there is one.

    It runs on windows of its own. Under monitor the verdict must say that it would block. A set of policies that never
    blocks cannot prove anything and passes under monitor only.
    """
    cases = sorted(_cases(engine), key=_cost)
    if not cases:
        says = "no test of the policies expects `block`"
        return SelfTest(engine.monitor, says if engine.monitor else f"{says}; add one, or run with --monitor")
    name, judgement = _tried(engine, cases)
    verdict = judgement.verdict
    if verdict.would is Action.BLOCK and not verdict.error:
        return SelfTest(passed=True, says=f"blocked inside: {name}")
    return SelfTest(passed=False, says=f"expected block, got {verdict.would.word}: {name}")


def _cost(case: tuple[str, list[Message]]) -> tuple[int, int, str]:
    name, messages = case
    return len(messages), sum(len(one.body) for one in messages), name


def _tried(engine: Engine, cases: list[tuple[str, list[Message]]]) -> tuple[str, Judgement]:
    """Return the first case in which there are customer records, else the first; none is judged that need not be."""
    tried: list[tuple[str, Judgement]] = []
    for name, messages in cases:
        windows = Windows()
        judgement = [examine(message, engine, windows) for message in messages][-1]
        tried.append((name, judgement))
        if judgement.records:
            return tried[-1]
    return tried[0]


def _cases(engine: Engine) -> Iterator[tuple[str, list[Message]]]:
    """Yield each embedded test up to the first step that expects a block."""
    for test in engine.policy.tests:
        messages: list[Message] = []
        for _, message, expect in messages_of(engine.policy, test):
            messages.append(message)
            if expect is not None and expect.text("action") == Action.BLOCK.word:
                yield test.name, messages
                break
