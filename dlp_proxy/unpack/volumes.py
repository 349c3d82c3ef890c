"""One packed file that was cut into several of a container: a.gz.001, .002; a.zip.aa, .ab; a.7z.part1, .part2.

They are told by their names, and side by side they begin as something packed: other files are called so too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dlp_proxy.encodings.run import MAGIC
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content

_NUMBERED: Final = re.compile(
    r"(?P<stem>.*?)(?:(?<![._ -])[._ -]*(?<![A-Za-z])(?:part|vol|chunk|piece|disk|seg)[._ -]?(?P<number>[0-9]{1,4})"
    r"|[._ -](?P<of>[0-9]{1,4})[._ -]?of[._ -]?[0-9]{1,4}|\.(?P<bare>[0-9]{2,4})|\.z(?P<zip>[0-9]{2,3}))"
    r"(?P<ending>\.[A-Za-z][A-Za-z0-9]{0,7})?",
    re.IGNORECASE | re.DOTALL,
)
_LETTERED: Final = re.compile(r"(?P<stem>x|.*[._-])(?P<letters>a[a-z]{1,2})", re.DOTALL)
"""As `split` names what it makes: xaa, xab, orders.gz.aa."""
_LAST: Final = re.compile(r"(?P<stem>.*)\.zip", re.IGNORECASE | re.DOTALL)
"""The last volume of a zip: those before it end in .z01, .z02."""
_LONGEST_NAME: Final = 255
_LETTERS: Final = 26


def joined(items: Iterable[Part | Gap | Content], budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield `items`, and instead of those that are the volumes of one packed file that file, behind all others."""
    held: dict[tuple[str, str], dict[int, Content]] = {}
    last: dict[str, Content] = {}
    reached: Exhausted | None = None
    try:
        for item in items:
            if not isinstance(item, Content) or not 0 < len(item.name) <= _LONGEST_NAME:
                yield item
                continue
            key, number = _volume(item.name)
            if key is not None and number not in held.get(key, ()):
                held.setdefault(key, {})[number] = item
            elif (end := _LAST.fullmatch(item.name)) is not None and (end["stem"], "") in held:
                last[end["stem"]] = item
            else:
                yield item
    except Exhausted as limit:  # what was unpacked up to there is still read
        reached = limit
    for key, volumes in held.items():
        yield from _whole(key[0] + key[1], volumes, last.pop(key[0], None) if not key[1] else None, budget)
    yield from last.values()
    if reached:
        raise reached


def _whole(name: str, volumes: dict[int, Content], end: Content | None, budget: Budget) -> Iterator[Content]:
    """Yield what volumes are side by side when that is something packed, else each of them."""
    some = [volumes[number] for number in sorted(volumes)] + ([end] if end else [])
    first = min(volumes)
    follow = first in {0, 1} and max(volumes) - first == len(volumes) - 1
    if len(some) < 2 or not follow or not some[0].data.startswith(MAGIC) or _each_is_one(some):
        yield from some
        return
    size = sum(len(one.data) for one in some)
    meter = budget.meter(size)
    if size > meter.room:
        yield from some
        raise meter.overrun()
    meter.charge(size)
    where = some[0].location
    yield Content(b"".join(one.data for one in some), where / f"{len(some)} volumes as one file", name)


def _each_is_one(some: list[Content]) -> bool:
    """Tell whether each begins like the first: files of their own, or volumes that say so themselves, as RAR's do."""
    magic = next(one for one in MAGIC if some[0].data.startswith(one))
    return all(one.data.startswith(magic) for one in some)


def _volume(name: str) -> tuple[tuple[str, str] | None, int]:
    """Return what the volumes of one file have in common by their names, and the number of this one."""
    if (found := _NUMBERED.fullmatch(name)) is not None:
        number = found["number"] or found["of"] or found["bare"] or found["zip"]
        return (found["stem"], found["ending"] or ""), int(number)
    if (found := _LETTERED.fullmatch(name)) is not None:
        number = 0
        for letter in found["letters"]:
            number = number * _LETTERS + ord(letter) - ord("a")
        return (found["stem"], f".{'a' * len(found['letters'])}"), number
    return None, 0
