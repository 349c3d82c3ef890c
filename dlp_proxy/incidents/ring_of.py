"""The event of a ring: several people who sent the same customers to one place."""

from __future__ import annotations

from dlp_proxy.model.event import Event, Identity
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Gathering, Reason


def ring_event(  # noqa: PLR0917 - the parts of one event
    uid: str, message: Message, inspection: Inspection, reason: Reason, gathering: Gathering, policy: str, engine: str
) -> Event:
    """Return the event of somebody joining a ring.

    Args:
        message: the one that linked its sender to the others; it has an event of its own.
        reason: the rule's, with the limit on people that decided.
        policy: digest of the policy set.
    """
    people, shared = gathering.ring
    kinds = {finding.fingerprint: finding.kind for finding in inspection.findings}
    return Event(
        uid=uid,
        time=message.time,
        user=message.principal.user,
        site=message.destination.site,
        action=reason.effective.word,
        would=reason.action.word,
        rule=reason.rule,
        records=len(shared),
        body={
            "kind": "ring",
            "people": list(people),
            "place": gathering.place or "anywhere",
            "shared": len(shared),
            "sharing": gathering.sharing,
            "limit": reason.limit,
            "window": reason.window,
            "severity": reason.severity,
            "notify": list(reason.notify),
            "joined_by": message.uid,
            "policy_name": reason.policy,
            "policy": policy,
            "engine": engine,
        },
        identities=tuple(Identity(kinds.get(one, "customer"), one, counted=True) for one in shared),
        group=f"ring at {gathering.place}",
    )
