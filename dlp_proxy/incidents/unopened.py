"""The event of a connection that was passed on unopened: who, where, by which entry, and how much; never what."""

from __future__ import annotations

from typing import Any, NamedTuple

from dlp_proxy.incidents.event_of import identity_of
from dlp_proxy.model.event import Event
from dlp_proxy.model.message import Principal


class Relayed(NamedTuple):
    """What a connection came to; `began` is the event of its beginning."""

    began: str
    sent: int
    received: int
    seconds: float


class Leave(NamedTuple):
    """What lets it pass unopened: an entry of the bypass file."""

    entry: str
    owner: str
    reason: str
    expires: str


def unopened_event(  # noqa: PLR0917 - the parts of one event
    uid: str, at: float, principal: Principal, site: str, client_port: int, leave: Leave, came_to: Relayed | None,
    engine: str,
) -> Event:  # fmt: skip
    """Return the event of its beginning, or of its end where `came_to` is there. Nothing of it was inspected."""
    body: dict[str, Any] = {
        "kind": "bypass",
        "state": "begins" if came_to is None else "ends",
        **leave._asdict(),
        "identity": identity_of(principal),
        "request": {"channel": "bypass", "scheme": "tls", "client_port": client_port, "bytes": 0},
        "coverage": {"inspected": "none", "whole": False},
        "engine": engine,
    }
    if came_to is not None:
        body["request"]["bytes"] = came_to.sent
        body |= {
            "began": came_to.began,
            "sent": came_to.sent,
            "received": came_to.received,
            "seconds": int(came_to.seconds),
        }
    return Event(
        uid=uid,
        time=at,
        user=principal.user,
        site=site,
        action="allow",
        would="allow",
        rule="",
        records=0,
        body=body,
    )
