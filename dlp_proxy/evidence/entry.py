"""Entries of the log: who did what to what, when. No content: of what is kept elsewhere only a salted commitment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical

SALT_BYTES: Final = 16

PROXY: Final = "proxy"
"""Who writes what a running proxy does."""

VERBS: Final = (
    "start",  # a proxy began to write: its worker, version, engine and policy
    "stop",  # it ended in order
    "heartbeat",  # it is alive; silence without a stop is a blind time
    "policy",  # another policy set came into force
    "seen",  # a transfer was judged; its record is committed to
    "adopted",  # an event of a store of an earlier shape was taken over
    "outcome",  # what became of a transfer
    "reset",  # somebody let somebody go before a window did
    "purge",  # events were forgotten, by retention
    "hold",  # an event is kept beyond retention
    "release",  # a hold ended
    "checkpoint",  # the log was signed
    "anchor",  # a checkpoint was attested outside
    "export",  # something was given out
    "view",  # somebody read
    "search",  # somebody looked for a value or a destination
    "resolve",  # a pseudonym was resolved
    "reveal",  # sealed evidence was asked for, granted or opened
    "case",  # a case changed
    "mark",  # an incident was marked
    "key",  # a key was made or replaced
    "evidence",  # sealed evidence was deleted
)
"""Every verb of the log. A new one is a line here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written into the log; number and time are given when it is appended.

    Attributes:
        do: one of `VERBS`.
        by: who: `PROXY` or the name of the operating system's user.
        of: what it is about: an event's uid, an incident, a case, a file; may be empty.
        more: further keys, JSON-ready, whole numbers only, never content or a person's data.
    """

    do: str
    by: str = PROXY
    of: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.do not in VERBS:
            raise ValueError(f"`{self.do}` is no verb of the log")
        wrong = [key for key in self.more if key <= "by" or "n" <= key <= "of" or key == "do"]
        if (
            wrong
        ):  # verifying looks for `at`, `by` first and for `of` behind `n`: five times as fast as parsing each entry
            raise ValueError(f"keys of a log entry that would stand in the way: {', '.join(wrong)}; put them in `with`")

    def written(self, number: int, at: int) -> bytes:
        """Return its bytes as number `number`, at a time in milliseconds since the epoch."""
        return canonical({**self.more, "n": number, "at": at, "do": self.do, "by": self.by, "of": self.of})


def salt() -> bytes:
    """Return what makes a commitment unguessable; once it is forgotten, so is what was committed to."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salted: bytes, content: bytes) -> str:
    """Return SHA-256 of salt and content, in hexadecimal. Whoever has both can check; from it alone nothing follows."""
    return sha256(salted + content).hexdigest()
