"""A stretch of a body that lies in a file: read where it is asked for, never copied as a whole."""

from __future__ import annotations

from hashlib import sha256
from typing import Protocol, SupportsIndex, overload, runtime_checkable


class Bytes(Protocol):
    """What readers need of a body: a `bytes`, an `mmap` or a `Mapped`."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, place: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, place: slice, /) -> bytes: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def find(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...
    def rfind(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...


@runtime_checkable
class Hashed(Protocol):
    """A body that hashes itself as it is read."""

    def sha256(self) -> bytes: ...


def digest_of(body: Bytes) -> bytes:
    """Return the SHA-256 of a body."""
    return body.sha256() if isinstance(body, Hashed) else sha256(body).digest()


class Mapped:
    """Bytes of `data` from `start` to `end`; slices are copies, as they are of `bytes`."""

    def __init__(self, data: Bytes, start: int = 0, end: int | None = None) -> None:
        self._data = data
        self._start = start
        self._end = len(data) if end is None else end

    def __len__(self) -> int:
        return self._end - self._start

    @overload
    def __getitem__(self, place: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, place: slice, /) -> bytes: ...
    def __getitem__(self, place: SupportsIndex | slice, /) -> int | bytes:
        if isinstance(place, slice):
            start, end, _ = place.indices(len(self))
            return self._data[self._start + start : self._start + max(start, end)]
        return self._data[self._start + int(place)]

    def __buffer__(self, _flags: int, /) -> memoryview:
        return memoryview(self._data)[self._start : self._end]

    def __contains__(self, sub: bytes) -> bool:
        return self.find(sub) >= 0

    def find(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        found = self._data.find(sub, self._start + start, self._until(end))
        return found if found < 0 else found - self._start

    def rfind(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        found = self._data.rfind(sub, self._start + start, self._until(end))
        return found if found < 0 else found - self._start

    def longer(self, most: int) -> bool:
        """Tell whether it has more than so many bytes."""
        return len(self) > most

    def startswith(self, prefix: bytes, at: int = 0, /) -> bool:
        return self[at : at + len(prefix)] == prefix

    def inside(self, start: int, end: int) -> Mapped:
        """Return a stretch of this one."""
        return Mapped(self._data, self._start + start, min(self._end, self._start + end))

    def _until(self, end: int | None) -> int:
        return self._end if end is None else min(self._end, self._start + end)
