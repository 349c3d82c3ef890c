"""Labels for Zebra's printers (ZPL II): what is printed, a line for each field, each label a unit.

Source: Zebra, *ZPL II Programming Guide*: ^XA and ^XZ around a label, ^FD to ^FS a field, ^FH its hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings import hexadecimal
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Field, Part, Unit
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.naming import whole

NAME: Final = "zpl"

_HEAD: Final = 4096
_OFTEN: Final = 4096
"""Commands after which the time is asked for."""
_LABEL: Final = re.compile(rb"\^XA", re.IGNORECASE)
_COMMAND: Final = re.compile(rb"[\^~]([A-Za-z][A-Za-z0-9@])")
_ENDS: Final = re.compile(rb"[\^~]")
_FIELDS: Final = (b"FD", b"FV", b"SN", b"FX")
_NO_VALUE: Final = (b"XA", b"XZ", b"FS", b"")
_PICTURES: Final = (b"GF", b"DG", b"DY", b"DB", b"DU", b"DT", b"DE")
_PICTURE: Final = re.compile(rb"(?:(?:[A-Za-z]:)?\w{1,8}\.\w{1,3})?[0-9A-Za-z,:!\r\n]*+")
"""How pictures and fonts are written in hexadecimal digits, or packed in letters."""
_SHOWN: Final = re.compile(rb"(?<![0-9A-Za-z])[0-9]{6,}+(?![0-9A-Za-z])|:[BZ]64:|" + hexadecimal.GATE.encode())
"""In what is written as a picture and may be none: a number by itself, a file in Base64, readable bytes."""
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{2}")
_SAYS: Final = re.compile(rb"\S[ \t]+\S|[0-9]{6}|[\x80-\xff]|.{33}", re.DOTALL)
"""In what is no setting of a command: a picture, or something that was written where no field is."""
_PRINTABLE: Final = range(0x21, 0x7F)
_BREAK: Final = re.compile(r"\\&|[\r\n]+")
_CODE: Final = re.compile(r"(?:[A-Z]{2},|>[:;9])(?=\S)")
"""What sets how a code of bars or a QR code is made, before what it says."""


def accepts(content: Content) -> bool:
    data = content.data[:_HEAD]
    return _LABEL.search(data) is not None and (b"^F" in data or b"^f" in data)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    lines: list[str] = []
    units: list[Unit] = []
    fields: list[Field] = []
    beside: list[bytes] = []
    at = start = 0
    for text in _printed(data, budget, beside):
        if len(fields) + len(beside) > budget.limits.values:
            yield Gap("too-large", content.location, "labels of more fields than are laid out; read as plain text")
            raise Mismatch
        if text is None:
            _end_label(units, start, at)
            start = at
        elif text:
            lines.append(text + "\n")
            fields.append(Field(at, at + len(text), ""))
            at += len(text) + 1
    _end_label(units, start, at)
    if lines:
        yield Part(content.location, whole("".join(lines)), tuple(units), tuple(fields))
    if before := data[: _first(data)].strip():
        yield content.inside(before, "before the labels")
    if beside:
        yield content.inside(b"\n".join(beside), "beside the fields")


def _end_label(units: list[Unit], start: int, end: int) -> None:
    if end > start:
        units.append(Unit(start, end, "object", f"label {len(units) + 1}"))


def _first(data: bytes) -> int:
    found = _LABEL.search(data)
    return found.start() if found else 0


def _printed(data: bytes, budget: Budget, beside: list[bytes]) -> Iterator[str | None]:
    """Yield what each command prints, None where a label begins or ends; what stands beside is added to `beside`."""
    escape = b""
    for name, value in _commands(data, budget):
        if name in _FIELDS:
            yield _text(_unescaped(value, escape) if escape else value)
            continue
        if _is_beside(name, value.strip()):
            beside.append(value.strip())
        if name == b"FH":
            escape = value[:1] if value[:1] and value[0] in _PRINTABLE else b"_"
        elif name == b"FS":
            escape = b""
        yield None if name in {b"XA", b"XZ"} else ""


def _is_beside(name: bytes, value: bytes) -> bool:
    """Tell whether something stands where no field is, and is no setting of a command."""
    if name in _PICTURES and _PICTURE.fullmatch(value) and not _SHOWN.search(value):
        return False
    return bool(value) and (name in _NO_VALUE or _SAYS.search(value) is not None)


def _commands(data: bytes, budget: Budget) -> Iterator[tuple[bytes, bytes]]:
    """Yield each command with what stands behind it, up to the next; one without a name is no command.

    Raises:
        Exhausted: the time for unpacking is gone.
    """
    at = _first(data)
    commands = 0
    while at < len(data):
        commands += 1
        if commands % _OFTEN == 0:
            budget.hurry()
        found = _COMMAND.match(data, at)
        begin = found.end() if found else at + 1
        end = _ENDS.search(data, begin)
        at = end.start() if end else len(data)
        yield found[1].upper() if found else b"", data[begin:at]


def _unescaped(value: bytes, escape: bytes) -> bytes:
    """Return a field's bytes: two hexadecimal digits behind the sign that ^FH names are one."""
    pieces = value.split(escape)
    made = pieces[:1]
    for piece in pieces[1:]:
        is_code = _HEX.match(piece) is not None
        made.append(bytes.fromhex(piece[:2].decode()) + piece[2:] if is_code else escape + piece)
    return b"".join(made)


def _text(value: bytes) -> str:
    decoded = charset.decode(value)
    text = decoded[0] if decoded else value.decode("latin-1")
    return _BREAK.sub(" ", _CODE.sub("", text, 1) if _CODE.match(text) else text).strip()
