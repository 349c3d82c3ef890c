"""Tables of databases as parts: their columns have names, and their cells are values, not texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.leaf import Aside, leaf
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.sheet import Sheet

_ROW: Final = 32
"""Bytes that a row is counted as beside its text: a table of nothing costs memory, too."""


class Rows(Sheet):
    """Rows below columns that are known by name."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(())
        if any(columns):
            self.columns = tuple(map(whole, columns))
            self._line("\t".join([self._cell(name, 0) for name in self.columns]))

    def add(self, number: int, cells: list[str]) -> int:
        """Write one row; return how long it is."""
        at = self._at
        self._write(((number, cells),))
        return self._at - at


def table(
    content: Content, columns: Sequence[str], rows: Iterable[Sequence[object]], meter: Meter
) -> Iterator[Part | Content]:
    """Yield a table, then the bytes in it that are no text: `content` says where it is, `meter` what it may take.

    Raises:
        Exhausted: there is more than may be laid out; the rows up to there were yielded.
    """
    out, aside = Rows(columns), Aside()
    reached: Exhausted | None = None
    try:
        for number, row in enumerate(rows, 1):
            size = out.add(number, [leaf(value, aside) for value in row]) + _ROW
            reached = _limit(number, size, meter)
            if reached:
                break
            meter.charge(size)
    except Exhausted as limit:
        reached = limit
    if out.units:
        yield from out.parts(content.location)
    yield from aside.contents(content)
    if reached:
        raise reached


def _limit(number: int, size: int, meter: Meter) -> Exhausted | None:
    if number > meter.budget.limits.values:
        return Exhausted("too-large", "a table with more rows than are laid out", whole=False)
    return meter.overrun() if size > meter.room else None
