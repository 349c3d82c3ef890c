"""ArcSight's Common Event Format, version 0 of the head and 26 of the extensions' dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical

_SEVERITIES: Final = {1: 1, 2: 3, 3: 5, 4: 8, 5: 10}


def cef(event: Mapping[str, Any]) -> str:
    """Return the event as one line ``CEF:0|vendor|product|version|rule|name|severity|key=value ...``."""
    own, meta = event["unmapped"]["dlp"], event["metadata"]
    kept, product = own["event"], meta["product"]
    head = (
        "CEF:0",
        product["vendor_name"],
        product["name"],
        product["version"],
        kept["rule"] or "none",
        event["finding_info"]["title"],
        _SEVERITIES.get(event["severity_id"], 5),
    )
    fields = " ".join(f"{key}={_value(value)}" for key, value in _fields(event, own) if value not in (None, ""))
    return "|".join(_head(str(one)) for one in head) + "|" + fields


def _fields(event: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    kept, meta = own["event"], event["metadata"]
    source, target = event.get("src_endpoint") or {}, event.get("dst_endpoint") or {}
    request, identity, outcome = (own.get(key) or {} for key in ("request", "identity", "outcome"))
    labelled = (
        ("identity", f"{identity.get('method', '')}/{identity.get('strength', '')}" if identity else None),
        ("inspected", (own.get("coverage") or {}).get("inspected")),
        ("policy", own.get("policy")),
        ("findings", canonical(own["findings"]).decode() if own.get("findings") else None),
        ("would", kept["would"]),
    )
    custom = [
        pair
        for number, (label, value) in enumerate(labelled, start=1)
        if value
        for pair in ((f"cs{number}Label", label), (f"cs{number}", value))
    ]
    return (
        ("rt", event["time"]),
        ("externalId", meta["uid"]),
        ("dvchost", meta["log_name"]),
        ("act", kept["action"]),
        ("outcome", outcome.get("disposition")),
        ("suser", kept["user"]),
        ("src", source.get("ip")),
        ("spt", source.get("port")),
        ("shost", (event.get("device") or {}).get("hostname")),
        ("dhost", target.get("hostname")),
        ("dpt", target.get("port")),
        ("app", target.get("svc_name")),
        ("requestMethod", request.get("method")),
        ("fname", (event.get("file") or {}).get("name")),
        ("in", request.get("bytes")),
        ("out", outcome.get("released_bytes")),
        ("cnt", kept["records"] or None),
        ("msg", event["message"]),
        *custom,
    )


def _head(text: str) -> str:
    return _one_line(text.replace("\\", "\\\\").replace("|", "\\|"), " ", " ")


def _value(value: object) -> str:
    return _one_line(str(value).replace("\\", "\\\\").replace("=", "\\="), "\\n", "\\r")


def _one_line(text: str, newline: str, carriage_return: str) -> str:
    return text.replace("\r", carriage_return).replace("\n", newline)
