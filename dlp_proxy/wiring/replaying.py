"""Engines for replay: of policy sets that were kept, and of folders; in the processes that look at bodies too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dlp_proxy import __version__
from dlp_proxy.model.held import Held
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.policy.load import load
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.run import MONITOR
from dlp_proxy.stores.policy_dir import PolicyFiles, kept_set
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.wiring.engine import EngineParts, build_inspect, parts_of, today
from dlp_proxy.wiring.gates import with_compiled_gate, with_kept_gate
from dlp_proxy.wiring.versions import VERSIONS

if TYPE_CHECKING:
    from dlp_proxy.proxy.flow_file import FlowFile

ENGINE: Final[Mapping[str, str]] = {"dlp_proxy": __version__, **VERSIONS}
"""The versions that decide here; events name those that decided then."""


def key_of(state: StateDir) -> KeyedFingerprint:
    """Return the key of an installation; never makes one, as a new key makes every body look like another.

    Raises:
        StoreError: there is none.
    """
    if not state.fingerprint_key.is_file():
        raise StoreError(f"there is no key at {state.fingerprint_key}: replay needs the one that the proxy used")
    return KeyedFingerprint(state.key())


class KeptSets:
    """The policy sets that were ever in force, compiled when they are asked for."""

    def __init__(self, state: StateDir, fingerprint: Fingerprint) -> None:
        self._state = state
        self._fingerprint = fingerprint
        self._policy = lru_cache(maxsize=8)(self._load)

    def policy(self, digest: str) -> Policy | None:
        """Return a set with the installation's key; None where it was not kept or is not what its name says."""
        return self._policy(digest)

    def _load(self, digest: str) -> Policy | None:
        files = kept_set(self._state.policies, digest)
        loaded = None if files is None else load(files.texts, today(), files.fixtures).policy
        return loaded.keyed(self._fingerprint) if loaded is not None and loaded.digest == digest else None


def _flow_file(path: Path, user: str) -> FlowFile:
    # Loaded here: mitmproxy takes a second, and replay of the store needs none of it.
    from dlp_proxy.proxy.flow_file import flow_file  # noqa: PLC0415

    return flow_file(path, user)


class _Eyes:
    """Looks with sets that are compiled once, and reads from files that stay open."""

    def __init__(self, made: Callable[[str], Callable[[Message], Inspection]]) -> None:
        self.made = lru_cache(maxsize=8)(made)
        self._file = lru_cache(maxsize=8)(_flow_file)

    def read(self, held: Held) -> Message:
        return self._file(Path(held.path), held.user).message(held)

    def look(self, name: str, message: Message) -> Inspection:
        return self.made(name)(message)


class Inspectors:
    """Makes what looks at bodies, by the name of a set: a digest, or one of those given. Can be pickled."""

    def __init__(
        self, state: StateDir, fingerprint: Fingerprint, given: Mapping[str, PolicyFiles], *, fast: bool
    ) -> None:
        """Take the sets.

        Args:
            fast: compile the gates of those given, which takes seconds, and is worth it for some thousand bodies.
        """
        self._state = state
        self._fingerprint = fingerprint
        self._given = {name: self._parts(files, fast=fast) for name, files in given.items()}

    def __call__(self) -> _Eyes:
        """Return what looks; it compiles each set once, those given at once."""
        eyes = _Eyes(self.made)
        for name in self._given:
            eyes.made(name)
        return eyes

    def made(self, name: str) -> Callable[[Message], Inspection]:
        name, monitor, _ = name.partition(MONITOR)
        parts = self._given.get(name)
        if parts is None:
            files = kept_set(self._state.policies, name)
            if files is None:
                raise StoreError(f"the policy set {name} is not kept")
            parts = self._parts(files)
        return build_inspect(replace(parts, monitor=bool(monitor)))

    def _parts(self, files: PolicyFiles, *, fast: bool = False) -> EngineParts:
        state = self._state if self._state.path.is_dir() else None
        parts = with_kept_gate(parts_of(files, self._fingerprint, LIMITS, state=state), self._state.gates)
        return with_compiled_gate(parts) if fast else parts
