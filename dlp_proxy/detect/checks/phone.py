"""A number that the numbering plan of its country has, as E.164 with or without an extension (`phonenumbers`)."""

from __future__ import annotations

from dlp_proxy.detect.phones.e164 import is_valid


def holds(value: str) -> bool:
    return is_valid(value)
