"""Proof before the first connection: a record that must be blocked is, by the engine that will judge traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.casework import messages_of
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.policy import Policy
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
    tried = _tried(engine)
    if tried is None:
        says = "no test of the policies expects `block`"
        return SelfTest(engine.monitor, says if engine.monitor else f"{says}; add one, or run with --monitor")
    name, judgement = tried
    verdict = judgement.verdict
    if verdict.would is Action.BLOCK and not verdict.error:
        return SelfTest(passed=True, says=f"blocked inside: {name}")
    return SelfTest(passed=False, says=f"expected block, got {verdict.would.word}: {name}")


def can_prove(policy: Policy) -> bool:
    """Tell whether a set has a test that a start can prove itself by."""
    return any(_length(test) for test in policy.tests)


def _tried(engine: Engine) -> tuple[str, Judgement] | None:
    """Return the first case in which there are customer records, else the first; none is judged that need not be."""
    first: tuple[str, Judgement] | None = None
    for name, messages in _cases(engine):
        windows = Windows()
        judgement = [examine(message, engine, windows) for message in messages][-1]
        first = first or (name, judgement)
        if judgement.records:
            return name, judgement
    return first


def _cases(engine: Engine) -> Iterator[tuple[str, list[Message]]]:
    """Yield each embedded test up to the first step that expects a block, the cheapest first; none is made early."""
    for length, tests in groupby(sorted(engine.policy.tests, key=_length), key=_length):
        made = [(test.name, _messages(engine, test, length)) for test in tests if length]
        yield from sorted(made, key=lambda one: (sum(len(message.body) for message in one[1]), one[0]))


def _messages(engine: Engine, test: Checked, length: int) -> list[Message]:
    return [message for _, message, _ in islice(messages_of(engine.policy, test), length)]


def _length(test: Checked) -> int:
    """Return how many messages a test has up to the first that expects a block; 0 for one that expects none."""
    count = 0
    for step in test.blocks("steps") or (test,):
        expect = step.block("expect")
        if step.block("request") is None:
            continue
        if expect is not None and expect.text("action") == Action.BLOCK.word:
            return count + 1
        count += step.number("repeat", 1)
    return 0
