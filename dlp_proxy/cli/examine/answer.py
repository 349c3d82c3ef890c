"""One answer of `doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """One look: `says` what was seen and, unless it is fine, what to do."""

    name: str
    state: Literal["fine", "warning", "problem"]
    says: str
