"""Customers in what programs and machines hand each other: captures, labels, old sheets, reports, messages."""

from __future__ import annotations

import bz2
import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image
from tests.samples.customers import ENGLISH, Customer
from tests.samples.sample import Files
from tests.samples.tables import table
from tests.unpack.documents import tnef
from tests.unpack.formats import test_drawio, test_enciphered, test_fixed_width, test_git_patch, test_http, test_zpl
from tests.unpack.formats.test_registry_export import digits

type Row = Sequence[str]

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def files(some: list[Customer]) -> Files:
    rows = [one.cells for one in some]
    text = table(some).encode()
    request = b"POST /up HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/csv\r\n"
    whole = request + b"Content-Length: %d\r\n\r\n" % len(text) + text
    yield "request.http", request + b"Transfer-Encoding: chunked\r\n\r\n" + test_http.chunked(text)
    yield "capture.pcap", pcap(whole)
    yield "capture.pcapng", pcapng(whole)
    literal = test_enciphered.packet(11, b"b\x08list.csv" + bytes(4) + text)
    yield "packed.gpg", test_enciphered.packet(8, b"\2" + zlib.compress(literal))
    yield "packed.asc", test_enciphered.armoured(b"\xa3\3" + bz2.compress(literal))
    yield "orders.patch", test_git_patch.patch(text)
    yield "query.dns", questions(some[:255])
    yield "winmail.dat", tnef("a.csv", text)
    yield "labels.zpl", "".join(test_zpl.label(one.name, one.phone, one.address) for one in some).encode()
    yield "orders.x12", x12(some).encode()
    yield "orders.slk", sylk([ENGLISH, *rows]).encode()
    yield "orders.dif", dif([ENGLISH, *rows]).encode()
    yield "orders.reg", registry_export(rows)
    cells = "".join(f'<mxCell value="{" ".join(row)}"/>' for row in rows)
    yield "pages.drawio", test_drawio.diagram(f"<mxGraphModel><root>{cells}</root></mxGraphModel>")
    paragraphs = "".join(f"<w:p><w:r><w:t>{' '.join(row)}</w:t></w:r></w:p>" for row in rows)
    yield (
        "document.xml",
        f"<?xml version='1.0'?><w:document {_WORD}><w:body>{paragraphs}</w:body></w:document>".encode(),
    )
    report = "\n".join("".join(map(test_fixed_width.wide, row, (26, 12, 14, 60, 30))).rstrip() for row in _many(rows))
    yield "report.prn", report.encode()
    yield "print.txt", "\n".join("".join(f"{sign}\b{sign}" for sign in " ".join(row)) for row in rows).encode()
    plain = [f"{one.order:<26}{one.phone:<14}{one.email:<30}" for one in some]
    yield "mainframe.ebcdic", "".join(f"{line}\n" for line in _many(plain)).encode("cp1140")
    yield (
        "box.mp4",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
        + _box(b"free", b"\0" * 8)
        + _box(b"uuid", bytes(16) + zlib.compress(text)),
    )
    yield "picture.avif", _avif("; ".join(" ".join(row) for row in rows))


def _many[Line](lines: Sequence[Line]) -> list[Line]:
    """Return as many lines as a table of blanks is told by, the same ones again."""
    return [lines[place % len(lines)] for place in range(max(len(lines), 10))]


def _box(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", 8 + len(held)) + kind + held


def _avif(said: str) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = said
    Image.new("RGB", (8, 8)).save(made, "AVIF", exif=exif)
    return made.getvalue()


def _segment(at: int, payload: bytes) -> bytes:
    """Return a frame of Ethernet, IPv4 and TCP."""
    tcp = struct.pack(">HHIIBBHHH", 40000, 80, 1000 + at, 1, 0x50, 0x18, 9999, 0, 0) + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0)
    return bytes(12) + b"\x08\0" + head + b"\x0a\0\0\1\x0a\0\0\2" + tcp


def _frames(data: bytes) -> list[bytes]:
    return [_segment(at, data[at : at + 700]) for at in range(0, len(data), 700)]


def questions(some: list[Customer]) -> bytes:
    """Return a message of DNS that asks for a name for each customer."""
    names = ((one.order, one.phone, "a", "example") for one in some)
    asked = (b"".join(bytes([len(one)]) + one.encode() for one in name) + b"\0\0\x10\0\1" for name in names)
    return b"\0\0\1\0" + len(some).to_bytes(2) + bytes(6) + b"".join(asked)


def pcap(data: bytes) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return head + b"".join(struct.pack("<IIII", 0, 0, len(one), len(one)) + one for one in _frames(data))


def pcapng(data: bytes) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        size = struct.pack("<I", 12 + len(body) + -len(body) % 4)
        return struct.pack("<I", kind) + size + body + bytes(-len(body) % 4) + size

    head = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 65535))
    return head + b"".join(block(6, struct.pack("<IIIII", 0, 0, 0, len(one), len(one)) + one) for one in _frames(data))


def x12(some: Sequence[Customer]) -> str:
    head = "ISA*00*          *00*          *ZZ*SHOP           *ZZ*DHL            *260115*1000*U*00401*000000001*0*P*>~"
    orders = "".join(
        f"ST*850*{number:04}~BEG*00*SA*{one.order}**20260115~N1*ST*{one.name}~N3*{one.address}~"
        f"PER*IC*{one.name}*TE*{one.phone}*EM*{one.email}~SE*6*{number:04}~"
        for number, one in enumerate(some, 1)
    )
    return f"{head}GS*PO*SHOP*DHL*20260115*1000*1*X*004010~{orders}GE*{len(some)}*1~IEA*1*000000001~"


def sylk(rows: Sequence[Row]) -> str:
    lines = [
        f'C;Y{number};X{column};K"{cell.replace(";", ";;")}"'
        for number, row in enumerate(rows, 1)
        for column, cell in enumerate(row, 1)
    ]
    return "\r\n".join(["ID;PWXL;N;E", *lines, "E", ""])


def dif(rows: Sequence[Row]) -> str:
    head = f'TABLE\n0,1\n"Sheet1"\nVECTORS\n0,{len(rows[0])}\n""\nTUPLES\n0,{len(rows)}\n""\nDATA\n0,0\n""\n'
    tuples = "".join("-1,0\nBOT\n" + "".join(f'1,0\n"{cell}"\n' for cell in row) for row in rows)
    return f"{head}{tuples}-1,0\nEOD\n"


def registry_export(rows: Sequence[Row]) -> bytes:
    lines = ["Windows Registry Editor Version 5.00", "", "[HKEY_CURRENT_USER\\Software\\Shop]"]
    for number, row in enumerate(rows):
        raw = (" ".join(row) + "\0").encode("utf-16-le")
        lines.append(f'"k{number}"=hex(1):{digits(raw)}' if number % 2 else f'"k{number}"="{" ".join(row)}"')
    return "\r\n".join([*lines, ""]).encode("utf-16")
