"""Texts that only this installation can have written: signed with a key of the state folder, and good for a time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, Final

_LONGEST: Final = 64 * 1024


class Seal:
    """Signs facts and reads them back (HMAC-SHA-256, RFC 2104). They are signed, not hidden: no secret belongs in."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, kind: str, facts: dict[str, Any]) -> str:
        """Return `facts` as one text of URL-safe characters. What is signed as one kind is no other."""
        plain = base64.urlsafe_b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode()
        return f"{plain}.{self._mac(kind, plain)}"

    def read(self, kind: str, text: str, now: float) -> dict[str, Any] | None:
        """Return the facts of a signed text whose ``until`` has not come; None for anything else."""
        plain, _, mac = text.partition(".")
        if len(text) > _LONGEST or not text.isascii() or not hmac.compare_digest(mac, self._mac(kind, plain)):
            return None
        facts: dict[str, Any] = json.loads(base64.urlsafe_b64decode(plain))
        return facts if now < facts["until"] else None

    def _mac(self, kind: str, plain: str) -> str:
        return hmac.new(self._key, f"{kind}\0{plain}".encode(), hashlib.sha256).hexdigest()
