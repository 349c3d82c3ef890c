"""A whole replay: items in order, bodies looked at by several processes, each outcome kept as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from dlp_proxy.model.held import Held
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.counting import Recount
from dlp_proxy.replay.crew import Crew, Job, Looked, Seen, Skipped
from dlp_proxy.replay.history import Past
from dlp_proxy.replay.progress import Progress
from dlp_proxy.replay.proof import SKIPPED, is_part, monitored, prove
from dlp_proxy.replay.revealed import Revealed
from dlp_proxy.replay.what_if import WhatIf

type Sets = Callable[[str], Policy | None]
"""Digest -> the policy set that was in force, with the installation's key; None where it was not kept."""
MONITOR: Final = "!monitor"
"""Behind the name of a set: as a proxy that only watches, which never has seen enough to block."""

type Bodies = Callable[[Past], Revealed | None]


@dataclass(frozen=True, slots=True)
class Way:
    """How a replay goes.

    Attributes:
        skip: names of items that are not looked at.
        tell: told the number of items after each.
        reported: tells of which events something is said; others only feed the windows.
        bodies: gives the body of an event, where there is one.
    """

    sets: Sets
    fingerprint: Fingerprint
    crew: Crew
    bodies: Bodies
    skip: frozenset[str] = frozenset()
    tell: Callable[[int], None] = lambda _: None
    reported: Callable[[Past], bool] = lambda _: True
    limit: int = 0
    """Items after which it stops, to be gone on with later; 0 for all."""


def prove_all(past: Iterable[Past], progress: Progress, way: Way, recount: Recount | None) -> None:
    """Prove each event, and with `recount` its counters too."""
    for one, given, seen in _looked_at(past, way, ""):
        policy = way.sets(_digest(one))
        looked = None
        if given is not None and isinstance(seen, Looked) and not is_part(one.event):
            looked = (given.message, seen.inspections[0])
        counters = None if recount is None else recount.feed(one, policy, looked)
        if not way.reported(one):
            progress.passed(one.sequence)
            continue
        shown = Skipped("on the skip list") if one.event.uid in way.skip else seen
        proof = prove(one, policy, way.fingerprint, shown, given)
        output: dict[str, Any] = {
            "id": one.event.uid,
            "state": proof.state,
            "hash": proof.hash,
            "why": proof.why,
            "engine": _engine(one),
        }
        if counters is not None:
            output["blind"] = counters.pop("blind", [])
            output["counters"] = counters
        progress.add(one.sequence, one.digest, output)


def what_if_all(past: Iterable[Past], progress: Progress, way: Way, what_if: WhatIf, policy: str) -> None:
    """Say of each event what would have become of it; `policy` names the other set."""
    for one, given, seen in _looked_at(past, way, policy):
        looked = None
        if given is not None and isinstance(seen, Looked):
            looked = (given.message, seen.inspections[0])
        output = what_if.of_event(one, way.sets(_digest(one)), looked)
        if output and way.reported(one):
            progress.add(one.sequence, one.digest, output)
        else:
            progress.passed(one.sequence)


def _looked_at(past: Iterable[Past], way: Way, policy: str) -> Iterator[tuple[Past, Revealed | None, Seen | None]]:
    """Yield events with what is seen in their bodies with the set of that name, or else with their own."""

    def jobs() -> Iterator[tuple[tuple[Past, Revealed | None], Job | None]]:
        for one in past:
            given = way.bodies(one) if way.reported(one) and one.event.uid not in way.skip else None
            own = way.sets(_digest(one))
            if given is None or not given.whole or (own is None and not policy):
                yield (one, given), None
                continue
            monitor = MONITOR if own is not None and monitored(one.event, own) else ""
            yield (one, given), Job(given.message, ((policy or _digest(one)) + monitor,))

    reported = 0
    for (one, given), seen in way.crew.seen(jobs()):
        yield one, given, seen
        reported += way.reported(one)
        way.tell(reported)
        if way.limit and reported >= way.limit:
            return


def judge_all(  # noqa: PLR0917 (what is judged by what)
    messages: Sequence[Message | Held],
    progress: Progress,
    way: Way,
    what_if: WhatIf,
    old: Policy,
    sets: tuple[str, ...],
) -> None:
    """Judge recorded messages by two policies; `sets` names them, the other one last."""
    done = progress.done

    def jobs() -> Iterator[tuple[tuple[int, Message | Held], Job | None]]:
        for number, one in enumerate(messages, 1):
            if number > done and not (way.limit and number > done + way.limit):
                yield (number, one), None if one.uid in way.skip else Job(one, sets)

    for (number, one), seen in way.crew.seen(jobs()):
        if isinstance(seen, Looked):
            output: Mapping[str, Any] = what_if.of_message(seen, old)
            given = seen.given
        else:
            why = "on the skip list" if seen is None else seen.why
            output = {"id": one.uid, "state": SKIPPED, "why": why}
            given = sha256(one.uid.encode()).hexdigest()  # nobody has read it
        progress.add(number, given, output)
        way.tell(number)


def _digest(past: Past) -> str:
    return str(past.event.body.get("policy", ""))


def _engine(past: Past) -> dict[str, str]:
    body = past.event.body
    return {"dlp_proxy": str(body.get("engine", "")), **body.get("versions", {})}
