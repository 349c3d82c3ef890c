"""How a replay is put together from what was asked: sources, policies, processes, progress."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final, Literal

import click

from dlp_proxy.cli.authors.folder import good_policy
from dlp_proxy.cli.authors.traffic import held_in
from dlp_proxy.cli.investigators import asking
from dlp_proxy.incidents.named import UnknownNameError, events_named
from dlp_proxy.model.message import Fingerprint
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.counting import Recount
from dlp_proxy.replay.crew import Crew
from dlp_proxy.replay.history import Past, past_events
from dlp_proxy.replay.manifest import manifest_of
from dlp_proxy.replay.progress import Progress
from dlp_proxy.replay.revealed import revealed_in
from dlp_proxy.replay.run import Way, judge_all, prove_all, what_if_all
from dlp_proxy.replay.what_if import WhatIf
from dlp_proxy.stores.policy_dir import PolicyFiles
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir, passing_fingerprint
from dlp_proxy.wiring.replaying import ENGINE, Inspectors, KeptSets, key_of

_WORTH_A_GATE: Final = 2000
"""Bodies from which compiling the gate of a policy set first is quicker."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the command."""

    sources: tuple[str, ...]
    state: Path
    policies: Path | None
    base: Path | None
    level: int
    start: float
    end: float
    bodies: Path | None
    counters: Literal["actual", "counterfactual"]
    enforced: bool
    sender: str
    workers: int
    item_seconds: float
    limit: int
    progress: Path | None
    skip: frozenset[str]
    sanctioned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: one object for each item, and the manifest over all."""

    items: list[dict[str, Any]]
    manifest: dict[str, Any]
    complete: bool


def replay_store(asked: Asked) -> Outcome:
    """Replay events of the store.

    Raises:
        StoreError: it, a key, a body or the progress cannot be used.
    """
    state = StateDir(asked.state)
    key = key_of(state)
    sets = KeptSets(state, key)
    files, other = (None, None) if asked.policies is None else good_policy(asked.policies)
    what = {
        "kind": "proof" if other is None else "what-if",
        "sources": sorted(asked.sources),
        "level": asked.level,
        **_common(asked, other),
    }
    inspectors = Inspectors(state, key, {} if files is None or other is None else {other.digest: files}, fast=False)
    with SqliteReader(state.events) as reader, _running(asked, what, inspectors) as (progress, crew, tell):
        wanted = _named(asked, reader.connection)
        begin, reported = _range(asked, wanted, reader.connection, sets, other)
        past = past_events(
            reader.connection,
            after=progress.done,
            start=begin,
            end=asked.end,
            only=wanted if other is None and asked.level == 1 else None,
        )
        bodies = asked.bodies
        way = Way(
            sets.policy,
            key,
            crew,
            lambda one: None if bodies is None or "request" not in one.event.body else revealed_in(bodies, one.event),
            asked.skip,
            tell,
            reported,
            asked.limit,
        )
        if other is None:
            prove_all(past, progress, way, Recount(progress, key) if asked.level == 2 else None)
        else:
            what_if = WhatIf(progress, other.keyed(key), key, asked.counters, enforced=asked.enforced)
            what_if_all(past, progress, way, what_if, other.digest)
        left = next(past_events(reader.connection, after=progress.done, start=asked.start, end=asked.end), None)
        return _outcome(progress, what, complete=not asked.limit or left is None)


def replay_traffic(asked: Asked, paths: list[Path]) -> Outcome:
    """Judge recorded traffic by `policies`, compared with `base`.

    Raises:
        StoreError: the progress cannot be used.
        click.UsageError: a file cannot be read, or no policies are given.
    """
    if asked.policies is None:
        raise click.UsageError("files hold no decisions: say with --policies what is to judge them")
    messages = [one for one in held_in(paths, asked.sender) if asked.start <= one.time < asked.end]
    files, other = good_policy(asked.policies)
    base_files, base = (files, other) if asked.base is None else good_policy(asked.base)
    state = StateDir(asked.state)
    key = _key(asked, state)
    given: dict[str, PolicyFiles] = {base.digest: base_files, other.digest: files}
    inspectors = Inspectors(state, key, given, fast=len(messages) >= _WORTH_A_GATE)
    what = {
        "kind": "traffic",
        "sources": [_digest(path) for path in paths],
        "base": base.digest,
        **_common(asked, other),
    }
    with _running(asked, what, inspectors) as (progress, crew, tell):
        what_if = WhatIf(progress, other.keyed(key), key, asked.counters, enforced=asked.enforced)
        way = Way(lambda _: None, key, crew, lambda _: None, asked.skip, tell, limit=asked.limit)
        names = (base.digest,) if base.digest == other.digest else (base.digest, other.digest)
        judge_all(messages, progress, way, what_if, base.keyed(key), names)
        return _outcome(progress, what, complete=progress.done == len(messages))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _common(asked: Asked, other: Policy | None) -> dict[str, Any]:
    return {
        "policies": None if other is None else other.digest,
        "counters": asked.counters,
        "as_enforced": asked.enforced,
        "from": round(asked.start * 1000),
        "to": None if asked.end == float("inf") else round(asked.end * 1000),
    }


def _key(asked: Asked, state: StateDir) -> Fingerprint:
    if state.fingerprint_key.is_file():
        return key_of(state)
    if asked.progress is not None:
        raise StoreError("to go on later the same key is needed: give --state, the folder of a proxy that has run")
    return passing_fingerprint()


def _named(asked: Asked, connection: sqlite3.Connection) -> frozenset[int] | None:
    """Return the sequences of what was named; None for all. Of nothing it could only be said that nothing differs."""
    if not asked.sources:
        return None
    try:
        some = [events_named(connection, one, asked.sanctioned) for one in asked.sources]
    except UnknownNameError as error:
        asking.stop(str(error))
    return frozenset(sequence for one in some for sequence in one)


def _range(
    asked: Asked, wanted: frozenset[int] | None, connection: sqlite3.Connection, sets: KeptSets, other: Policy | None
) -> tuple[float, Callable[[Past], bool]]:
    """Return from when on events feed the windows, and of which something is said.

    One longest window before the first is enough: what happened is recorded, so nothing older is in any window.
    """

    def reported(one: Past) -> bool:
        return one.event.time >= asked.start and (wanted is None or one.sequence in wanted)

    if asked.start == 0.0 or (other is None and asked.level == 1):
        return asked.start, reported
    rows = connection.execute(
        "SELECT DISTINCT json_extract(r.json, '$.unmapped.dlp.policy') FROM record r JOIN event e"
        " ON e.sequence = r.event WHERE e.time >= ?",
        (round(asked.start * 1000),),
    )
    policies = [sets.policy(digest) for (digest,) in rows if digest]
    longest = max((_longest(one) for one in (*policies, other) if one is not None), default=0)
    return asked.start - longest, reported


def _longest(policy: Policy) -> int:
    limits = (
        limit.seconds
        for rule in policy.rules
        for ladder in (rule.ladder, *(one.ladder for one in rule.exemptions if one.ladder is not None))
        for limit in ladder.limits
    )
    return max((*limits, *(rule.when.after.seconds for rule in policy.rules if rule.when.after is not None)), default=0)


@contextmanager
def _running(
    asked: Asked, what: Mapping[str, Any], inspectors: Inspectors
) -> Iterator[tuple[Progress, Crew, Callable[[int], None]]]:
    told = [time.monotonic()]

    def tell(number: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - told[0] > 1:
            told[0] = time.monotonic()
            click.echo(f"\r{number} items", nl=False, err=True)

    with (
        Progress(asked.progress, {**what, "engine": dict(ENGINE)}) as progress,
        Crew(inspectors, asked.workers, asked.item_seconds) as crew,
    ):
        yield progress, crew, tell


def _outcome(progress: Progress, what: Mapping[str, Any], *, complete: bool) -> Outcome:
    progress.keep()
    items = list(progress.items())
    manifest = manifest_of({**what, "complete": complete}, ENGINE, items)
    return Outcome([output for _, output in items], manifest, complete)
