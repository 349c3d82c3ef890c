"""SPSS portable files (.por): a table in lines of 80 signs, texts behind their length, numbers in base 30.

Source: GNU PSPP, *PSPP Developers Guide*, appendix *Portable File Format*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.leaf import number
from dlp_proxy.unpack.rows import table

NAME: Final = "spss_portable"

_TAG: Final = b"SPSSPORT"
_TAG_AT: Final = 200 + 256
"""Behind five splashes of 40 signs and the table of signs."""
_LINE: Final = 80
_FILLED: Final = 4
"""How many times the size of a file its lines may be when they are filled up."""
_NUMBER: Final = re.compile(
    rb"\s*(?P<sign>-?)(?P<whole>[0-9A-T]{0,40})(?:\.(?P<part>[0-9A-T]{0,40}))?(?P<power>[+-][0-9A-T]{1,4})?/"
)
_UNSET: Final = re.compile(rb"\s*\*.")
_FARTHEST: Final = 200  # powers of thirty; a real number has no larger one
_LONGEST: Final = 32_767
_COLUMNS_AT_MOST: Final = 32_767


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    return _TAG in content.data[: _TAG_AT + 64] and _TAG in _joined(content.data[: 2 * _TAG_AT])[_TAG_AT:][: len(_TAG)]


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    if content.data.count(b"\n") * _LINE > _FILLED * len(content.data):
        raise Mismatch  # lines of nothing, each of which would become eighty spaces
    reader = _Reader(_joined(content.data), _TAG_AT + len(_TAG))
    try:
        columns = reader.columns()
    except _Broken:
        raise Mismatch from None
    yield from table(content, [name for name, _ in columns], reader.rows(columns), budget.meter(len(content.data)))
    if reader.labels:
        yield content.inside("\n".join(reader.labels).encode(), "labels")
    if not reader.ended:
        yield Gap("malformed", content.location, "an SPSS file that is cut or broken")
    elif rest := _behind(content.data, reader.at).lstrip(b"Z \r\n"):  # the sign of the end fills its line
        yield content.inside(rest, "after the cases")


def _joined(data: bytes) -> bytes:
    """Return the signs without the ends of lines, which may lack the spaces before them."""
    return b"".join([line.removesuffix(b"\r").ljust(_LINE) for line in data.split(b"\n")])


def _behind(data: bytes, at: int) -> bytes:
    """Return what stands from the sign on that is at `at` when the ends of lines are gone."""
    lines = data.split(b"\n")
    for place, line in enumerate(lines, 1):
        width = len(_joined(line))
        if at < width:
            return b"\n".join([line[at:], *lines[place:]])
        at -= width
    return b""


class _Reader:
    """Reads one record after the other.

    Attributes:
        at: the place of the sign that is read next.
        labels: what is written of variables and values.
        ended: the sign of the end was there.
    """

    def __init__(self, data: bytes, at: int) -> None:
        self.labels: list[str] = []
        self.ended = False
        self._data = data
        self.at = at

    def columns(self) -> list[tuple[str, int]]:
        """Return name and width of each variable, 0 for a number, up to where the cases begin.

        Raises:
            _Broken: something else stands there.
        """
        self.at += 1
        for _ in ("date", "time"):
            self._text()
        columns: list[tuple[str, int]] = []
        widths: dict[str, int] = {}
        while (tag := self._sign()) != b"F":
            if tag == b"7":
                width, name = self._whole(), self._text()
                for _ in range(6):
                    self._whole()
                columns.append((name, width))
                widths[name] = width
            else:
                self._beside(tag, columns[-1][1] if columns else 0, widths)
            if len(columns) > _COLUMNS_AT_MOST:
                raise _Broken
        if not columns:
            raise _Broken
        return columns

    def _beside(self, tag: bytes, width: int, widths: dict[str, int]) -> None:
        """Take a record that makes no variable: who wrote it, missing values, labels, notes."""
        if tag in {b"1", b"2", b"3", b"6"}:
            self._text()
        elif tag in {b"4", b"5"}:
            self._whole()
        elif tag in {b"8", b"9", b":", b";", b"B"}:
            for _ in range(1 + (tag == b"B")):
                self._value(width)
        elif tag == b"C":
            self.labels.append(self._text())
        elif tag == b"D":
            self._value_labels(widths)
        elif tag == b"E":
            self.labels += [self._text() for _ in range(self._count())]
        else:
            raise _Broken

    def _value_labels(self, widths: dict[str, int]) -> None:
        names = [self._text() for _ in range(self._count())]
        width = widths.get(names[0], 0) if names else 0
        for _ in range(self._count()):
            value = self._value(width)
            self.labels.append(f"{value} {self._text()}")

    def rows(self, columns: list[tuple[str, int]]) -> Iterator[list[str]]:
        try:
            while self._data[self.at : self.at + 1] != b"Z":
                yield [self._value(width) for _, width in columns]
        except _Broken:
            return
        self.ended = True

    def _sign(self) -> bytes:
        self.at += 1
        return self._data[self.at - 1 : self.at]

    def _value(self, width: int) -> str:
        return self._text() if width else self._number()

    def _number(self) -> str:
        if unset := _UNSET.match(self._data, self.at):
            self.at = unset.end()
            return ""
        found = _NUMBER.match(self._data, self.at)
        if found is None:
            raise _Broken
        self.at = found.end()
        part = found["part"] or b""
        power = int(found["power"] or b"0", 30) - len(part)
        digits = int(found["whole"] + part or b"0", 30)
        if abs(power) > _FARTHEST:
            raise _Broken
        value = digits * 30**power if power >= 0 else digits / 30**-power
        return ("-" if found["sign"] else "") + (str(value) if isinstance(value, int) else number(value))

    def _whole(self) -> int:
        value = self._number()
        if not value.isdecimal():
            raise _Broken
        return int(value)

    def _count(self) -> int:
        """Return how many things follow: each takes two signs."""
        count = self._whole()
        if count * 2 > len(self._data) - self.at:
            raise _Broken
        return count

    def _text(self) -> str:
        size = self._whole()
        raw = self._data[self.at : self.at + size]
        if size > _LONGEST or len(raw) < size:
            raise _Broken
        self.at += size
        return raw.decode(errors="replace").rstrip(" ")
