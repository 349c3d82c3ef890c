"""Staff under pseudonyms: keyed, so that nobody can try names, and the same for one person everywhere."""

from __future__ import annotations

import base64
import sqlite3
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.model.message import Fingerprint

PREFIX: Final = "stf_"


@dataclass(frozen=True, slots=True)
class Staff:
    """How people are shown: under their names, or under pseudonyms."""

    fingerprint: Fingerprint
    hidden: bool = False
    _made: dict[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, user: str) -> str:
        """Return how somebody is shown."""
        return self.pseudonym(user) if self.hidden and user else user

    def pseudonym(self, user: str) -> str:
        made = self._made.get(user)
        if made is None:
            digest = self.fingerprint("staff", user.casefold())
            made = self._made[user] = PREFIX + base64.b32encode(digest[:10]).decode().lower()
        return made

    def named(self, connection: sqlite3.Connection, word: str) -> str:
        """Return the person meant by a name or a pseudonym; the empty text when a pseudonym is nobody's here."""
        if not word.startswith(PREFIX):
            return word
        rows = connection.execute("SELECT DISTINCT user FROM event")
        return next((user for (user,) in rows if self.pseudonym(user) == word), "")
