"""What the proxy and the investigators need of a store. Small, so that another store is a small job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.windows.windows import Sighting


class StoreError(Exception):
    """The store cannot keep or give what was asked; the operator must act."""


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
    """One line of ``incident list``. `first` and `last` are seconds since the epoch, UTC."""

    incident: str
    user: str
    rule: str
    action: str
    first: float
    last: float
    events: int
    records: int
    sites: tuple[str, ...]


class EventStore(Protocol):
    """Takes in events, their outcomes and the windows' sightings."""

    def record(self, event: Event, sightings: Sequence[Sighting]) -> Future[str]:
        """Keep an event and its sightings, all or nothing.

        The future's result is the event's incident, or the empty text; it is set only when both would survive a
        power cut. It raises `StoreError` when they could not be kept.
        """
        ...

    def outcome(self, outcome: Outcome) -> None:
        """Keep what became of a transfer, soon; never waits."""
        ...

    def writable(self) -> bool:
        """Tell whether a write would last, by doing one."""
        ...

    def close(self) -> None:
        """Write what is waiting, then let go of the files."""
        ...


class EventReader(Protocol):
    """Reads what a store keeps, also beside a running proxy."""

    def sightings(self, since: float) -> Iterator[Sighting]:
        """Yield the last sighting of each identity and series not older than `since`."""
        ...

    def events(self, *, incident: str = "", uid: str = "") -> Iterator[Kept]:
        """Yield events in the order they were recorded: all, those of an incident, or the one with `uid`."""
        ...

    def incidents(self, limit: int) -> Iterable[IncidentRow]:
        """Return the newest incidents first."""
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
        "outcome": None
        if outcome is None
        else {
            "disposition": outcome.disposition,
            "released_bytes": outcome.released_bytes,
            "status": outcome.status or None,
            "time": outcome.time,
        },
        **event.body,
    }
