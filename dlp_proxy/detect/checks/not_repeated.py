"""Not a filler such as 11111111111 or 13333333333: at least three different characters."""

from __future__ import annotations


def holds(value: str) -> bool:
    return len(set(value)) > 2
