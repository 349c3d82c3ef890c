"""Whom a carrier trusts."""

from __future__ import annotations

import ssl

from dlp_proxy.forward.target import Target, TargetError


def context(target: Target) -> ssl.SSLContext:
    """Return what verifies a receiver: its name and its chain, against `Target.ca` or the system's CAs.

    Without OpenSSL's strict profile of RFC 5280, which Python asks for since 3.13: certificates of companies' own CAs
    often lack key identifiers.

    Raises:
        TargetError: the file of CAs cannot be used.
    """
    try:
        made = ssl.create_default_context(cafile=None if target.ca is None else str(target.ca))
    except (OSError, ssl.SSLError) as error:
        raise TargetError(f"`{target.name}`: cannot use ca {target.ca}: {error}") from error
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made
