"""Elastic Common Schema 8.11 (elastic.co/docs/reference/ecs); what it has no place for is under ``dlp_proxy``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical

_VERSION: Final = "8.11.0"
_DENIED: Final = frozenset({"block", "coach"})


def ecs(event: Mapping[str, Any]) -> str:
    """Return the event as one line of JSON."""
    own = event["unmapped"]["dlp"]
    kept, meta, product = own["event"], event["metadata"], event["metadata"]["product"]
    request, identity = own.get("request") or {}, own.get("identity") or {}
    first: Mapping[str, Any] = next(iter(own.get("reasons") or ()), {})
    denied = kept["action"] in _DENIED
    found: dict[str, Any] = {
        "@timestamp": datetime.fromtimestamp(event["time"] / 1000, UTC).isoformat(timespec="milliseconds"),
        "ecs": {"version": _VERSION},
        "message": event["message"],
        "event": {
            "id": meta["uid"],
            "sequence": meta["sequence"],
            "kind": "alert" if event["is_alert"] else "event",
            "category": ["network", "intrusion_detection"],
            "type": ["denied" if denied else "allowed"],
            "action": kept["action"],
            "outcome": "success",
            "severity": event["severity_id"],
            "module": "dlp_proxy",
            "dataset": "dlp_proxy.event",
        },
        "observer": {
            "vendor": product["vendor_name"],
            "product": product["name"],
            "version": product["version"],
            "type": "proxy",
            "hostname": meta["log_name"],
        },
        "user": {"name": kept["user"]},
        "source": event.get("src_endpoint") or {},
        "destination": _destination(event.get("dst_endpoint") or {}),
        "host": {"name": (event.get("device") or {}).get("hostname")},
        "rule": {"name": kept["rule"] or None, "ruleset": first.get("policy")},
        "http": {"request": {"method": request.get("method"), "body": {"bytes": request.get("bytes")}}},
        "url": {"path": request.get("path")},
        "file": {"name": (event.get("file") or {}).get("name")},
        "dlp_proxy": {
            "customers": kept["records"],
            "findings": own.get("findings") or {},
            "identity": {"method": identity.get("method"), "strength": identity.get("strength")},
            "inspected": (own.get("coverage") or {}).get("inspected"),
            "would": kept["would"],
            "outcome": own.get("outcome"),
        },
    }
    return canonical(_without_nothing(found)).decode("utf-8")


def _destination(end: Mapping[str, Any]) -> dict[str, Any]:
    return {"domain": end.get("hostname"), "ip": end.get("ip"), "port": end.get("port")}


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        kept = {key: _without_nothing(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, {}, [])}
    return value
