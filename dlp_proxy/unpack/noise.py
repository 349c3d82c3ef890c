"""Where noise shows something: one look at all bytes, by arithmetic on many of them at a time.

Each byte becomes a set of bits, one for each class that it is of. Runs of a class are what is left when the sets are
cut with themselves a few places further on; so all classes are looked for in the same few passes, and what a pass makes
stays in the processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

type Places = npt.NDArray[np.int64]
type _Bits = npt.NDArray[np.uint8]

PRINTABLE: Final = bytes(range(32, 127)) + b"\t"
_STRIDE: Final = 128 * 1024
"""Bytes that are looked at together: what is made of them fits the cache, and is not worth a call of the kernel."""
_AHEAD: Final = 16
"""Bytes of the next stride that show what begins in this one."""

# Classes of a byte by itself; four places higher, of one that stands before another. Cut, the two tell pairs.
_PLAIN, _TRAIL, _GB = 1, 2, 4
_HIGHER: Final = 4
_NUL_BEFORE, _LEAD_BEFORE, _COMMON_BEFORE = _PLAIN, _TRAIL, _GB
_LOW_HALVES: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES: Final = 0x0101010101010101


def _sets() -> bytes:
    """Return a table for `bytes.translate` that makes each byte the set of its classes."""
    table = bytearray(256)
    for bit, members in {
        _PLAIN: PRINTABLE,
        _TRAIL: range(0x80, 0xC0),
        _GB: range(0xA1, 0xFF),
        _NUL_BEFORE << _HIGHER: (0,),
        _LEAD_BEFORE << _HIGHER: range(0xE4, 0xEA),
        _COMMON_BEFORE << _HIGHER: range(0xB0, 0xD8),
    }.items():
        for member in members:
            table[member] |= bit
    return bytes(table)


_SETS: Final = _sets()


@dataclass(frozen=True, slots=True)
class Sights:
    """What was seen, by offsets.

    Attributes:
        plain: starts and ends, in turn, of runs of six and more printable characters of ASCII.
        double: starts and ends of runs of eight and more bytes of GB 18030's pairs.
        common: where three of GB 2312's common characters stand side by side.
        triple: where two characters of three bytes in UTF-8, as Chinese ones are, stand side by side.
        wide: three printable characters of ASCII stand side by side, two bytes each.
        wider: the same, four bytes each.
    """

    plain: Places
    double: Places
    common: Places
    triple: Places
    wide: bool
    wider: bool


def sights(data: bytes) -> Sights:
    """Look at all of `data`."""
    plain, double = _Edges(_PLAIN), _Edges(_GB)
    common: list[Places] = []
    triple: list[Places] = []
    wide = wider = np.uint64(0)
    for start in range(0, len(data), _STRIDE):
        piece = data[start : start + _STRIDE + _AHEAD]
        # Behind the last byte stands nothing of any class: so every run has an end.
        piece += b"\x01" * (_STRIDE + _AHEAD - len(piece))
        alone: _Bits = np.frombuffer(piece.translate(_SETS), np.uint8)
        before: _Bits = ((alone.view(np.uint64) >> _HIGHER) & _LOW_HALVES).view(np.uint8)
        two: _Bits = alone[:-1] & alone[1:]
        four: _Bits = two[:-2] & two[2:]
        six: _Bits = four[:-2] & two[4:]
        eight: _Bits = four[:-4] & four[4:]
        plain.add(start, six)
        double.add(start, eight)
        pairs = before[:-1] & alone[1:]
        three = pairs[:-4] & pairs[2:-2] & pairs[4:]
        common.append(_places(start, three, _COMMON_BEFORE))
        wide |= np.bitwise_or.reduce(_words(three))
        wider |= np.bitwise_or.reduce(_words(pairs[:-8] & pairs[4:-4] & pairs[8:]))
        character = pairs[:-1] & alone[2:]
        triple.append(_places(start, character[:-3] & character[3:], _LEAD_BEFORE))
    nul = np.uint64(_NUL_BEFORE * _ONES)
    return Sights(
        plain.places(), double.places(), _joined(common), _joined(triple), bool(wide & nul), bool(wider & nul)
    )


class _Edges:
    """Where runs begin and end, over the strides."""

    def __init__(self, bit: int) -> None:
        self._bit = bit
        self._reach = 6 if bit == _PLAIN else 8
        self._found: list[Places] = []
        self._inside = False

    def add(self, start: int, sets: _Bits) -> None:
        """Take a stride: a set that has the bit says that a run goes on from there for so long."""
        bits = np.empty(_STRIDE + 1, np.uint8)
        bits[0] = self._bit if self._inside else 0
        np.bitwise_and(sets[:_STRIDE], self._bit, out=bits[1:])
        self._found.append(_nonzero(bits[1:] ^ bits[:-1]) + start)
        self._inside = bool(bits[-1])

    def places(self) -> Places:
        found = _joined(self._found)
        found[1::2] += self._reach - 1  # the last byte that begins so many is so far before the end of the run
        return found


def _words(sets: _Bits) -> npt.NDArray[np.uint64]:
    """Return the sets of a stride, eight in a word."""
    return sets[:_STRIDE].view(np.uint64)


def _nonzero(sets: _Bits) -> Places:
    """Return the places of what is not empty; most is."""
    words = (_words(sets) != 0).nonzero()[0]
    among = sets[:_STRIDE].reshape(-1, 8)[words].ravel().nonzero()[0]
    places: Places = words[among >> 3] * 8 + (among & 7)
    return places


def _places(start: int, sets: _Bits, bit: int) -> Places:
    return _nonzero(sets[:_STRIDE] & np.uint8(bit)) + start


def _joined(some: list[Places]) -> Places:
    return np.concatenate(some) if some else np.empty(0, np.int64)
