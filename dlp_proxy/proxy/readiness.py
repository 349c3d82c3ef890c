"""Whether a proxy may be relied on. Apart from the port that tells it: a worker says so to its supervisor alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

WRITABLE: Final = "writable"
"""What the fact `store` says while the store takes what is written; else it says why it does not."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the proxy may be relied on, and each fact that says so.

    Attributes:
        ready: all of it holds.
        facts: JSON-ready, e.g. policy digest, age of the policy, self-test, store.
    """

    ready: bool
    facts: Mapping[str, Any]
