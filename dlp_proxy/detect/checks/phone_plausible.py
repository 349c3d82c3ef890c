"""A number as E.164 that a country's plan has, or could have: of its length, in a range that nobody was given."""

from __future__ import annotations

from dlp_proxy.detect.phones.e164 import plausible


def holds(value: str) -> bool:
    return bool(plausible(value.partition("x")[0]))
