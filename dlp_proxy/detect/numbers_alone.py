"""Telephone numbers beside nothing but such: programs and their manuals show how one is written, in all ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.membership import Membership

_KIND: Final = "phone"
_END: Final = 7
"""Digits at the end of a number that all of its spellings have; calling code and trunk prefix come before."""


def are_numbers_alone(text: str, held: Sequence[int], member: Membership, *, free: bool) -> bool:
    """Tell whether a record that asks for several ways to reach somebody has telephone numbers that tell of nobody.

    Args:
        text: what the findings point into.
        held: the record's findings.
        member: whose findings they are.
        free: it stands in no row, object or form; then numbers of a kind that shops and offices have too are none of
            a person's either.
    """
    spec = member.spec
    if len(held) < 2 or spec.has or spec.has_some_at_least < 2:
        return False
    found = [member.findings[index] for index in held]
    if any(one.kind != _KIND for one in found):
        return False
    if free and spec.not_only_of_places and all(one.detector in spec.not_only_of_places for one in found):
        return True
    return len({"".join(filter(str.isdecimal, text[one.start : one.end]))[-_END:] for one in found}) == 1
