"""Answers to what never became a request of policy: broken requests, and destinations that do not answer."""

from __future__ import annotations

import html
from http import HTTPStatus
from types import SimpleNamespace
from typing import Final

NAMELESS: Final = SimpleNamespace(MITMPROXY="dlp_proxy")
"""In place of mitmproxy's `version` module where it writes the Server header: a version helps attackers only."""

_DESTINATION: Final = "The destination did not answer as it must. Try again later, or ask who runs the proxy."


def error_page(status_code: int, message: str) -> bytes:
    """Return a page for an error of the protocol.

    From 500 on, mitmproxy's `message` holds addresses and system errors, which would map the network: it is not shown.
    """
    try:
        reason = HTTPStatus(status_code).phrase
    except ValueError:
        reason = "Error"
    says = html.escape(message) if status_code < 500 else _DESTINATION
    page = f"<!doctype html><title>{status_code} {reason}</title><h1>{status_code} {reason}</h1><p>{says}"
    return page.encode("utf-8", "replace")
