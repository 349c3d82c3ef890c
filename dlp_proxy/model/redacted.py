"""What became of a body whose values were to be replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Redacted:
    """A body with values replaced, or why it could not be made.

    Attributes:
        body: what may go on, without Content-Encoding; None when nothing may go on in the place of the original.
        kinds: what was replaced: kind -> how many places.
        why: one plain sentence when there is no body; never quotes content.
    """

    body: bytes | None = field(default=None, repr=False)
    kinds: Mapping[str, int] = field(default_factory=dict)
    why: str = ""
