"""A body that is looked at while it comes in: whoever asks for bytes that are not there yet waits for them.

How far it is, the file's own size says; that the sender went away, that it has no name any more. So the proxy need not
talk to the inspector. What waits too long gives up: an inspector is not to stand by for a slow sender.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import time
from typing import Final, NoReturn, SupportsIndex, overload

WAIT_SECONDS: Final = 60.0
"""What all waiting for one body may come to."""
_PIECE: Final = 1024 * 1024
_LOOK_SECONDS: Final = 0.001
_LOOK_LESS_OFTEN: Final = 0.02


class GivenUpError(Exception):
    """The body will not come whole, or comes too slowly to be waited for."""


class Growing:
    """A body as `Mapped` takes it, of which the end is still on its way.

    Args:
        descriptor: the open file; it must stay open.
        size: bytes that the body will have. A file that ends before never reads as shorter: it is waited for.
    """

    def __init__(self, descriptor: int, size: int, wait_seconds: float = WAIT_SECONDS) -> None:
        self._descriptor = descriptor
        self._size = size
        self._there = 0
        self._patience = wait_seconds
        self._given_up = ""
        self._map: mmap.mmap | None = None
        self._hash = hashlib.sha256()
        self._hashed = 0

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, place: slice, /) -> bytes: ...
    def __getitem__(self, place: SupportsIndex | slice, /) -> int | bytes:
        if isinstance(place, slice):
            start, end, _ = place.indices(self._size)
            return self._read(start, max(start, end))
        at = int(place)
        return self._read(at, at + 1)[0]

    def __buffer__(self, _flags: int, /) -> memoryview:
        return memoryview(self._mapped(self._size))

    def find(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        """Return the first place: as soon as it is there, without waiting for what comes behind it."""
        last = self._size if end is None else min(end, self._size)
        while True:
            there = min(last, max(self._there, start))
            found = self._mapped(there).find(sub, start, there) if there else -1
            if found >= 0 or there == last:
                return found
            start = max(start, there - len(sub) + 1)
            self._wait(there + 1)

    def rfind(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        last = self._size if end is None else min(end, self._size)
        return self._mapped(last).rfind(sub, start, last) if last else -1

    def finish(self) -> None:
        """Wait for the last byte: what was seen of a body that never ends is worth nothing.

        Raises:
            GivenUpError: it will not come, or some reader was told so and may have made a gap of it.
        """
        if self._given_up:
            raise GivenUpError(self._given_up)
        self._wait(self._size)

    def sha256(self) -> bytes:
        """Return the digest of all of it. What was read in order was hashed then, and the rest is now."""
        while self._hashed < self._size:
            self._read(self._hashed, min(self._hashed + _PIECE, self._size))
        return self._hash.digest()

    def _read(self, start: int, end: int) -> bytes:
        self._wait(end)
        pieces: list[bytes] = []
        at = start
        while at < end and (piece := os.pread(self._descriptor, end - at, at)):
            pieces.append(piece)
            at += len(piece)
        whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if start <= self._hashed < at:
            self._hash.update(memoryview(whole)[self._hashed - start :])
            self._hashed = at
        return whole

    def _mapped(self, end: int) -> mmap.mmap:
        self._wait(end)
        if self._map is None or len(self._map) < end:
            # What is there by now, so that a search does not map it anew for every piece.
            self._map = mmap.mmap(self._descriptor, self._there, access=mmap.ACCESS_READ)
        return self._map

    def _give_up(self, why: str) -> NoReturn:
        self._given_up = why
        raise GivenUpError(why)

    def _wait(self, end: int) -> None:
        """Wait until the first `end` bytes are there.

        Raises:
            GivenUpError: they will not come, or not soon enough.
        """
        pause = _LOOK_SECONDS
        while self._there < self._size:
            file = os.fstat(self._descriptor)
            self._there = min(file.st_size, self._size)
            if not file.st_nlink:
                self._give_up("the sender went away")
            if self._there >= end:
                return
            if self._patience <= 0:
                self._give_up("the body comes too slowly")
            time.sleep(pause)
            self._patience -= pause
            pause = min(2 * pause, _LOOK_LESS_OFTEN)
