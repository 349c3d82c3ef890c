"""What an event remembers, as the nouns that judging works with."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dlp_proxy.model.event import Event
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.totals import Ring, Series, Totals
from dlp_proxy.model.verdict import Answer

_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def is_transfer(event: Event) -> bool:
    """Tell whether an event has a decision: resets of windows and rings have none of their own."""
    return "decision" in event.body


def message_of(event: Event) -> Message:
    """Return the message as far as the event tells of it: without body, query and headers."""
    identity, request = event.body["identity"], event.body["request"]
    reasons = event.body.get("reasons", ())
    host, port = _host(event.site, request["scheme"])
    return Message(
        uid=event.uid,
        time=event.time,
        channel=request["channel"],
        principal=Principal(
            event.user,
            identity["method"],
            identity["strength"],
            identity["address"],
            tuple(identity["groups"]),
            identity["device"],
            identity["shared"],
            identity["via"],
        ),
        destination=Destination(request["scheme"], host, port),
        method=request["method"],
        target=request["path"],
        http_version=request["http_version"],
        client_port=request["client_port"],
        attended=False if any(one["settled"] == "cannot-ask" for one in reasons) else None,
    )


def inspection_of(event: Event) -> Inspection:
    """Return what was seen as far as the event tells of it: without findings and records, which have values."""
    body = event.body
    coverage, request = body["coverage"], body["request"]
    return Inspection(
        gaps=tuple(
            Gap(gap["reason"], Location("body"), gap["detail"], gap["bytes"]) for gap in coverage.get("gaps", ())
        ),
        parts=coverage["parts"],
        bytes=request["bytes"],
        expanded_bytes=coverage["expanded_bytes"],
        formats=coverage["formats"],
        detectors=tuple(coverage.get("detectors", ())),
        content=request["content"],
        filenames=tuple(request["filenames"]),
        path=request["path"],
        at_least=coverage.get("at_least", False),
        redacted=_redacted(body.get("redaction")),
        inputs=body["decision"]["inputs"],
    )


def totals_of(counters: Sequence[Mapping[str, Any]]) -> Totals:
    """Return the totals that were read (`incidents.decision.counters_of` wrote them)."""
    distinct: dict[tuple[Series, int], int] = {}
    rings: dict[tuple[Series, int, int], Ring] = {}
    for one in counters:
        series = Series(one["series"], one["key"])
        if "people" in one:
            shared = tuple(bytes.fromhex(each) for each in one["shared"])
            rings[series, one["seconds"], one["sharing"]] = Ring(tuple(one["people"]), shared)
        else:
            distinct[series, one["seconds"]] = one["total"]
    return Totals(distinct, rings)


def answers_of(event: Event) -> dict[tuple[str, str], Answer]:
    """Return what the sender had answered."""
    return {
        (one["policy"], one["rule"]): Answer(
            answer["by"], event.site, one["policy"], one["rule"], "", answer["at"], 0.0, answer["reason"],
            answer["asked_in"],
        )
        for one in event.body.get("reasons", ())
        if (answer := one["answer"]) is not None
    }  # fmt: skip


def decided_of(event: Event) -> dict[str, Any]:
    """Return the decision in the words in which it was hashed."""
    return {
        "action": event.action,
        "would": event.would,
        "reasons": event.body.get("reasons", []),
        "error": event.body.get("error"),
    }


def asked_at(event: Event, logged: int) -> float:
    """Return when the windows were asked, seconds since the epoch.

    Args:
        logged: when the event was written, in milliseconds: near enough for events of versions that did not say.
    """
    exactly = event.body.get("window_time")
    return logged / 1000 if exactly is None else exactly / 1_000_000


def _redacted(kept: Mapping[str, Any] | None) -> Redacted | None:
    if kept is None:
        return None
    return Redacted(b"", kept["kinds"]) if kept["cannot"] is None else Redacted(why=kept["cannot"])


def _host(site: str, scheme: str) -> tuple[str, int]:
    host, colon, port = site.rpartition(":")
    if not colon or not port.isdigit() or _is_address(site):
        return site, _PORTS.get(scheme, 0)
    return host, int(port)


def _is_address(text: str) -> bool:
    """Tell whether all of it is an address of IPv6. One with a port may look like a longer one; so be it."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
