"""Hostile files that lie to the reader of one format: about windows, loops, counts, and what is to be called."""

from __future__ import annotations

import io
import pickle
import struct
import tarfile
import zlib

from tests.samples.hostile import MARK
from tests.samples.sample import Files
from tests.unpack.ole_writer import write_ole


def files() -> Files:
    yield "two-gigabyte-window.zst", b"\x28\xb5\x2f\xfd\x04" + bytes([(31 - 10) << 3]) + b"\1\0\0" * 4
    yield "tar-in-tar.tar", _tars(150)
    yield "blocks.cab", _cabinet(20_000)
    yield "object-streams.pdf", _object_streams()
    yield "tags.yaml", (
        f'a: !!python/object/apply:os.system ["touch /tmp/{MARK}"]\n'
        f'b: !!python/object/new:subprocess.Popen [["touch", "/tmp/{MARK}"]]\n'
        f'c: !ruby/object:Gem::Installer {{i: x}}\nd: !!binary aGVsbG8=\ne: &a [*a, *a, *a]\n' * 2000
    ).encode()  # fmt: skip
    yield "words.xls", workbook_stream(_labels(300_000))
    yield "far-cells.xls", workbook_stream(b"".join(_label(65_535 - n % 9, 255 - n % 7, b"x") for n in range(200_000)))
    yield (
        "lying.npy",
        _array("{'descr': '<U1000000', 'fortran_order': True, 'shape': (4000000000, 4000000000), }", b"x" * 4_000_000),
    )
    yield "deep-header.npy", _array("[" * 20_000 + "]" * 20_000, b"")
    yield (
        "one-sign-a-cell.npy",
        _array("{'descr': '|S1', 'fortran_order': False, 'shape': (4000000, 1), }", b"1" * 4_000_000),
    )
    yield "lying.dta", b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>" + b"\xff\x7f" + b"</K><N>" + b"\xff" * 8 \
        + b"</N><variable_types>" + b"\1\0" * 32_767 + b"<varnames>" + b"v\0" * 2_200_000 + b"<data>" + b"1" * 4_000_000  # fmt: skip
    yield "begins.uu", b"begin 644 a\nend\n" * 250_000
    yield "no-end.uu", b"begin 644 a\n" + b"M" + b"`" * 60 + b"\n" * 4_000_000
    yield "z.a85", b"<~" + b"z" * 4_000_000 + b"~>"
    yield "hex-of-zip.txt", (b"504b0304" + b"00" * 150 + b"\n") * 10_000
    yield (
        "offsets.pickle",
        pickle.dumps([bytes(8) * 2_000_000 + (8).to_bytes(8, "little"), b"12345678"] * 2, protocol=5),
    )
    yield "framed-phones.txt", b"^13800138000^13900139000" * 160_000


def _array(header: str, data: bytes) -> bytes:
    return b"\x93NUMPY\x02\0" + struct.pack("<I", len(header)) + header.encode() + data


def _tars(levels: int) -> bytes:
    inner = b"13800138000"
    for level in range(levels):
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w") as held:
            info = tarfile.TarInfo(f"{level}.tar")
            info.size = len(inner)
            held.addfile(info, io.BytesIO(inner))
        inner = made.getvalue()
    return inner


def _cabinet(blocks: int) -> bytes:
    """A cabinet of a file of 32 KiB a block, in MSZIP (Microsoft Cabinet Format, 2.6)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"CK" + packer.compress(bytes(32_768)) + packer.flush()
    data = struct.pack("<IHH", 0, len(packed), 32_768) + packed
    folder = struct.pack("<IHH", 36 + 8 + 16 + 6, blocks, 1)
    file = struct.pack("<IIHHHH", blocks * 32_768, 0, 0, 0, 0, 0x20) + b"a.csv\0"
    size = 36 + len(folder) + len(file) + blocks * len(data)
    head = struct.pack("<4s5I2B5H", b"MSCF", 0, size, 0, 36 + len(folder), 0, 3, 1, 1, 1, 0, 0, 0)
    return head + folder + file + data * blocks


def _object_streams() -> bytes:
    """Object streams that extend each other, hold each other, and say that they hold millions."""
    held = b"7 0 8 10 9 20 " + b"<</A 8 0 R>> <</B 9 0 R>> <</C 7 0 R>>"
    streams = b"".join(
        b"%d 0 obj<</Type/ObjStm/N 3000000/First 14/Extends %d 0 R/Length %d>>stream\n%s\nendstream endobj\n"
        % (number, number % 400 + 10, len(held), held)
        for number in range(10, 410)
    )
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 7 0 R/Names 8 0 R>>endobj\n"
        + streams
        + b"trailer<</Root 1 0 R/Size 500>>\n%%EOF"
    )


def _label(row: int, column: int, text: bytes) -> bytes:
    body = struct.pack("<3HHB", row, column, 0, len(text), 0) + text
    return struct.pack("<2H", 0x0204, len(body)) + body


def _labels(count: int) -> bytes:
    return b"".join(_label(n // 8 % 65_536, n % 8, b"word%d" % n) for n in range(count))


def workbook_stream(cells: bytes) -> bytes:
    """Return an Excel file (BIFF8) of one sheet with these records, in an old Office container."""
    begin = struct.pack("<2H", 0x0809, 16) + struct.pack("<4H2I", 0x0600, 0x0005, 0, 0, 0, 0)
    end = struct.pack("<2H", 0x000A, 0)
    sheet_at = len(begin) + 4 + 9 + len(end)
    bound = struct.pack("<2H", 0x0085, 9) + struct.pack("<IHBB", sheet_at, 0, 1, 0) + b"s"
    sheet = struct.pack("<2H", 0x0809, 16) + struct.pack("<4H2I", 0x0600, 0x0010, 0, 0, 0, 0)
    return write_ole({("Workbook",): begin + bound + end + sheet + cells + end})
