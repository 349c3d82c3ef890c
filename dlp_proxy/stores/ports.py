"""What the proxy and the investigators need of a store. Small, so that another store is a small job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.model.totals import Observation, Series, Totals


class StoreError(Exception):
    """The store cannot keep or give what was asked; the operator must act."""


class TakenBackError(Exception):
    """Raised by a `judge` in `EventStore.settle`: what it observed is taken back, and it will be asked again later."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as the store holds it, with its incident and its outcome.

    Attributes:
        sequence: gap-free number in the order of recording, from 1.
        incident: the incident it belongs to, empty when it is none's.
        outcome: what became of it; None while unknown (the proxy died in between, or it is in flight).
    """

    sequence: int
    event: Event
    incident: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One line of ``incident list``. `first` and `last` are seconds since the epoch, UTC.

    Attributes:
        user: who, or the last who joined where it is of several.
        people: those of a ring, as it was last told; empty for what is of one person.
    """

    incident: str
    user: str
    rule: str
    action: str
    first: float
    last: float
    events: int
    records: int
    sites: tuple[str, ...]
    kind: str = "transfers"
    people: tuple[str, ...] = ()


class KeptPass(NamedTuple):
    """What somebody who was asked answered, signed, until when it holds, and whose on which site it is.

    Of one person, site and `about` the latest is kept.
    """

    user: str
    site: str
    about: str
    until: float
    token: str


class SharedMemory(Protocol):
    """The windows, as one transaction sees them: nobody else adds to them meanwhile."""

    def observe(self, now: float, observations: Sequence[Observation]) -> Totals:
        """Add identities and return the totals with them."""
        ...


class EventStore(Protocol):
    """Takes in events and their outcomes, and keeps the windows."""

    def settle[T](self, judge: Callable[[SharedMemory, float], tuple[T, Event | None]]) -> Future[tuple[T, str]]:
        """Observe, decide and record in one transaction: two proxies never see the same total, and none is lost.

        Args:
            judge: gets the windows and their time; returns what it likes, and the event to keep, if any. It may be
                called again when a transaction could not be finished, so it must have no effect but on the windows.

        The future's result is what `judge` returned and the event's incident, set only when windows and event would
        survive a power cut. It raises what `judge` raised, or `StoreError`; then neither is changed. A judge that
        raises `TakenBackError` costs others in the same commit nothing.
        """
        ...

    def record(self, event: Event) -> Future[str]:
        """Keep an event.

        The future's result is the event's incident, or the empty text; it is set only when both would survive a
        power cut. It raises `StoreError` when they could not be kept. A light record waits a moment for others, which
        share its way to the disk, unless somebody is in a hurry.
        """
        ...

    def hurry(self) -> None:
        """Have what waits for others written now: somebody waits for it."""
        ...

    def outcome(self, outcome: Outcome) -> None:
        """Keep what became of a transfer, soon; never waits."""
        ...

    def keep_passes(self, passes: Sequence[KeptPass]) -> Future[None]:
        """Keep passes; the future is done when they would survive a power cut. Ended ones go."""
        ...

    def passes(self, user: str, site: str) -> Future[list[str]]:
        """Return the tokens of a person on a site, ended ones too."""
        ...

    def writable(self) -> bool:
        """Tell whether a write would last, by doing one."""
        ...

    def close(self) -> None:
        """Write what is waiting, then let go of the files."""
        ...


class EventReader(Protocol):
    """Reads what a store keeps, also beside a running proxy."""

    def events(self, *, incident: str = "", uid: str = "", light: bool = False) -> Iterator[Kept]:
        """Yield events in the order they were recorded: all, those of an incident, or the one with `uid`.

        Light ones are among them when they are asked for, or when one is named.
        """
        ...

    def incidents(self, limit: int) -> Iterable[IncidentRow]:
        """Return the newest incidents first."""
        ...

    def window_time(self) -> float:
        """Return the time that the windows go by, in seconds since the epoch."""
        ...

    def latest(self, name: str) -> Iterable[tuple[Series, Sequence[float]]]:
        """Return each series of that name with the times its identities were last seen, the latest first."""
        ...

    def sent(self, name: str) -> Iterable[tuple[Series, Sequence[tuple[str, bytes, float]]]]:
        """Return each series of people of that name with who sent which customer there, and when last."""
        ...


def as_json(kept: Kept) -> dict[str, Any]:
    """Return an event as one JSON object, for ``--json`` and for exports."""
    event, outcome = kept.event, kept.outcome
    return {
        "uid": event.uid,
        "sequence": kept.sequence,
        "incident": kept.incident or None,
        "time": event.time,
        "user": event.user,
        "site": event.site,
        "action": event.action,
        "would": event.would,
        "rule": event.rule or None,
        "records": event.records,
        "light": event.light,
        "outcome": None
        if outcome is None
        else {
            "disposition": outcome.disposition,
            "fate": outcome.fate,
            "released_bytes": outcome.released_bytes,
            "status": outcome.status or None,
            "time": outcome.time,
        },
        **event.body,
    }
