"""How ARJ packs: LZ77 with Huffman codes by block as LHA has them, or, the fastest, with codes that grow by a bit.

Sources: *ar002* (H. Okumura), from which both programs come; `decode` and `decode_f` of unarj 2.65 (R. Jung).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

_SHORTEST: Final = 3
_LITERALS: Final = 256
_CODES_WIDTH: Final = 9
_WIDTHS: Final = (19, 5, 3)
"""Of the table of the widths of codes: entries, bits of their number, and the entry behind which some are left out."""
_DISTANCES: Final = (17, 5, -1)
_LENGTH: Final = (0, 7)
_DISTANCE: Final = (9, 13)
"""Bits of the shortest and of the longest code of the fastest method."""
_WIDEST: Final = 16
_OFTEN: Final = 64 * 1024
"""Bytes made after which the time is asked for."""

type _Table = tuple[int, list[tuple[int, int]]]
"""The bits of the longest code, and for each number of so many bits the value it begins with and the bits of that."""


class _Broken(Exception):  # noqa: N818 - the end of what can be read
    """The stream goes on with what means nothing."""


class _Bits:
    """Bits, the highest of each byte first; zeros for a few behind the end, and then no more."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._held, self._count = data + bytes(4), 0, 0, 0

    def peek(self, count: int) -> int:
        while self._count < count:
            if self._at >= len(self._data):
                raise _Broken
            self._held = (self._held & 0xFFFFFF) << 8 | self._data[self._at]
            self._at += 1
            self._count += 8
        return self._held >> (self._count - count) & ((1 << count) - 1)

    def take(self, count: int) -> int:
        value = self.peek(count)
        self._count -= count
        return value

    def decode(self, table: _Table) -> int:
        value, width = table[1][self.peek(table[0])]
        self._count -= width
        return value

    def growing(self, widths: tuple[int, int]) -> int:
        """Return a number: a one for each bit that it is longer than the shortest, a zero, its bits."""
        width, most = widths
        base = 0
        while width < most and self.take(1):
            base += 1 << width
            width += 1
        return base + self.take(width)


def unpacked(data: bytes, size: int, hurry: Callable[[], None], *, fastest: bool) -> bytes:
    """Return what was packed, up to `size` bytes; of a broken stream what comes before the damage.

    Raises:
        Exhausted: `hurry` does, which is asked now and then.
    """
    out = bytearray()
    bits = _Bits(data)
    next_one = _Growing(bits) if fastest else _Blocks(bits)
    asked = 0
    try:
        while len(out) < size:
            if len(out) > asked:
                hurry()
                asked = len(out) + _OFTEN
            length, value = next_one()
            if not length:
                out.append(value)
                continue
            start = len(out) - value
            if start < 0:
                break
            out += out[start : start + length] if value >= length else (out[start:] * length)[:length]
    except _Broken:
        pass
    return bytes(out[:size])


class _Growing:
    """What the fastest method wrote: a literal after length 0, else a length and how far back it begins."""

    def __init__(self, bits: _Bits) -> None:
        self._bits = bits

    def __call__(self) -> tuple[int, int]:
        length = self._bits.growing(_LENGTH)
        if not length:
            return 0, self._bits.take(8)
        return length + _SHORTEST - 1, self._bits.growing(_DISTANCE) + 1


class _Blocks:
    """What the other methods wrote, the same way, in blocks of codes."""

    def __init__(self, bits: _Bits) -> None:
        self._bits = bits
        self._left = 0
        self._codes = self._distances = _always(0)

    def __call__(self) -> tuple[int, int]:
        if not self._left:
            self._left = self._bits.take(16)
            self._codes = self._read_codes(self._read(*_WIDTHS))
            self._distances = self._read(*_DISTANCES)
            if not self._left:
                raise _Broken
        self._left -= 1
        code = self._bits.decode(self._codes)
        if code < _LITERALS:
            return 0, code
        back = self._bits.decode(self._distances)
        distance = (1 << back - 1) + self._bits.take(back - 1) if back else 0
        return code - _LITERALS + _SHORTEST, distance + 1

    def _read(self, most: int, width: int, gap: int) -> _Table:
        """Read a table whose widths stand in three bits each, longer ones with a one for each more."""
        count = self._bits.take(width)
        if not count:
            return _always(self._bits.take(width))
        widths: list[int] = []
        while len(widths) < min(count, most):
            one = self._bits.take(3)
            while one >= 7 and self._bits.take(1):
                one += 1
            widths.append(one)
            if len(widths) == gap:
                widths += [0] * self._bits.take(2)
        return _table(widths)

    def _read_codes(self, table: _Table) -> _Table:
        """Read the table of literals and lengths, whose widths are written by another."""
        count = self._bits.take(_CODES_WIDTH)
        if not count:
            return _always(self._bits.take(_CODES_WIDTH))
        widths: list[int] = []
        while len(widths) < count:
            one = self._bits.decode(table)
            if one > 2:
                widths.append(one - 2)
            else:
                widths += [0] * (1, 3, 20)[one]
                widths += [0] * (self._bits.take((0, 4, _CODES_WIDTH)[one]) if one else 0)
        return _table(widths)


def _always(value: int) -> _Table:
    """Return the table of one value, which takes no bits."""
    return 0, [(value, 0)]


def _table(widths: Sequence[int]) -> _Table:
    """Return the table of canonical codes: the shorter first, of one width in the order of their values.

    Raises:
        _Broken: they are more or fewer than there can be.
    """
    widest = max(widths)
    if not 0 < widest <= _WIDEST:
        raise _Broken
    found: list[tuple[int, int]] = []
    for width in range(1, widest + 1):
        for value in (value for value, one in enumerate(widths) if one == width):
            found += [(value, width)] * (1 << widest - width)
    if len(found) != 1 << widest:
        raise _Broken
    return widest, found
