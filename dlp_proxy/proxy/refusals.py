"""What is refused for its form: a line in the log and a count, by reasons of ours."""

from __future__ import annotations

from typing import Final, Literal

import structlog
from mitmproxy.proxy.context import Context

REFUSED: Final = "dlp_refused"
"""Where the options object keeps the counter."""

type Reason = Literal["malformed", "head too large", "no HTTP", "sent ahead", "taken back"]

_log = structlog.get_logger("dlp_proxy.proxy")


def malformed(context: Context, fault: str) -> None:
    """Tell of a request that two readers could read in two ways; `fault` is of our wording."""
    _log.warning("malformed request refused", fault=fault, address=_address(context))
    count(context, "malformed")


def cut_off(context: Context, reason: Reason, waiting: int = 0) -> None:
    """Tell of a connection that is closed in the midst of a request; `waiting` is what came of it, in bytes."""
    _log.warning("connection cut off", reason=reason, bytes=waiting, address=_address(context))
    count(context, reason)


def count(context: Context, reason: Reason) -> None:
    counter = getattr(context.options, REFUSED, None)
    if counter is not None:
        counter.labels(reason=reason).inc()


def _address(context: Context) -> str:
    return str(context.client.peername[0]) if context.client.peername else ""
