"""Which uploads leave a light record although nothing was found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.settings import Settings


@dataclass(frozen=True, slots=True)
class LightRecords:
    """Attributes.

    everybody: of every upload; else only of those by people in `groups`, users or groups by name.
    """

    everybody: bool = False
    groups: frozenset[str] = frozenset()

    def wanted(self, message: Message, inspection: Inspection) -> bool:
        """Tell whether an upload is one that is kept: a request with a body, by one of these people.

        Of conversations only messages in which something was found leave an event: a socket that is open all day
        would be all of the store.
        """
        if message.channel != "http" or not inspection.bytes:
            return False
        who = message.principal
        return self.everybody or who.user.casefold() in self.groups or not self.groups.isdisjoint(who.groups)


NO_LIGHT_RECORDS: Final = LightRecords()


def light_records(settings: Settings) -> LightRecords:
    if settings.light_records == "off":
        return NO_LIGHT_RECORDS
    if settings.light_records == "all":
        return LightRecords(everybody=True)
    return LightRecords(groups=frozenset(settings.flagged) | {one.casefold() for one in settings.flagged})
