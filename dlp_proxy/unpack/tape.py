"""Bytes that are read once, from the first to the last: of a stretch of a file, of what a stream unpacks to."""

from __future__ import annotations

import codecs
from collections import deque
from typing import Final, Protocol

from dlp_proxy.unpack.mapped import Mapped

_PIECE: Final = 1 << 20


class Tape(Protocol):
    """A source that is read once."""

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes; fewer at the end only, none after it.

        Raises:
            Exhausted: a limit was reached.
        """


class Played:
    """A stretch of a file, from `at` on.

    Attributes:
        at: the next byte's offset.
    """

    def __init__(self, data: Mapped, at: int = 0) -> None:
        self._data = data
        self.at = at

    def read(self, count: int) -> bytes:
        piece = self._data[self.at : self.at + count]
        self.at += len(piece)
        return piece


class Bounded:
    """The next `size` bytes of another tape: one file of an archive."""

    def __init__(self, tape: Tape, size: int) -> None:
        self._tape = tape
        self._left = size

    def read(self, count: int) -> bytes:
        piece = self._tape.read(min(count, self._left))
        self._left -= len(piece)
        return piece

    def skip(self) -> bool:
        """Go to its end. Return whether the other tape ended before."""
        while self.read(_PIECE):
            pass
        return self._left > 0


class Waiting:
    """Bytes that are there and were not asked for yet; taking few of many costs few."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = deque(pieces)
        self._at = 0
        self._size = sum(map(len, pieces))

    def __len__(self) -> int:
        return self._size

    def add(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes, or what there is."""
        taken: list[bytes] = []
        while count and self._size:
            piece = self._pieces[0][self._at : self._at + count]
            taken.append(piece)
            count -= len(piece)
            self._size -= len(piece)
            self._at += len(piece)
            if self._at == len(self._pieces[0]):
                self._pieces.popleft()
                self._at = 0
        return taken[0] if len(taken) == 1 else b"".join(taken)


class Rewound:
    """A tape of which `head` was read already and is given again."""

    def __init__(self, head: bytes, tape: Tape) -> None:
        self._head = Waiting(head)
        self._tape = tape

    def read(self, count: int) -> bytes:
        piece = self._head.take(count)
        return piece + self._tape.read(count - len(piece)) if len(piece) < count else piece


class AsUtf8:
    """A text in a wide charset, as UTF-8."""

    def __init__(self, tape: Tape, charset: str) -> None:
        self._tape = tape
        self._decoder = codecs.getincrementaldecoder(charset)("replace")
        self._made = Waiting()
        self._first = True

    def read(self, count: int) -> bytes:
        while len(self._made) < count:
            piece = self._tape.read(_PIECE)
            text = self._decoder.decode(piece, final=not piece)
            if self._first:
                text, self._first = text.removeprefix("\ufeff"), False
            self._made.add(text.encode(errors="replace"))
            if not piece:
                break
        return self._made.take(count)
