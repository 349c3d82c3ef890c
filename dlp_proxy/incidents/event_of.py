"""What is kept of a judged transfer: enough to tell what happened and why, and no plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from dlp_proxy.incidents.decision import decision_of
from dlp_proxy.model.event import ACCOUNT, Event, Identity, account_name
from dlp_proxy.model.finding import Finding
from dlp_proxy.model.inspection import AtAccount, Inspection
from dlp_proxy.model.message import Message, Principal
from dlp_proxy.model.totals import NOTHING_READ, Totals
from dlp_proxy.model.verdict import Action, Reason, Verdict

BODY: Final = "body"
"""Kind of the fingerprint of a body as a whole."""

NO_VALUES: Final = frozenset({BODY, ACCOUNT})
"""Kinds of fingerprints that are no values in a message."""

NO_VERSIONS: Final[Mapping[str, str]] = MappingProxyType({})

_EXAMPLES: Final = 20
"""Findings shown with their mask and place; all are counted and fingerprinted."""

_WORTH_A_NAME: Final = 1024
"""Bytes from which a body is looked for as a whole; a shorter one is what some page says every minute."""

_NOBODY: Final = frozenset([(0, False)])


def event_of(  # noqa: PLR0917 - all that a judgement consists of
    message: Message,
    inspection: Inspection,
    verdict: Verdict,
    counted: frozenset[bytes],
    engine: str,
    read: Totals = NOTHING_READ,
    versions: Mapping[str, str] = NO_VERSIONS,
    *,
    policy_stale: bool = False,
) -> Event:
    """Return the event of a judged message.

    Args:
        counted: fingerprints that the strictest rule counted as customers.
        engine: version of the program that judged.
        read: totals of windows that the verdict was made with.
        versions: what else a verdict depends on: the interpreter, the pattern engines.
        policy_stale: the policy folder had another set by then, which was refused.
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
        records=_counted(first) if first else 0,
        body={**_body(message, inspection, verdict), "engine": engine, "versions": dict(versions)}
        | {"decision": decided(inspection, verdict, read), "policy_stale": policy_stale},
        identities=_identities(inspection, counted),
    )


def light_event_of(  # noqa: PLR0917 - as `event_of`
    message: Message,
    inspection: Inspection,
    verdict: Verdict,
    engine: str,
    read: Totals,
    versions: Mapping[str, str],
) -> Event:
    """Return the record of an upload in which nothing was found, missed or matched: who, where to, how much, what kind.

    Its fingerprints are the body's, so that the same file can be looked for wherever it was sent, and the account's.
    """
    return Event(
        uid=message.uid,
        time=message.time,
        user=message.principal.user,
        site=message.destination.site,
        action=verdict.action.word,
        would=verdict.would.word,
        rule="",
        records=0,
        body={
            "identity": identity_of(message.principal),
            "request": _request(message, inspection),
            "coverage": {
                "inspected": inspection.coverage,
                "parts": inspection.parts,
                "expanded_bytes": inspection.expanded_bytes,
                "formats": dict(inspection.formats),
            },
            "policy": verdict.policy_digest,
            "engine": engine,
            "versions": dict(versions),
            "decision": decided(inspection, verdict, read),
        },
        identities=_of_the_whole(inspection),
        light=True,
    )


def decided(inspection: Inspection, verdict: Verdict, read: Totals) -> dict[str, Any]:
    """Return the decision as the event keeps it; replay calls this too, and compares."""
    return decision_of(
        inspection.inputs,
        verdict.policy_digest,
        read,
        {
            "action": verdict.action.word,
            "would": verdict.would.word,
            "reasons": [_reason(reason) for reason in verdict.reasons],
            "error": verdict.error or None,
        },
    )


def _counted(reason: Reason) -> int:
    return reason.count if reason.gathering is None else len(reason.gathering.ring.shared)


def coverage_of(inspection: Inspection) -> dict[str, Any]:
    """Return what was and was not looked at, JSON-ready. `whole` is true only when nothing was left out."""
    return {
        "inspected": inspection.coverage,
        "whole": inspection.coverage == "full",
        "at_least": inspection.at_least,
        "parts": inspection.parts,
        "bytes": inspection.bytes,
        "expanded_bytes": inspection.expanded_bytes,
        "skipped_bytes": inspection.skipped_bytes,
        "formats": dict(sorted(inspection.formats.items())),
        "detectors": list(inspection.detectors),
        "gaps": [
            {"reason": gap.reason, "location": str(gap.location), "detail": gap.detail, "bytes": gap.bytes}
            for gap in inspection.gaps
        ],
    }


def identity_of(principal: Principal) -> dict[str, Any]:
    """Return who sends, as events keep it."""
    return {
        "method": principal.method,
        "strength": principal.strength,
        "address": principal.address,
        "device": principal.device,
        "groups": list(principal.groups),
        "shared": principal.shared,
        "via": principal.via,
    }


def _request(message: Message, inspection: Inspection) -> dict[str, Any]:
    return {
        "channel": message.channel,
        "method": message.method,
        "scheme": message.destination.scheme,
        "path": inspection.path,
        "http_version": message.http_version,
        "client_port": message.client_port,
        "bytes": inspection.bytes,
        "content": inspection.content,
        "filenames": list(inspection.filenames),
    } | ({} if inspection.account is None else {"account": _account(inspection.account)})


def _account(one: AtAccount) -> dict[str, str]:
    """Return an account as events keep it."""
    return {"name": account_name(one.token), "by": one.by, "masked": one.masked}


def _body(message: Message, inspection: Inspection, verdict: Verdict) -> dict[str, Any]:
    return {
        "identity": identity_of(message.principal),
        "request": _request(message, inspection),
        "coverage": coverage_of(inspection),
        "upload": None if inspection.upload is None else asdict(inspection.upload),
        "failure": None if inspection.failure is None else asdict(inspection.failure),
        "repeated_failure": inspection.failure is not None and inspection.failure.times > 1,
        "findings": inspection.kinds(),
        "examples": [_example(finding) for finding in inspection.findings[:_EXAMPLES]],
        "reasons": [_reason(reason) for reason in verdict.reasons],
        "redaction": _redaction(inspection, verdict),
        "error": verdict.error or None,
        "policy": verdict.policy_digest,
    }


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
        "notify": list(reason.notify),
        "settled": reason.settled or None,
        "answer": None
        if (answer := reason.answer) is None
        else {"by": answer.user, "reason": answer.text, "at": int(answer.since), "asked_in": answer.asked_in},
    }


def _redaction(inspection: Inspection, verdict: Verdict) -> dict[str, Any] | None:
    """Return what was taken out of the body, or why it could not be; None where nothing was to be."""
    one = inspection.redacted
    if verdict.action is Action.REDACT and one is not None:
        return {"values": sum(one.kinds.values()), "kinds": dict(sorted(one.kinds.items())), "cannot": None}
    if any(reason.settled == "cannot-redact" for reason in verdict.reasons):
        why = one.why if one is not None else "this kind of transfer cannot be rewritten"
        return {"values": 0, "kinds": {}, "cannot": why}
    return None


def _identities(inspection: Inspection, counted: frozenset[bytes]) -> tuple[Identity, ...]:
    """Return every fingerprint, once for each customer in whose record it stands, and the body's own."""
    of = _customers(inspection)
    distinct = {(finding.kind, finding.fingerprint) for finding in inspection.findings}
    found = (
        Identity(kind, value, value in counted, record, names)
        for kind, value in sorted(distinct)
        for record, names in sorted(of.get(value, _NOBODY))
    )
    return (*found, *_of_the_whole(inspection))


def _of_the_whole(inspection: Inspection) -> tuple[Identity, ...]:
    """Return the fingerprints of the body and of the account that it goes to."""
    found = []
    if inspection.body and inspection.bytes >= _WORTH_A_NAME:
        found.append(Identity(BODY, bytes.fromhex(inspection.body), counted=False))
    if inspection.account is not None:
        found.append(Identity(ACCOUNT, bytes.fromhex(inspection.account.token), counted=False))
    return tuple(found)


def _customers(inspection: Inspection) -> dict[bytes, set[tuple[int, bool]]]:
    """Return for each fingerprint the customers in whose records it stands, and whether it names them.

    Of several kinds of records the one counts of which there are most: it is what most of the message is about.
    """
    some = max(inspection.records.items(), key=lambda one: (len(one[1]), one[0]), default=(None, ()))[1]
    numbers: dict[bytes, int] = {}
    of: dict[bytes, set[tuple[int, bool]]] = {}
    for record in some:
        number = numbers.setdefault(record.identity, len(numbers) + 1)
        for index in (*record.findings, *record.beside):
            value = inspection.findings[index].fingerprint
            of.setdefault(value, set()).add((number, value == record.identity))
    return of
