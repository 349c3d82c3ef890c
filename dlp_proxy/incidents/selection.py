"""Which transfers a question is about: those of an incident, a person, a destination, a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dlp_proxy.model.event import ACCOUNT, ACCOUNT_PREFIX


@dataclass(frozen=True, slots=True)
class Selection:
    """What is named must hold together; nothing named is everything.

    Attributes:
        events: sequences; None where any may be.
        user: who sent.
        account: at a destination, by the name that events give it: ``acc_`` and digits.
        site: destination host, and port where it is not the usual one.
        since: from then on, in milliseconds since the epoch; 0 from the beginning.
        until: before then; 0 to the end.
        newest: as of that event: later ones are not looked at; 0 for all there are.
    """

    events: tuple[int, ...] | None = None
    user: str = ""
    site: str = ""
    since: int = 0
    until: int = 0
    newest: int = 0
    account: str = ""

    @property
    def is_time(self) -> bool:
        """Tell whether it is all that was sent in a time."""
        return self.events is None and not (self.user or self.site or self.account)

    def where(self) -> tuple[str, list[Any]]:
        """Return a condition over ``event e``, and its values."""
        words: list[str] = []
        values: list[Any] = []
        for word, value in (
            ("e.user = ?", self.user),
            ("e.site = ?", self.site),
            ("e.time >= ?", self.since),
            ("e.time < ?", self.until),
            ("e.sequence <= ?", self.newest),
        ):
            if value:
                words.append(word)
                values.append(value)
        if self.account:
            words.append(
                "e.sequence IN (SELECT p.event FROM token t JOIN posting p ON p.token = t.number"
                " WHERE t.value >= ? AND t.value < ? AND t.kind = ?)"
            )
            digits = self.account.removeprefix(ACCOUNT_PREFIX)
            values += [bytes.fromhex(f"{digits:0<32}"), bytes.fromhex(f"{digits:f<32}") + b"\0", ACCOUNT]
        if self.events is not None:
            words.append("e.sequence IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(self.events))
        return " AND ".join(words) or "1", values
