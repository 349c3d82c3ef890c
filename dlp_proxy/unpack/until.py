"""A part of a form whose end is looked for no further than it is asked for: the rest of it may still be on its way."""

from __future__ import annotations

from typing import SupportsIndex, overload

from dlp_proxy.unpack.formats.multipart import stops
from dlp_proxy.unpack.mapped import Mapped

_LINE = 1024
"""Bytes behind a boundary's first that tell whether it is one."""


class Until(Mapped):
    """Bytes of `data` from `start` to the next line of a form's boundary.

    Asking for its length looks for that line. A slice looks as far as it goes.
    """

    def __init__(self, data: Mapped, start: int, mark: bytes) -> None:
        super().__init__(data, start, start)
        self._of = data
        self._mark = mark
        self._seen = start
        self._stop: tuple[int, int, bool] | None = None
        self._whole = False

    def __len__(self) -> int:
        self._look(None)
        return super().__len__()

    @overload
    def __getitem__(self, place: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, place: slice, /) -> bytes: ...
    def __getitem__(self, place: SupportsIndex | slice, /) -> int | bytes:
        if not isinstance(place, slice) or place.stop is None or min(place.start or 0, place.stop) < 0:
            return super().__getitem__(place)
        self._look(place.stop)
        end = place.stop if not self._whole else min(place.stop, super().__len__())
        start = self._start + (place.start or 0)
        return self._of[start : max(start, self._start + end)]

    def __buffer__(self, flags: int, /) -> memoryview:
        self._look(None)
        return super().__buffer__(flags)

    def find(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        self._look(end)
        return super().find(sub, start, end)

    def rfind(self, sub: bytes, start: int = 0, end: int | None = None, /) -> int:
        self._look(end)
        return super().rfind(sub, start, end)

    def inside(self, start: int, end: int) -> Mapped:
        """Return a stretch of this one; from its end on backwards there is nothing new to look for."""
        self._look(end)
        return super().inside(start, end)

    def longer(self, most: int) -> bool:
        return len(self[most : most + 1]) > 0

    def after(self, start: int) -> Until:
        """Return the same part without its first bytes."""
        return Until(self._of, self._start + start, self._mark)

    @property
    def stop(self) -> tuple[int, int, bool] | None:
        """Return the line that ends it, as `stops` does; None where nothing ends it."""
        self._look(None)
        return self._stop

    def _look(self, end: int | None) -> None:
        """See whether it ends within its first `end` bytes."""
        if self._whole or (end is not None and self._start + end < self._seen):
            return
        last = len(self._of) if end is None else min(len(self._of), self._start + end + len(self._mark) + _LINE)
        begin = max(self._start, self._seen - len(self._mark) - _LINE)
        self._stop = next(stops(self._of, self._mark, begin, last), None)
        self._whole = self._stop is not None or last == len(self._of)
        self._end = self._stop[0] if self._stop else last
        self._seen = last
