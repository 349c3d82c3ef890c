"""What is kept of a judged transfer: enough to tell what happened and why, and no plain value."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from dlp_proxy.model.event import Event, Identity
from dlp_proxy.model.finding import Finding
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Reason, Verdict

_EXAMPLES: Final = 20
"""Findings shown with their mask and place; all are counted and fingerprinted."""


def event_of(
    message: Message, inspection: Inspection, verdict: Verdict, counted: frozenset[bytes], engine: str
) -> Event:
    """Return the event of a judged message.

    Args:
        counted: fingerprints that the strictest rule counted as customers.
        engine: version of the program that judged.
    """
    first = verdict.reasons[0] if verdict.reasons else None
    return Event(
        uid=message.uid,
        time=message.time,
        user=message.principal.user,
        site=message.destination.site,
        action=verdict.action.word,
        would=verdict.would.word,
        rule=first.rule if first else "",
        records=first.count if first else 0,
        body=_body(message, inspection, verdict, engine),
        identities=_identities(inspection, counted),
    )


def _body(message: Message, inspection: Inspection, verdict: Verdict, engine: str) -> dict[str, Any]:
    principal = message.principal
    return {
        "identity": {
            "method": principal.method,
            "strength": principal.strength,
            "address": principal.address,
            "device": principal.device,
            "groups": list(principal.groups),
        },
        "request": {
            "channel": message.channel,
            "method": message.method,
            "scheme": message.destination.scheme,
            "path": inspection.path,
            "http_version": message.http_version,
            "client_port": message.client_port,
            "bytes": inspection.bytes,
            "content": inspection.content,
            "filenames": list(inspection.filenames),
        },
        "coverage": {
            "inspected": _coverage(inspection),
            "at_least": inspection.at_least,
            "parts": inspection.parts,
            "expanded_bytes": inspection.expanded_bytes,
            "gaps": [
                {"reason": gap.reason, "location": str(gap.location), "detail": gap.detail} for gap in inspection.gaps
            ],
        },
        "upload": None if inspection.upload is None else asdict(inspection.upload),
        "findings": inspection.kinds(),
        "examples": [_example(finding) for finding in inspection.findings[:_EXAMPLES]],
        "reasons": [_reason(reason) for reason in verdict.reasons],
        "error": verdict.error or None,
        "policy": verdict.policy_digest,
        "engine": engine,
    }


def _coverage(inspection: Inspection) -> str:
    if inspection.at_least:
        return "enough"
    if not inspection.gaps:
        return "full"
    return "partial" if inspection.parts else "none"


def _example(finding: Finding) -> dict[str, Any]:
    return {
        "detector": finding.detector,
        "location": str(finding.location),
        "confidence": finding.confidence.word,
        "masked": finding.value.masked,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "policy": reason.policy,
        "rule": reason.rule,
        "action": reason.action.word,
        "effective": reason.effective.word,
        "mode": reason.mode,
        "severity": reason.severity,
        "count": reason.count,
        "limit": reason.limit or None,
        "totals": dict(reason.totals),
        "what": dict(reason.what),
        "exception": reason.exception or None,
    }


def _identities(inspection: Inspection, counted: frozenset[bytes]) -> tuple[Identity, ...]:
    distinct = {(finding.kind, finding.fingerprint) for finding in inspection.findings}
    return tuple(Identity(kind, value, value in counted) for kind, value in sorted(distinct))
