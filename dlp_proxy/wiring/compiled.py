"""A policy set that another process checked, compiled and tested, in pieces.

Compiling is seconds of Python, and a thread that does it takes turns with the event loop: everybody who sends waits.
What the proxy does itself is to put the pieces together, a millisecond of them at a time.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import resource
import threading
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Final

import regex

from dlp_proxy.detect.named import any_name_pattern
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import PolicyError
from dlp_proxy.proxy.inspector import NICE, end_with_parent
from dlp_proxy.wiring.engine import EngineParts, engine_of, inspecting, make_engine
from dlp_proxy.wiring.self_test import SelfTest, self_test

_CPU_SECONDS: Final = 60
"""What compiling a set may take; 200 rules and 300 detectors take one."""
_ADDRESS_SPACE: Final = 2 * 1024**3
_TOO_MUCH: Final = (
    f"error[COST]: the policies take more than {_CPU_SECONDS} s of CPU or {_ADDRESS_SPACE >> 30} GiB of memory to "
    "compile\n  = help: `dlp-proxy policy check` says which pattern or list is large; make it smaller"
)


@dataclass(frozen=True, slots=True)
class CompiledSet:
    """What compiling gave.

    Attributes:
        head: the policy without its detectors and rules, pickled, as are the others; compiled patterns stay compiled.
        detectors: one by one; so are `rules`.
        any_name: of the set of detectors.
        lists: those that the set names, with their texts.
        totals: as `Policy.totals`.
        tested: what the self-test said of the pieces put together.
    """

    digest: str
    head: bytes
    detectors: tuple[bytes, ...]
    rules: tuple[bytes, ...]
    any_name: bytes
    lists: Mapping[str, str]
    totals: Mapping[str, frozenset[str]]
    tested: SelfTest


def compile_set(parts: EngineParts) -> CompiledSet:
    """Check, compile and test a set.

    Raises:
        PolicyError: a policy file has errors, or asks for an index that cannot be used.
    """
    engine = make_engine(replace(parts, gate=None))
    policy = engine.policy
    judging = policy.for_judging()
    compiled = CompiledSet(
        policy.digest,
        pickle.dumps(replace(judging, detectors=(), rules=())),
        tuple(map(pickle.dumps, judging.detectors)),
        tuple(map(pickle.dumps, judging.rules)),
        pickle.dumps(any_name_pattern([one for one in judging.detectors if one.named])),
        policy.lists,
        policy.totals(),
        SelfTest(passed=False, says=""),
    )
    together = replace(policy, detectors=(), rules=())
    put = assembled(compiled)
    again = replace(together, detectors=put.detectors, rules=put.rules)
    return replace(compiled, tested=self_test(engine_of(again, replace(parts, gate=None))))


def compile_apart(parts: EngineParts) -> CompiledSet:
    """Do `compile_set` in another process, and wait for it.

    Raises:
        PolicyError: a policy file has errors, or the set takes too long or too much memory.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver"), initializer=_begin) as executor:
        try:
            return executor.submit(compile_set, parts).result()
        except (BrokenProcessPool, MemoryError) as error:
            raise PolicyError(_TOO_MUCH) from error


def assembling(compiled: CompiledSet) -> Generator[None, None, Policy]:
    """Put a set together; yields after each piece."""
    detectors, rules = [], []
    for piece in compiled.detectors:
        detectors.append(pickle.loads(piece))  # noqa: S301 - of our own process
        yield
    for piece in compiled.rules:
        rules.append(pickle.loads(piece))  # noqa: S301
        yield
    head: Policy = pickle.loads(compiled.head)  # noqa: S301
    yield
    return replace(head, detectors=tuple(detectors), rules=tuple(rules))


def assembled(compiled: CompiledSet) -> Policy:
    """Put a set together in one go."""
    pieces = assembling(compiled)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            policy: Policy = end.value
            return policy


def any_name_of(compiled: CompiledSet) -> regex.Pattern[str]:
    pattern: regex.Pattern[str] = pickle.loads(compiled.any_name)  # noqa: S301
    return pattern


def build_compiled(compiled: CompiledSet, parts: EngineParts) -> Callable[[Message], Inspection]:
    """Make an inspector's engine in its own process, out of a set that is compiled already."""
    return inspecting(engine_of(assembled(compiled), parts, any_name_of(compiled)), parts)


def _begin() -> None:
    """Make the compiling process ready: it yields to everybody, is bounded, and goes with its parent."""
    os.nice(NICE)
    threading.Thread(target=end_with_parent, name="end with parent", daemon=True).start()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for what, most in ((resource.RLIMIT_CPU, _CPU_SECONDS), (resource.RLIMIT_AS, _ADDRESS_SPACE)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
