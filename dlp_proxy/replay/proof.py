"""Level 1: the decision of one event made again; it must come to the same hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from dlp_proxy.incidents.decision import decision_of
from dlp_proxy.incidents.event_of import decided
from dlp_proxy.model.event import Event
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.pipeline import Engine, Judgement, conclude
from dlp_proxy.policy.match import Match, match
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.again import matches_again
from dlp_proxy.replay.crew import Seen, Skipped
from dlp_proxy.replay.history import Past
from dlp_proxy.replay.memory import Counters
from dlp_proxy.replay.recorded import (
    answers_of,
    asked_at,
    decided_of,
    inspection_of,
    is_transfer,
    message_of,
    totals_of,
)
from dlp_proxy.replay.revealed import Revealed, fits

REPRODUCED: Final = "reproduced"
"""The body was inspected again, and the decision made from that has the recorded hash."""
CONSISTENT: Final = "consistent"
"""Without the body: what the event remembers leads to the recorded hash by the policy that it names."""
HASH_FITS: Final = "hash-fits"
"""Nothing was decided again: only the hash fits what it is over."""
DIFFERS: Final = "differs"
NO_DECISION: Final = "no-decision"
SKIPPED: Final = "skipped"
STATES: Final = (REPRODUCED, CONSISTENT, HASH_FITS, DIFFERS, NO_DECISION, SKIPPED)


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out for one event; `why` says in words what is missing or different."""

    state: str
    hash: str = ""
    why: str = ""


def prove(
    past: Past, policy: Policy | None, fingerprint: Fingerprint, seen: Seen | None, given: Revealed | None
) -> Proof:
    """Make the decision of an event again.

    Args:
        policy: the set that the event names, with the installation's key; None where it was not kept.
        seen: what inspecting the body again showed; None where there is no body.
        given: the body, and what of its head is known.
    """
    event = past.event
    if not is_transfer(event):
        return Proof(NO_DECISION)
    recorded = event.body["decision"]
    own = decision_of(
        recorded["inputs"], event.body["policy"], totals_of(recorded["counters"]), decided_of(event)
    )["hash"]  # fmt: skip
    if own != recorded["hash"]:
        return Proof(DIFFERS, own, "the event does not fit its own hash: action, reasons or counters were changed")
    if event.body.get("error"):
        return Proof(HASH_FITS, own, "the exception policy decided: a step of ours had failed")
    if policy is None:
        return Proof(HASH_FITS, own, f"the policy set {event.body['policy'][:19]} is not in the state folder")
    if isinstance(seen, Skipped):
        return Proof(SKIPPED, own, seen.why)
    if seen is None or given is None or is_part(event):
        return _from_memory(past, policy, fingerprint)
    return _from_body(past, policy, fingerprint, seen.inspections[0], given)


def is_part(event: Event) -> bool:
    """Tell whether more than this body was judged: a conversation, or an upload in many requests."""
    return event.body["request"]["channel"] != "http" or bool(event.body.get("upload"))


def monitored(event: Event, policy: Policy) -> bool:
    """Tell whether the whole proxy only watched: a rule that enforces was taken as one that monitors."""
    modes = {(rule.policy, rule.name): rule.mode for rule in policy.rules}
    return any(
        one["mode"] == "monitor" and modes.get((one["policy"], one["rule"]), "enforce") != "monitor"
        for one in event.body.get("reasons", ())
    )


def _from_memory(past: Past, policy: Policy, fingerprint: Fingerprint) -> Proof:
    message, seen = message_of(past.event), inspection_of(past.event)
    again = matches_again(past, policy, policy, message, seen)
    if again.unknown:
        name, (_, why) = min(again.unknown.items())
        return Proof(HASH_FITS, past.event.body["decision"]["hash"], f"rule {name}: {why}")
    return _compared(past, judged(past, policy, fingerprint, message, seen, again.matches), CONSISTENT, "")


def _from_body(past: Past, policy: Policy, fingerprint: Fingerprint, seen: Inspection, given: Revealed) -> Proof:
    recorded = past.event.body["decision"]["inputs"]
    whole = fits(given, recorded, fingerprint)
    if not whole and past.body and seen.body != past.body:
        return Proof(DIFFERS, "", "the body that was given is not the one of this event")
    why = (
        ""
        if whole
        else "of the request's head not all is there: "
        + ("the body is proved to be the event's" if past.body else "that the body is the event's is not proved")
    )
    message = replace(given.message, attended=message_of(past.event).attended)
    seen = replace(seen, inputs=recorded)
    made = judged(past, policy, fingerprint, message, seen, match(policy, message, seen))
    return _compared(past, made, REPRODUCED, why)


def judged(  # noqa: PLR0917 (what is decided again)
    past: Past, policy: Policy, fingerprint: Fingerprint, message: Message, seen: Inspection, matches: tuple[Match, ...]
) -> Judgement:
    """Decide with the counters that were read then."""
    event = past.event
    return conclude(
        message,
        seen,
        Engine(policy, fingerprint, monitor=monitored(event, policy)),
        matches,
        Counters(totals_of(event.body["decision"]["counters"])),
        asked_at(event, past.logged),
        answers=answers_of(event),
    )


def _compared(past: Past, made: Judgement, state: str, why: str) -> Proof:
    recorded = past.event.body["decision"]
    again = decided(made.inspection, made.verdict, totals_of(recorded["counters"]))
    if again["hash"] == recorded["hash"]:
        return Proof(state, again["hash"], why)
    return Proof(DIFFERS, again["hash"], difference(decided_of(past.event), _words(made)) or why)


def _words(made: Judgement) -> dict[str, Any]:
    from_event = made.verdict
    return {
        "action": from_event.action.word,
        "would": from_event.would.word,
        "reasons": [
            {"rule": one.rule, "action": one.action.word, "count": one.count, "limit": one.limit or None}
            for one in from_event.reasons
        ],
    }


def difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return the first thing in which two decisions differ, in words."""
    for what in ("action", "would"):
        if was[what] != now[what]:
            return f"{what}: recorded {was[what]}{_by(was)}, made again {now[what]}{_by(now)}"
    for then, again in zip(was["reasons"], now["reasons"], strict=False):
        for what in ("rule", "action", "count", "limit"):
            if then[what] != again[what]:
                return f"rule {then['rule']}: {what} recorded {then[what]}, made again {again[what]}"
    if len(was["reasons"]) != len(now["reasons"]):
        return f"reasons: {len(was['reasons'])} recorded, {len(now['reasons'])} made again"
    return "the reasons differ in their details"


def _by(one: Mapping[str, Any]) -> str:
    first = next(iter(one["reasons"]), None)
    return f" by {first['rule']} (count {first['count']})" if first else ""
