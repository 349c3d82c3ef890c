"""A policy set on its way into force: read, compiled, proved and kept. Nothing here serves or loads mitmproxy."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Final

import structlog

from dlp_proxy.pipeline import Engine
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import PolicyError
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.settings import Settings
from dlp_proxy.stores.authority import make_authority, show_authority
from dlp_proxy.stores.policy_dir import keep_set, last_good
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.wiring.compiled import (
    CompiledSet,
    any_name_of,
    assembled,
    assembling,
    compile_apart,
    compile_set,
)
from dlp_proxy.wiring.engine import EngineParts, engine_of, engine_parts, limits_of, parts_of
from dlp_proxy.wiring.gates import with_kept_gate
from dlp_proxy.wiring.self_test import SelfTest
from dlp_proxy.wiring.start_error import ProxyStartError
from dlp_proxy.wiring.ways import ca_passphrase

_log = structlog.get_logger("dlp_proxy.run")
_CA_NAME: Final = "dlp_proxy inspection CA"
_SLICE_SECONDS: Final = 0.0005
"""What putting a set together may take of the event loop at a time."""
_PAUSE_SECONDS: Final = 0.004
"""What the loop has for everybody else between two slices: a request takes ten turns of it or more."""


class SelfTestError(ProxyStartError):
    """A set does not block what must be blocked; the author must act."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """A policy set that was compiled and tested, in pieces that any process can put together.

    Attributes:
        stale: why the folder is not what this is: the start took the set that was in force last; empty otherwise.
    """

    parts: EngineParts
    compiled: CompiledSet
    stale: str = ""

    @property
    def digest(self) -> str:
        return self.compiled.digest

    @property
    def tested(self) -> SelfTest:
        return self.compiled.tested


@dataclass(frozen=True, slots=True)
class ReadySet:
    """A policy set with the engine of one process."""

    policies: PolicySet
    engine: Engine

    @property
    def digest(self) -> str:
        return self.policies.digest

    @property
    def parts(self) -> EngineParts:
        return self.policies.parts


def make_state(settings: Settings) -> StateDir:
    """Make the state folder and the CA where there are none.

    Raises:
        StoreError: they cannot be used.
    """
    state = StateDir(settings.state)
    state.make()
    make_authority(state.ca, _CA_NAME)
    try:
        show_authority(state.ca, ca_passphrase(settings))
    except KnownFileError as error:
        raise StoreError(str(error)) from error
    return state


def read_parts(settings: Settings, state: StateDir) -> EngineParts:
    """Read the policy folder.

    Raises:
        StoreError: it, or a key, cannot be read.
    """
    fingerprint = KeyedFingerprint(state.key())
    return engine_parts(settings.policies, fingerprint, limits_of(settings), state=state, **_how(settings))


def starting_set(settings: Settings, state: StateDir) -> PolicySet:
    """Compile the folder; when it cannot be used, the set that was in force last.

    Raises:
        PolicyError: the policies have errors, and none was in force.
        StoreError: the folder cannot be read, or the state folder not be written.
        SelfTestError: the self-test record was not blocked.
    """
    try:
        parts = read_parts(settings, state)
        made = PolicySet(parts, _tested(compile_set(parts)))
    except (StoreError, PolicyError, SelfTestError) as error:
        files = last_good(state.policies)
        if files is None:
            raise
        fingerprint = KeyedFingerprint(state.key())
        parts = parts_of(files, fingerprint, limits_of(settings), state=state, **_how(settings))
        made = PolicySet(parts, _tested(compile_set(parts)), str(error))
        for line in made.stale.splitlines():
            _log.error("policies refused, the set that was in force last is taken up", problem=line)
    keep(made, state)
    return made


def made_apart(parts: EngineParts, state: StateDir) -> PolicySet:
    """Compile and test what was read in another process, and keep it under its digest.

    Raises:
        PolicyError: the policies have errors, or take too much to compile.
        StoreError: it cannot be kept.
        SelfTestError: the self-test record was not blocked.
    """
    made = PolicySet(parts, _tested(compile_apart(parts)))
    keep(made, state)
    return made


def keep(made: PolicySet, state: StateDir) -> None:
    """Keep a set under its digest, for replay and for a start on a broken folder.

    Raises:
        StoreError: it cannot be written.
    """
    keep_set(state.policies, made.digest, made.parts.texts, made.compiled.lists, made.parts.fixtures)


def with_gate(made: PolicySet, settings: Settings, state: StateDir) -> PolicySet:
    """Return the set with its gate, where that was compiled and is wanted."""
    return replace(made, parts=with_kept_gate(made.parts, state.gates)) if settings.hyperscan else made


def ready_at_once(made: PolicySet) -> ReadySet:
    """Put a set together in one go, for a start.

    Raises:
        PolicyError: it asks for an index that cannot be used.
    """
    return _ready(made, assembled(made.compiled))


async def ready_in_slices(made: PolicySet) -> ReadySet:
    """Put a set together on the event loop, a slice at a time. In a thread it would hold up the loop for longer.

    Raises:
        PolicyError: it asks for an index that cannot be used.
    """
    pieces = assembling(made.compiled)
    began = time.perf_counter()
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            policy: Policy = end.value
            return await asyncio.to_thread(_ready, made, policy)
        if time.perf_counter() - began > _SLICE_SECONDS:
            await asyncio.sleep(_PAUSE_SECONDS)
            began = time.perf_counter()


def _ready(made: PolicySet, policy: Policy) -> ReadySet:
    engine = engine_of(policy, made.parts, any_name_of(made.compiled))
    _log.info("detectors ready", engine=engine.looks_first, detectors=len(engine.policy.detectors))
    return ReadySet(made, engine)


def _how(settings: Settings) -> dict[str, bool]:
    return {"monitor": settings.monitor, "ocr": settings.ocr == "auto"}


def _tested(compiled: CompiledSet) -> CompiledSet:
    if not compiled.tested.passed:
        raise SelfTestError(f"the self-test failed, so nothing is let through: {compiled.tested.says}")
    return compiled
