"""Named hours of the week, in the time zone that they are written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = 24 * 60
_HOURS: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


class Stretch(NamedTuple):
    """Minutes since midnight, local time. `end` is not in it; an end before the begin lies on the next day."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Stretches of some days of the week (Monday is 0), in one time zone of the IANA database."""

    zone: ZoneInfo
    days: frozenset[int]
    stretches: tuple[Stretch, ...]

    def covers(self, moment: float) -> bool:
        """Tell whether `moment` (seconds since the epoch) lies in it. Night hours belong to the day they begin on."""
        local = datetime.fromtimestamp(moment, self.zone)
        today, minute = local.weekday(), local.hour * 60 + local.minute
        for begin, end in self.stretches:
            if begin < end:
                if today in self.days and begin <= minute < end:
                    return True
            elif (today in self.days and minute >= begin) or ((today - 1) % 7 in self.days and minute < end):
                return True
        return False


def schedule_of(zone: str, days: Iterable[str], hours: Iterable[str]) -> Schedule:
    """Return a schedule of checked words; every day, and the whole day, where nothing is said."""
    stretches = tuple(stretch_of(each) for each in hours) or (Stretch(0, _DAY),)
    return Schedule(ZoneInfo(zone), frozenset(DAYS.index(day) for day in days or DAYS), stretches)


def stretch_of(text: str) -> Stretch:
    """Return ``08:00-20:00`` as minutes.

    Raises:
        ValueError: it is not written so, or it is empty.
    """
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    begin, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if begin >= _DAY or end > _DAY or begin == end:
        raise ValueError(text)
    return Stretch(begin, end)


def moment_of(text: str) -> float:
    """Return ``2026-11-24 22:30 Asia/Shanghai`` as seconds since the epoch.

    Raises:
        ValueError: it is not written so, or there is no such day, hour or time zone.
    """
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) (\S+)", text, re.ASCII)
    if found is None:
        raise ValueError(text)
    try:
        zone = ZoneInfo(found[3])
    except (KeyError, OSError) as error:
        raise ValueError(text) from error
    return datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=zone).timestamp()
