"""A decision as it can be proved again: what it was made of, what was read, what came out, and one hash over all."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.model.totals import Totals

_DECISION: Final = b"dlp-decision-v1\0"
_STATE: Final = b"dlp-state-v1\0"


def decision_of(inputs: str, policy: str, read: Totals, decided: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event keeps of its decision.

    Whoever decides the same message with the same policy and is told the same counters must come to the same hash.
    The versions of the programs are no part of it: the same verdict by another version is the same verdict.

    Args:
        inputs: `Inspection.inputs`; empty when the message could not be looked at.
        policy: digest of the policy set.
        read: totals of the windows that were read, this message counted.
        decided: action, would, reasons and error as the event keeps them.
    """
    counters = counters_of(read)
    state = sha256(_STATE + canonical(counters)).hexdigest()
    whole = {"inputs": inputs, "policy": policy, "state": state, "decided": dict(decided)}
    return {
        "inputs": inputs,
        "counters": counters,
        "state_before": state,
        "recorded_outcome": decided["action"],
        "hash": sha256(_DECISION + canonical(whole)).hexdigest(),
    }


def counters_of(read: Totals) -> list[dict[str, Any]]:
    """Return the totals as the event keeps them, in order."""
    distinct = [
        {"series": series.name, "key": series.key, "seconds": seconds, "total": total}
        for (series, seconds), total in sorted(read.distinct.items())
    ]
    rings = [
        {
            "series": series.name,
            "key": series.key,
            "seconds": seconds,
            "sharing": sharing,
            "people": list(ring.people),
            "shared": [one.hex() for one in ring.shared],
        }
        for (series, seconds, sharing), ring in sorted(read.rings.items())
    ]
    return [*distinct, *rings]
