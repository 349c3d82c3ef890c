"""A stretch of text that writes bytes, and which of its characters write which byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, overload

from dlp_proxy.encodings import readable

MAGIC: Final = (b"\x1f\x8b\x08", b"PK\x03\x04", b"%PDF-", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"SQLite format 3\0",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\0", b"PAR1", b"Obj\x01",
    b"\x04\x22\x4d\x18", b"LZIP\x01", b"\x5d\0\0", b"\xff\x06\0\0sNaPpY", b"\x89LZO\0\r\n\x1a\n")  # fmt: skip
"""How documents and archives begin that can carry records. Sound, fonts and programs are not among them."""

PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xdb", b"GIF8",
    b"RIFF")  # fmt: skip
"""How pictures begin; only who can look at them needs to open them."""


@dataclass(frozen=True)
class Run:
    """An encoded stretch.

    Attributes:
        start: its first character.
        end: one past its last.
        data: the bytes it writes.
        bits: bits that each of its signs gives.
        starts: where each sign begins.
        ends: where each sign ends.
    """

    start: int
    end: int
    data: bytes
    bits: int
    starts: Sequence[int]
    ends: Sequence[int]

    @cached_property
    def reading(self) -> tuple[str, str] | None:
        """The text that the bytes are, and its charset; None when they are none."""
        return readable.decode(self.data)

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return the characters that write the bytes from `first` up to `last`, one past the end."""
        return self.starts[first * 8 // self.bits], self.ends[(last * 8 - 1) // self.bits]

    def part(self, first: int, last: int) -> Run:
        """Return the run of some of the bytes alone."""
        start, end = self.place(first, last)
        # A sign may be shared with the byte before: each byte has the signs that hold any of it.
        return Run(start, end, self.data[first:last], 8, _OfBytes(self, first, 0), _OfBytes(self, first, 1))


class _OfBytes(Sequence[int]):
    """Where each byte of a run starts or ends, from one of its bytes on."""

    def __init__(self, whole: Run, first: int, side: int) -> None:
        self._whole, self._first, self._side = whole, first, side

    def __len__(self) -> int:
        return len(self._whole.data) - self._first

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> _OfBytes: ...

    def __getitem__(self, index: int | slice) -> int | _OfBytes:
        if isinstance(index, slice):
            return _OfBytes(self._whole, self._first + (index.start or 0), self._side)
        byte = self._first + index
        return self._whole.place(byte, byte + 1)[self._side]
