"""Messages of protobuf without their schema: fields by number, what is in them by guess.

Source: protobuf.dev, *Encoding*. A field with a length may be a text, a message, numbers or bytes; its bytes tell.
"""

from __future__ import annotations

import re
import struct
from typing import Any, Final

from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Meter
from dlp_proxy.unpack.document import NODE, Pairs
from dlp_proxy.unpack.leaf import number, short_text

_NUMBER_AT_MOST: Final = 1 << 29
_EXACT: Final = 1 << 53
_TELLING: Final = 1_000_000
_DEPTH: Final = 64
_PACKED_AT_MOST: Final = 1 << 20

_ENTRY: Final = ["field 1", "field 2"]
_ENTRIES: Final = 64
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")

type Fields = list[tuple[int, int, int, int]]
"""Number, wire type, start and end of each value."""


class Walk:
    """Reads messages out of `data`.

    Attributes:
        letters: bytes of all texts that were found; a sign that this is a message at all.
        numbers: telling numbers that were found: seven digits or more.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self.letters = 0
        self.numbers = 0
        self._data = data
        self._meter = meter

    def message(self, start: int, end: int, depth: int = 0) -> Pairs | None:
        """Return the message that fills the stretch exactly, None when it is none.

        Raises:
            Exhausted: it is larger than may be laid out.
        """
        fields = self.fields(start, end)
        if fields is None or depth > min(_DEPTH, tree.NESTING):
            return None
        pairs = Pairs()
        rows: dict[str, list[Any]] = {}
        for place, wire, begin, stop in fields:
            name = f"field {place}"
            value = self._value(wire, begin, stop, depth)
            if isinstance(value, Pairs):
                if name not in rows:
                    rows[name] = []
                    pairs.append((name, rows[name]))
                rows[name].append(value)
            else:
                pairs.append((name, value))
        single: dict[str, Any] = {}
        for name, some in rows.items():
            if (entries := _as_map(some)) or len(some) == 1:
                single[name] = entries or some[0]
        return Pairs([(name, single.get(name, value) if value is rows.get(name) else value) for name, value in pairs])

    def fields(self, at: int, end: int) -> Fields | None:
        """Return the fields of a stretch; None when it is no message."""
        found: Fields = []
        groups: list[int] = []
        while at < end:
            tag, at = self.varint(at, end)
            place, wire = tag >> 3, tag & 7
            if at < 0 or not 0 < place < _NUMBER_AT_MOST:
                return None
            start = at
            if wire == 0:
                _, at = self.varint(at, end)
            elif wire == 1:
                at += 8
            elif wire == 2:
                size, start = self.varint(at, end)
                at = start + size if start >= 0 else -1
            elif wire == 5:
                at += 4
            elif wire == 3:
                groups.append(place)
                continue
            elif wire == 4 and groups and groups.pop() == place:
                continue
            else:
                return None
            if at < 0 or at > end:
                return None
            if not self._meter.room:
                raise self._meter.overrun()
            self._meter.charge(2 * NODE)
            found.append((place, wire, start, at))
        return None if groups else found

    def varint(self, at: int, end: int) -> tuple[int, int]:
        """Return a number and where it ends, or -1 when there is none."""
        value = shift = 0
        data = self._data
        while at < end and shift < 70:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, at
            shift += 7
        return 0, -1

    def _value(self, wire: int, start: int, end: int, depth: int) -> Any:  # noqa: ANN401 - any value
        if wire == 0:
            value, _ = self.varint(start, end)
            self.numbers += value >= _TELLING
            return value - (1 << 64) if value >> 63 else value
        raw = self._data[start:end]
        if wire == 1:
            whole = int.from_bytes(raw, "little", signed=True)
            self.numbers += _TELLING <= whole < _EXACT
            return whole if abs(whole) < _EXACT else number(struct.unpack("<d", raw)[0])
        if wire == 5:
            return int.from_bytes(raw, "little", signed=True)
        return self._sized(raw, start, end, depth)

    def _sized(self, raw: bytes, start: int, end: int, depth: int) -> Any:  # noqa: ANN401 - any value
        text = _plain(raw)
        if text is None and start < end:
            message = self.message(start, end, depth + 1)
            if message is not None:
                return message
            text = short_text(raw) if len(raw) < _PACKED_AT_MOST else None
        if text is not None:
            self.letters += len(raw)
            return text
        return self._packed(start, end) or raw

    def _packed(self, at: int, end: int) -> list[int]:
        """Return packed numbers, when one at least is long enough to tell something."""
        values: list[int] = []
        if end - at > _PACKED_AT_MOST:
            return []
        while at < end:
            value, at = self.varint(at, end)
            if at < 0 or value >= _EXACT:
                return []
            values.append(value)
        telling = sum(value >= _TELLING for value in values)
        self.numbers += telling
        return values if telling * 2 >= len(values) else []


def _plain(raw: bytes) -> str | None:
    """Return a text without any control character; a message has some, its tags and lengths."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _as_map(entries: list[Any]) -> Pairs | None:
    """Return messages of a key and its value as what they are on the wire: one map (*Encoding*, maps).

    A value that is alone in its message is that value (`google.protobuf.Value`).
    """
    if len(entries) > _ENTRIES:
        return None
    found = Pairs()
    for entry in entries:
        if [name for name, _ in entry] != _ENTRY or not isinstance(entry[0][1], str) or not _KEY.fullmatch(entry[0][1]):
            return None
        value = entry[1][1]
        found.append((entry[0][1], value[0][1] if isinstance(value, Pairs) and len(value) == 1 else value))
    return found if len(dict(found)) == len(found) else None
