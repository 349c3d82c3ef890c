"""Customers as statistics programs, printers' and programmers' tools, office suites and exchanges of messages keep them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

from tests.samples.customers import ENGLISH, Customer
from tests.samples.sample import Files
from tests.samples.tables import table

type Row = Sequence[str]


def files(some: list[Customer]) -> Files:
    rows = [one.cells for one in some]
    yield "print_r.txt", print_r([one.english for one in some]).encode()
    yield "var_dump.txt", var_dump([one.english for one in some]).encode()
    yield "orders.ubj", ubjson([one.english for one in some])
    yield "orders.xpt", sas_transport(ENGLISH, rows)
    yield "orders.mat", matlab(rows)
    yield "compressed.mat", matlab(rows, compressed=True)
    yield "orders.por", spss_portable(ENGLISH, rows)
    yield "deliveries.edi", edifact(some).encode()
    yield "plain.ps", postscript([" ".join(row) for row in ascii_rows(some)]).encode()
    yield "groff.ps", grops(["  ".join(row) for row in ascii_rows(some)]).encode()
    yield "orders.wk1", lotus([ENGLISH, *rows])
    yield "orders.eth", socialcalc([ENGLISH, *rows]).encode()
    yield "pg_dump-custom.dump", postgres_dump(ENGLISH, rows)
    yield "DataList.iwa", iwa([cell for row in rows for cell in row])
    text = table(some).encode()
    yield "firmware.hex", intel_hex(text).encode()
    yield "firmware.s19", s_records(text).encode()
    yield "od-bytes.txt", octal_bytes(text).encode()
    yield "codes.js", "".join(f"x.push({char_codes(','.join(row))});\n" for row in rows).encode()
    yield (
        "bytes.sql",
        "".join(f"INSERT INTO t VALUES (1, X'{','.join(row).encode().hex()}');\n" for row in rows).encode(),
    )
    yield "notebook-lines.ipynb", _notebook(some)


def ascii_rows(some: Sequence[Customer]) -> list[tuple[str, ...]]:
    return [(one.order, one.phone, one.email) for one in some]


def _notebook(some: Sequence[Customer]) -> bytes:
    lines = [
        line for one in some for line in (f"## {one.name}\\n", "\\n", f"- {one.phone}\\n", f"- {one.order}\\n", "\\n")
    ]
    source = ",\n".join(f'    "{line}"' for line in lines)
    return f'{{"cells": [{{"cell_type": "markdown", "source": [\n{source}\n]}}], "nbformat": 4}}'.encode()


def print_r(value: Any, depth: int = 0) -> str:
    """Write as PHP does: eight spaces a level."""
    if not isinstance(value, dict | list):
        return str(value)
    items = enumerate(value) if isinstance(value, list) else value.items()
    space = " " * 8 * depth
    inner = "".join(f"{space}    [{name}] => {print_r(one, depth + 1)}\n" for name, one in items)
    return f"Array\n{space}(\n{inner}{space})\n"


def var_dump(value: Any, depth: int = 0) -> str:
    space = "  " * depth
    if isinstance(value, int):
        return f"{space}int({value})\n"
    if isinstance(value, str):
        return f'{space}string({len(value.encode())}) "{value}"\n'
    items = list(enumerate(value)) if isinstance(value, list) else [(f'"{name}"', one) for name, one in value.items()]
    inner = "".join(f"{space}  [{name}]=>\n{var_dump(one, depth + 1)}" for name, one in items)
    return f"{space}array({len(items)}) {{\n{inner}{space}}}\n"


def ubjson(value: Any) -> bytes:
    if value is None:
        return b"Z"
    if isinstance(value, bool):
        return b"T" if value else b"F"
    if isinstance(value, int):
        return b"L" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"D" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"S" + _sized(value)
    if isinstance(value, list):
        return b"[" + b"".join(map(ubjson, value)) + b"]"
    return b"{" + b"".join(_sized(name) + ubjson(one) for name, one in value.items()) + b"}"


def _sized(text: str) -> bytes:
    raw = text.encode()
    return (b"U" + bytes([len(raw)]) if len(raw) < 256 else b"l" + struct.pack(">i", len(raw))) + raw


def sas_transport(names: Row, rows: Sequence[Row]) -> bytes:
    """Return a library with one table of texts, of version 5."""
    widths = [max(len(row[place].encode()) for row in rows) for place in range(len(names))]
    columns, at = b"", 0
    for number, (name, width) in enumerate(zip(names, widths, strict=True), 1):
        columns += sas_column(name.upper(), number, at, width)
        at += width
    held = b"".join(cell.encode().ljust(width) for row in rows for cell, width in zip(row, widths, strict=True))
    return sas_library(len(names), columns, held)


def sas_column(name: str, number: int, start: int, width: int) -> bytes:
    """Return what a library says of one column of texts."""
    one = struct.pack(">4h", 2, 0, width, number) + name.encode()[:8].ljust(8) + b" " * 56
    return one + bytes(84 - len(one)) + struct.pack(">l", start) + bytes(52)


def sas_library(count: int, columns: bytes, held: bytes) -> bytes:
    """Return a library of version 5 whose table says that it has `count` columns."""
    zeros = "0" * 30
    return b"".join(
        piece.ljust(-(-len(piece) // 80) * 80)
        for piece in (
            f"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!{zeros}".encode(),
            b"SAS     SAS     SASLIB  9.4     Linux",
            b"15JAN26:10:00:00",
            b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140",
            f"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!{zeros}".encode(),
            b"SAS     ORDERS  SASDATA 9.4     Linux",
            b"15JAN26:10:00:00",
            f"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!{count:010}{zeros[:20]}".encode(),
            columns,
            f"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!{zeros}".encode(),
            held,
        )
    )


def matlab(rows: Sequence[Row], *, compressed: bool = False, name: str = "orders") -> bytes:
    """Return one variable: a cell array of texts, column by column."""
    cells = b"".join(_char(row[place]) for place in range(len(rows[0])) for row in rows)
    made = _matrix(1, (len(rows), len(rows[0])), name, cells)
    if compressed:
        packed = zlib.compress(made)
        made = struct.pack("<2I", 15, len(packed)) + packed
    return b"MATLAB 5.0 MAT-file, Platform: posix".ljust(124) + b"\0\1IM" + made


def _matrix(kind: int, dims: Sequence[int], name: str, held: bytes) -> bytes:
    body = _element(6, struct.pack("<2I", kind, 0)) + _element(5, struct.pack(f"<{len(dims)}i", *dims))
    body += _element(1, name.encode()) + held
    return struct.pack("<2I", 14, len(body)) + body


def _char(text: str) -> bytes:
    return _matrix(4, (1, len(text)), "", _element(4, text.encode("utf-16-le")))


def _element(kind: int, raw: bytes) -> bytes:
    if 0 < len(raw) <= 4:
        return struct.pack("<HH", kind, len(raw)) + raw.ljust(4, b"\0")
    return struct.pack("<2I", kind, len(raw)) + raw + bytes(-len(raw) % 8)


def spss_portable(names: Row, rows: Sequence[Row]) -> bytes:
    def number(value: int) -> bytes:
        digits = b""
        while True:
            value, digit = divmod(value, 30)
            digits = b"0123456789ABCDEFGHIJKLMNOPQRST"[digit : digit + 1] + digits
            if not value:
                return digits + b"/"

    def text(value: str) -> bytes:
        return number(len(value.encode())) + value.encode()

    held = b"0" * 456 + b"SPSSPORTA" + text("20260115") + text("100000")
    held += b"4" + number(len(names)) + b"5" + number(11)
    for place, name in enumerate(names):
        width = max(len(row[place].encode()) for row in rows)
        held += b"7" + number(width) + text(name.upper()[:8]) + b"".join(map(number, (1, width, 0) * 2))
        held += b"C" + text(f"label of {name}")
    held += b"F" + b"".join(text(cell) for row in rows for cell in row) + b"Z"
    return b"\r\n".join(held[at : at + 80].ljust(80, b"Z") for at in range(0, len(held), 80))


def edifact(some: Sequence[Customer], signs: str = ":+.? '") -> str:
    """Return a message for each customer; `signs` are those of a UNA segment."""
    component, element, _, release, _, end = tuple(signs)

    def held(text: str) -> str:
        return "".join(release + sign if sign in (component, element, release, end) else sign for sign in text)

    def segment(*elements: Sequence[str]) -> str:
        return element.join(component.join(map(held, one)) for one in elements) + end

    pieces = [f"UNA{signs}", segment(["UNB"], ["UNOY", "3"], ["SHOP"], ["DHL"], ["260115", "1000"], ["1"])]
    for number, one in enumerate(some, 1):
        pieces += [
            segment(["UNH"], [str(number)], ["IFTMIN", "D", "96A", "UN"]),
            segment(["BGM"], ["220"], [one.order], ["9"]),
            segment(["NAD"], ["CN"], [""], [""], [one.name], [one.address], [""], [""], [""], ["CN"]),
            segment(["COM"], [f"+86 {one.phone}", "TE"]),
            segment(["COM"], [one.email, "EM"]),
            segment(["UNT"], ["6"], [str(number)]),
        ]
    return "\n".join([*pieces, segment(["UNZ"], [str(len(some))], ["1"])])


def postscript(lines: Row) -> str:
    shown = "\n".join(f"5 {757 - number % 60 * 11} M\n({_held(line)}) s" for number, line in enumerate(lines))
    return (
        f"%!PS-Adobe-3.0\n/M {{moveto}} bind def\n/s {{show}} bind def\n%%EndProlog\n%%Page: 1 1\n{shown}\nshowpage\n"
    )


def grops(lines: Row) -> str:
    """Return pages as groff sets them: words moved on by a width, letters drawn together within them."""
    shown = []
    for number, line in enumerate(lines):
        words = [word for word in line.split(" ") if word]
        first, rest = words[0], words[1:]
        shown.append(f"({_held(first[:2])})72 {12 + number * 12} Q(" + _held(first[2:]) + ")-.15 E")
        shown += [f"2.5({_held(word)})2.5 F" if len(word) % 2 else f"({_held(word)})2.5 E" for word in rest]
    return (
        "%!PS-Adobe-3.0\n%%Creator: groff version 1.22.4\ngrops begin\n%%Page: 1 1\nBP\n" + "\n".join(shown) + "\nEP\n"
    )


def _held(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def postgres_dump(names: Row, rows: Sequence[Row], version: tuple[int, int] = (1, 14)) -> bytes:
    """Return an archive in the custom format with one table, packed by zlib."""

    def number(value: int) -> bytes:
        return bytes([value < 0]) + struct.pack("<I", abs(value))

    def text(value: str | None) -> bytes:
        return number(-1) if value is None else number(len(value.encode())) + value.encode()

    head = b"PGDMP" + bytes((*version, 0, 4, 8, 1)) + (b"\1" if version >= (1, 15) else number(-1))
    head += b"".join(map(number, (0, 0, 10, 15, 0, 126, 0))) + text("shop") + text("15.1") + text("15.1")
    entry = number(7) + number(1) + text("1259") + text("16384") + text("orders") + text("TABLE DATA") + number(3)
    columns = ", ".join(names)
    entry += text("") + text("") + text(f"COPY public.orders ({columns}) FROM stdin;\n") + text("public") + text("")
    entry += text("") * (version >= (1, 14)) + number(114) * (version >= (1, 16)) + text("shop") + text("false")
    entry += text(None) + b"\2" + bytes(8)
    packed = zlib.compress("".join("\t".join(row) + "\n" for row in rows).encode() + b"\\.\n\n\n")
    chunks = b"".join(
        number(len(packed[at : at + 4096])) + packed[at : at + 4096] for at in range(0, len(packed), 4096)
    )
    return head + number(1) + entry + b"\1" + number(7) + chunks + number(0)


def iwa(texts: Row) -> bytes:
    """Return a list of the texts of cells, in Snappy blocks that pack nothing."""
    entries = b"".join(
        b"\x1a" + _counted(b"\x08" + _varint(key) + b"\x10\1\x1a" + _counted(text.encode()))
        for key, text in enumerate(texts, 1)
    )
    body = b"\x08\1" + entries
    info = b"\x08\1\x12" + _counted(b"\x08" + _varint(6005) + b"\x18" + _varint(len(body)))
    whole = _varint(len(info)) + info + body
    blocks = [whole[at : at + 60_000] for at in range(0, len(whole), 60_000)]
    return b"".join(b"\0" + struct.pack("<I", len(packed))[:3] + packed for packed in map(_unpacked_block, blocks))


def _unpacked_block(data: bytes) -> bytes:
    """Return a Snappy block of one literal."""
    return _varint(len(data)) + b"\xf4" + struct.pack("<H", len(data) - 1) + data


def _counted(raw: bytes) -> bytes:
    return _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def lotus(rows: Sequence[Row]) -> bytes:
    """Return a worksheet of the second release, in GBK as such programs wrote it in China."""
    held = struct.pack("<HHH", 0, 2, 0x0406)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            body = struct.pack("<BHH", 255, place, number) + b"'" + cell.encode("gbk") + b"\0"
            held += struct.pack("<HH", 15, len(body)) + body
    return held + struct.pack("<HH", 1, 0)


def socialcalc(rows: Sequence[Row]) -> str:
    cells = [
        f"cell:{'ABCDEFGH'[place]}{number}:t:{cell.replace(chr(92), chr(92) + 'b').replace(':', chr(92) + 'c')}"
        for number, row in enumerate(rows, 1)
        for place, cell in enumerate(row)
    ]
    return "\n".join(["version:1.5", *cells, f"sheet:c:{len(rows[0])}:r:{len(rows)}:tvf:1", ""])


def intel_hex(data: bytes) -> str:
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        record = bytes([len(row)]) + struct.pack(">H", at & 0xFFFF) + b"\0" + row
        lines.append(f":{(record + bytes([-sum(record) & 255])).hex().upper()}\n")
    return "".join([*lines, ":00000001FF\n"])


def s_records(data: bytes) -> str:
    lines = ["S00600004844521B\n"]
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        record = bytes([len(row) + 4]) + struct.pack(">I", at)[1:] + row
        lines.append(f"S2{(record + bytes([~sum(record) & 255])).hex().upper()}\n")
    return "".join([*lines, "S804000000FB\n"])


def octal_bytes(data: bytes) -> str:
    """Print as od -b does."""
    rows = [data[at : at + 16] for at in range(0, len(data), 16)]
    lines = [f"{16 * place:07o} {' '.join(f'{byte:03o}' for byte in row)}\n" for place, row in enumerate(rows)]
    return "".join([*lines, f"{len(data):07o}\n"])


def char_codes(text: str) -> str:
    return f"String.fromCharCode({','.join(str(ord(sign)) for sign in text)})"
