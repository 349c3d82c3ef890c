"""What an event says of its evidence: where it is and that it is this and no other, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

GAP: Final = "evidence-not-kept"
"""The gap that an event has for which evidence was to be kept and was not."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Evidence of one event.

    Attributes:
        kept: how much of the body; ``none`` when there is no evidence, and `why` says why.
        blob: SHA-256 of the sealed content, in hex: its name too.
        shares: SHA-256 of the file of shares.
        size: bytes of the sealed content; `body` those of the body in it.
        sealed_to: fingerprints of all keys, of both roles.
    """

    kept: Literal["whole", "ends", "head", "none"]
    why: str = ""
    blob: str = ""
    shares: str = ""
    size: int = 0
    body: int = 0
    sealed_to: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what the event's body has under ``evidence``."""
        if self.kept == "none":
            return {"kept": "none", "gap": GAP, "why": self.why}
        return {
            "kept": self.kept,
            "blob": self.blob,
            "shares": self.shares,
            "size": self.size,
            "body_bytes": self.body,
            "sealed_to": list(self.sealed_to),
        }


def pointer_of(evidence: dict[str, Any] | None) -> Pointer | None:
    """Return the pointer in an event; None where none was to be kept, as in events of earlier versions."""
    if not evidence:
        return None
    if evidence.get("kept") == "none":
        return Pointer("none", str(evidence.get("why", "")))
    return Pointer(
        evidence["kept"],
        "",
        str(evidence["blob"]),
        str(evidence["shares"]),
        int(evidence["size"]),
        int(evidence["body_bytes"]),
        tuple(evidence["sealed_to"]),
    )
