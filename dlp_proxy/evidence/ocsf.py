"""An event as everybody's tools read it: OCSF's Data Security Finding (class 2006, schema.ocsf.io).

What OCSF has a place for stands there; all of ours is under ``unmapped.dlp``, and from there an event is read back.
The attribute names are checked against the schema by `tests/evidence/test_ocsf.py`. Reasons: docs/adr/0070.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.model.event import Event, Identity

SCHEMA: Final = "1.8.0"
_CLASS: Final = 2006
_CREATE: Final = 1

_SEVERITIES: Final = {
    "info": (1, "Informational"), "low": (2, "Low"), "medium": (3, "Medium"), "high": (4, "High"),
    "critical": (5, "Critical"),
}  # fmt: skip
_ACTIONS: Final = {
    # action word -> OCSF's action and disposition: what the verdict was, not what became of it
    "allow": (1, "Allowed", 1, "Allowed"),
    "counted": (1, "Allowed", 20, "Count"),
    "log": (1, "Allowed", 17, "Logged"),
    "redact": (1, "Allowed", 11, "Corrected"),
    "coach": (2, "Denied", 99, "Asked"),
    "block": (2, "Denied", 2, "Blocked"),
}
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_TITLES: Final = {"bypass": "Connection passed on unopened", "window-reset": "Windows reset"}


def record_of(event: Event, sequence: int, logged: int, node: str, key: str) -> bytes:
    """Return the canonical bytes that are kept of an event, and committed to.

    Args:
        sequence: the event's number on this node, without a gap.
        logged: when it is written, in milliseconds since the epoch.
        node: name of the machine that judged.
        key: name of the key that its fingerprints are made with.
    """
    return canonical(as_ocsf(event, sequence, logged, node, key))


def event_of_record(record: bytes) -> Event:
    """Return the event that was kept as `record`, without its fingerprints."""
    kept = json.loads(record)["unmapped"]["dlp"]
    own, body = kept["event"], {key: value for key, value in kept.items() if key not in {"event", "tokens"}}
    return Event(
        uid=own["uid"],
        time=own["time"] / 1000,
        user=own["user"],
        site=own["site"],
        action=own["action"],
        would=own["would"],
        rule=own["rule"],
        records=own["records"],
        body=body,
        light=own["light"],
    )


def as_ocsf(event: Event, sequence: int, logged: int, node: str, key: str) -> dict[str, Any]:
    """Return the event as an OCSF object; arguments as `record_of`."""
    time = round(event.time * 1000)
    body = event.body
    first = _first(body)
    severity_id, severity = _SEVERITIES[first.get("severity", "info")]
    action_id, action, disposition_id, disposition = _ACTIONS.get(event.action, (99, event.action, 99, event.action))
    engine = str(body.get("engine", ""))
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Data Security Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "time": time,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "action_id": action_id,
        "action": action,
        "disposition_id": disposition_id,
        "disposition": disposition,
        "is_alert": event.action in {"log", "redact", "coach", "block"},
        "message": _message(event),
        "metadata": {
            "version": SCHEMA,
            "uid": event.uid,
            "sequence": sequence,
            "logged_time": logged,
            "product": {"name": "dlp_proxy", "vendor_name": "dlp_proxy", "version": engine},
            "profiles": ["security_control"],
            "log_name": node,
        },
        "finding_info": _finding_info(event, time),
        **_parties(event, body),
        **_data(event, body, key),
        "unmapped": {"dlp": {**body, "event": _own(event, time), "tokens": tokens_of(event.identities, key)}},
    }


def tokens_of(identities: tuple[Identity, ...], key: str) -> dict[str, Any]:
    """Return what an event's record says of its fingerprints: how many, under which key, and a digest of them."""
    return {"key": key, "count": len(identities), "digest": tokens_digest(identities)}


def tokens_digest(identities: tuple[Identity, ...]) -> str:
    """Return SHA-256 over one line for each fingerprint: value in hexadecimal, record, role, kind; in order."""
    lines = sorted(f"{one.fingerprint.hex()} {one.record} {role(one)} {one.kind}\n" for one in identities)
    return sha256("".join(lines).encode("utf-8", "replace")).hexdigest()


def role(one: Identity) -> int:
    """Return what a fingerprint was in its event as the store keeps it: 1 counted, 2 names its record, 3 both."""
    return one.counted + 2 * one.names


def _own(event: Event, time: int) -> dict[str, Any]:
    return {
        "uid": event.uid,
        "time": time,
        "user": event.user,
        "site": event.site,
        "action": event.action,
        "would": event.would,
        "rule": event.rule,
        "records": event.records,
        "light": event.light,
    }


def _message(event: Event) -> str:
    if event.body.get("kind") == "bypass":
        return f"not inspected: a connection by {event.user} to {event.site} {event.body['state']}"
    what = f"{event.records} customers" if event.records else "an upload"
    return f"{event.action}: {what} by {event.user} to {event.site}" if event.site else f"{event.action}: {event.user}"


def _finding_info(event: Event, time: int) -> dict[str, Any]:
    rule, kind = event.rule or "none", event.body.get("kind", "upload")
    first = _first(event.body)
    return {
        "uid": event.uid,
        "title": f"Customer data, rule {rule}" if event.rule else _TITLES.get(kind, "Upload inspected"),
        "types": [kind],
        "created_time": time,
        "analytic": {"name": rule, "uid": f"rule:{first.get('policy', '')}/{rule}", "type_id": 1},
    }


def _parties(event: Event, body: Mapping[str, Any]) -> dict[str, Any]:
    identity, request = body.get("identity") or {}, body.get("request") or {}
    user: dict[str, Any] = {"uid": event.user, "type_id": 1}
    if identity.get("groups"):
        user["groups"] = [{"name": name} for name in identity["groups"]]
    parties: dict[str, Any] = {"actor": {"user": user}}
    if identity.get("device"):
        parties["device"] = {"type_id": 0, "uid": identity["device"], "hostname": identity["device"]}
    if identity.get("address"):
        parties["src_endpoint"] = {"ip": identity["address"]}
        if request.get("client_port"):
            parties["src_endpoint"]["port"] = request["client_port"]
    if event.site:
        host, colon, port = event.site.rpartition(":")
        scheme = request.get("scheme", "")
        own = host if colon and port.isdigit() else event.site
        parties["dst_endpoint"] = {"hostname": own, "port": int(port) if own == host else _PORTS.get(scheme, 0)}
        if scheme:
            parties["dst_endpoint"]["svc_name"] = scheme
    return parties


def _data(event: Event, body: Mapping[str, Any], key: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    request, first = body.get("request") or {}, _first(body)
    if request.get("filenames"):
        data["file"] = {"name": request["filenames"][0], "type_id": 1}
    if body.get("findings"):
        data["data_security"] = {
            "category_id": 1,
            "category": "Personal",
            "data_lifecycle_state_id": 2,
            "detection_system_id": 2,
            "total": sum(body["findings"].values()),
        }
        if masks := [one["masked"] for one in body.get("examples", ())[:2]]:
            data["data_security"]["pattern_match"] = "|".join(masks)
        if event.rule:
            data["data_security"]["detection_pattern"] = first.get("limit") or event.rule
            data["data_security"]["policy"] = {
                "uid": body.get("policy", ""),
                "name": first.get("policy", ""),
                "version": body.get("policy", ""),
            }
        customers = {one.record for one in event.identities if one.record}
        data["resources"] = [
            {
                "type": "customer_record_set",
                "uid": f"tokset:{event.uid}",
                "data": {"distinct_customers": len(customers), "kinds": body["findings"], "key_id": key},
            }
        ]
    return data


def _first(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the reason that decided; empty where none did."""
    reasons: Sequence[Mapping[str, Any]] = body.get("reasons") or ({},)
    return reasons[0]
