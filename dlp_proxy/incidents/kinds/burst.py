"""What the proxy stopped, asked about, redacted or logged, as its block pages have it: one person, one rule, a day."""

from __future__ import annotations

from dlp_proxy.incidents.grouped import Draft, People
from dlp_proxy.incidents.transfers import Transfer


class Burst:
    """Takes the incident that the store gave each event when it was recorded."""

    def __init__(self, people: People) -> None:
        del people
        self._events: dict[str, list[Transfer]] = {}

    def see(self, one: Transfer) -> None:
        if one.incident:
            self._events.setdefault(one.incident, []).append(one)

    def found(self) -> list[Draft]:
        return [
            Draft(
                "burst",
                incident,
                (some[-1].user,),
                tuple(one.sequence for one in some),
                _because(some),
                some[-1].rule,
            )
            for incident, some in self._events.items()
        ]


def _because(some: list[Transfer]) -> str:
    rule = some[-1].rule or "of failures"
    if len(some) == 1:
        return f"one transfer under the rule {rule}; what the same person sends under it within 24 hours joins it"
    return f"{len(some)} transfers of one person under the rule {rule}, each within 24 hours of the one before"
