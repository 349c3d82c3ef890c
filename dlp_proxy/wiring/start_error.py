"""Why there is no proxy."""

from __future__ import annotations


class ProxyStartError(Exception):
    """The proxy cannot start; the operator must act. The text says on what."""
