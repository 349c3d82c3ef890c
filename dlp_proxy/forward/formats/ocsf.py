"""OCSF: as it is kept (schema.ocsf.io, class 2006), with what became of the transfer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlp_proxy.evidence.canonical import canonical


def ocsf(event: Mapping[str, Any]) -> str:
    """Return the event as one line of canonical JSON."""
    return canonical(event).decode("utf-8")
