"""Proof before the first connection: a record that must be blocked is, by the engine that will judge traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.policy.casework import messages_of
from dlp_proxy.windows.windows import Windows


@dataclass(frozen=True, slots=True)
class SelfTest:
    """`says` tells what was tried and what came of it."""

    passed: bool
    says: str


def self_test(engine: Engine) -> SelfTest:
    """Judge the shortest embedded test that expects a block, on windows of its own.

    Under monitor the verdict must say that it would block. A set of policies that never blocks cannot prove anything
    and passes under monitor only.
    """
    cases = sorted(_cases(engine), key=lambda case: len(case[1]))
    if not cases:
        says = "no test of the policies expects `block`"
        return SelfTest(engine.monitor, says if engine.monitor else f"{says}; add one, or run with --monitor")
    name, messages = cases[0]
    windows = Windows()
    verdicts = [examine(message, engine, windows).verdict for message in messages]
    if verdicts[-1].would is Action.BLOCK and not verdicts[-1].error:
        return SelfTest(passed=True, says=f"blocked inside: {name}")
    return SelfTest(passed=False, says=f"expected block, got {verdicts[-1].would.word}: {name}")


def _cases(engine: Engine) -> Iterator[tuple[str, list[Message]]]:
    """Yield each embedded test up to the first step that expects a block."""
    for test in engine.policy.tests:
        messages: list[Message] = []
        for _, message, expect in messages_of(engine.policy, test):
            messages.append(message)
            if expect is not None and expect.text("action") == Action.BLOCK.word:
                yield test.name, messages
                break
