"""NumPy arrays (.npy), of texts, numbers, bytes, records and objects.

Source: *NEP 1, A simple file format for NumPy arrays*, and the type strings of the array interface protocol, version 3.
"""

from __future__ import annotations

import ast
import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.rows import table
from dlp_proxy.unpack.written import Written

NAME: Final = "npy"

_MAGIC: Final = b"\x93NUMPY"
_HEADER_BYTES: Final = 64 * 1024
_TYPE: Final = re.compile(r"[<>|=]?(?P<kind>[USabiuf?O])(?P<size>[0-9]{0,6})")
_NUMBERS: Final = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q", "f4": "f",
                   "f8": "d", "b1": "?"}  # fmt: skip
_FEWEST_DIGITS: Final = 10_000_000
"""An array of nothing but smaller numbers names nobody: it is weights, prices or a picture."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one cell is: the letter of its kind, its bytes, their order (``<`` or ``>``)."""

    letter: str
    size: int
    order: str

    def value(self, raw: bytes) -> object:
        if self.letter == "U":
            return raw.decode("utf-32-be" if self.order == ">" else "utf-32-le", "replace").rstrip("\0")
        if self.letter == "S":
            return raw.rstrip(b"\0")
        return struct.unpack(self.order + _NUMBERS[f"{self.letter}{self.size}"], raw)[0]


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC) and len(content.data) > 16


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    header, start = _header(content.data)
    descr, shape = header.get("descr"), header.get("shape")
    if not isinstance(shape, tuple) or not all(isinstance(size, int) and size >= 0 for size in shape):
        raise Mismatch
    if isinstance(descr, str) and descr.endswith("O"):
        yield content.inside(content.data[start:], "objects")
        return
    names, kinds = _columns(descr)
    meter = budget.meter(len(content.data))
    if not kinds:
        yield Gap("unknown-format", content.location, "an array of a kind that is not read")
        yield from strings(content)
        return
    width = shape[-1] if len(shape) > 1 and len(kinds) == 1 else len(kinds)
    size = sum(kind.size for kind in kinds)
    whole = min(math.prod(shape), (len(content.data) - start) // size if size else 0)
    held = content.data[start : start + whole * size]
    if _says_something(held, kinds):
        by_column = header.get("fortran_order") is True and len(shape) == 2 and len(kinds) == 1
        rows = _by_column if by_column else _by_row
        yield from table(content, names, rows(content.data, start, kinds, whole, width), meter)
    is_text = [kind.letter in "SU" for kind in kinds] if len(kinds) > 1 else [_is_text(held, kinds[0])]
    if not any(is_text):  # numbers, or a file that somebody read as such
        written = Written(content)
        written.add("", held)
        yield from written.contents()
    if whole < math.prod(shape):
        yield Gap("malformed", content.location, "an array with fewer values than it says")
    if rest := content.data[start + whole * size :]:
        yield content.inside(rest, "after the array")


def _is_text(held: bytes, kind: _Kind) -> bool:
    """Tell whether an array of one kind is texts: of four bytes that are said to be a character not all are one."""
    if kind.letter != "U":
        return kind.letter == "S"
    try:
        held.decode("utf-32-be" if kind.order == ">" else "utf-32-le")
    except UnicodeDecodeError:
        return False
    return True


def _header(data: bytes) -> tuple[dict[str, Any], int]:
    """Return what the header says, and where the values begin.

    Raises:
        Mismatch: it is no header.
    """
    wide = data[6] > 1
    size = int.from_bytes(data[8 : 12 if wide else 10], "little")
    start = (12 if wide else 10) + size
    if size > _HEADER_BYTES or start > len(data):
        raise Mismatch
    try:
        said = ast.literal_eval(data[start - size : start].decode("utf-8").strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise Mismatch from None
    if not isinstance(said, dict):
        raise Mismatch
    return said, start


def _columns(descr: object) -> tuple[list[str], list[_Kind]]:
    """Return the names and kinds of a record's fields, of a plain array one kind; nothing of what is not known."""
    if isinstance(descr, str):
        kind = _kind(descr)
        return [], [kind] if kind else []
    names, kinds = [], []
    for field in descr if isinstance(descr, list) else ():
        kind = _kind(field[1]) if isinstance(field, tuple) and len(field) == 2 else None
        if kind is None:
            return [], []
        names.append(str(field[0]))
        kinds.append(kind)
    return names, kinds


def _kind(said: object) -> _Kind | None:
    match = _TYPE.fullmatch(said) if isinstance(said, str) else None
    if match is None:
        return None
    letter, size = match["kind"], int(match["size"] or 1)
    letter = "S" if letter == "a" else "b" if letter == "?" else letter
    if letter == "U":
        size *= 4
    elif letter != "S" and f"{letter}{size}" not in _NUMBERS:
        return None
    order = ">" if str(said).startswith(">") else "<"
    return _Kind(letter, size, order) if size else None


def _says_something(data: bytes, kinds: Sequence[_Kind]) -> bool:
    """Tell whether there can be a text or a number that is anybody's."""
    if len(kinds) > 1 or kinds[0].letter in "US":
        return True
    sign = kinds[0].order + _NUMBERS[f"{kinds[0].letter}{kinds[0].size}"]
    return kinds[0].size >= 4 and any(abs(value) >= _FEWEST_DIGITS for (value,) in struct.iter_unpack(sign, data))


def _by_row(data: bytes, start: int, kinds: Sequence[_Kind], count: int, width: int) -> Iterator[list[object]]:
    at = start
    if len(kinds) > 1:
        for _ in range(count):
            row = []
            for kind in kinds:
                row.append(kind.value(data[at : at + kind.size]))
                at += kind.size
            yield row
        return
    kind = kinds[0]
    for first in range(0, count, max(1, width)):
        cells = range(first, min(count, first + max(1, width)))
        yield [kind.value(data[start + cell * kind.size : start + (cell + 1) * kind.size]) for cell in cells]


def _by_column(data: bytes, start: int, kinds: Sequence[_Kind], count: int, width: int) -> Iterator[list[object]]:
    kind = kinds[0]
    height = max(1, count // max(1, width))
    for row in range(height):
        cells = range(row, count, height)
        yield [kind.value(data[start + cell * kind.size : start + (cell + 1) * kind.size]) for cell in cells]
