"""Hostile files for one reader each: what it counts by, follows, holds or searches, taken as far as it lets itself be.

All are below the size from which a body is read piece by piece.
"""

from __future__ import annotations

import random
import struct
import zlib

from tests.samples.hostile import MARK, deflated
from tests.samples.sample import Files
from tests.samples.tools import sas_column, sas_library
from tests.unpack import hdf5_writer
from tests.unpack.formats import test_leveldb

_WIDE = 10_000_000
"""Bytes of the larger ones."""


def files() -> Files:
    yield from _texts()
    yield from _printed()
    yield from _sheets()
    yield from _values()
    yield from _statistics()
    yield from _packed()
    yield from _stores()
    yield from hdf5()
    yield from _documents()
    yield from _places()
    yield from _codes()


def _texts() -> Files:
    """Readers of text that ask each line, or hold a thing for each."""
    yield "one-long-value.php", b"Array\n(\n    [a] => 1\n    [b] => 2\n    [c] => x\n" + b"y\n" * 2_000_000 + b")\n"
    yield "million-values.php", b"Array\n(\n" + b"[a] => b1\n" * 990_000 + b")\n"
    yield "segments.edi", b"UNA:+.? 'UNH+1+ORDERS:D:96A:UN'" + b"A'" * 6_000_000
    yield "released.edi", b"UNA:+.? 'UNH+1+ORDERS:D:96A:UN'FTX+" + b"?a" * 6_000_000 + b"'"
    yield "components.edi", b"UNA:+.? 'UNH+1+ORDERS:D:96A:UN'" + b"FTX+1+2+3+4+5+6+7+8+9'" * 500_000
    head = "ISA*00*          *00*          *ZZ*SHOP           *ZZ*DHL            *260115*1000*U*00401*000000001*0*P*>~"
    yield "segments.x12", head.encode() + b"A~" * 6_000_000
    yield "fields.zpl", b"^XA" + b"^FD1" * 3_500_000 + b"^XZ"
    yield "labels.zpl", b"^XA^FDab^FS^XZ" * 800_000
    yield "backwards.txt", b"a" * 5_000_000 + b"\b" * 5_000_000
    yield "step-by-step.txt", b"abc\b" * 3_000_000
    yield "form-feeds.prn", b"a          1234567  b\n" * 100 + b"a\r" * 6_000_000
    yield "rules.md", b"a|b\n--|--\n" + b"|\n" * 6_000_000
    yield "one-rule.md", b"a|b\n" + b"--|" * 4_000_000 + b"x\n"
    yield "fields.vcf", b"BEGIN:VCARD\r\n" + b"TEL:1\n" * 2_000_000
    yield "lines.reg", b"REGEDIT4\r\n" + b"ab\n" * 4_000_000
    yield "one-name.reg", b'REGEDIT4\r\n"' + b"a" * 12_000_000
    yield "columns.eth", b"version:1.5\ncell:A1:t:x\n" + b"ab\n" * 4_000_000
    yield "one-field.slk", b"ID;P\nC;Y1;X1;K" + b"a" * 12_000_000
    yield "long-number.slk", b"ID;P\nC;Y" + b"1" * 5000 + b";X1;Kx\nE\n"
    yield "one-cell.dif", b'TABLE\n0,1\n"a"\nDATA\n0,0\n""\n-1,0\nBOT\n1,0\n"' + b"a" * 12_000_000
    yield "blanks.drawio", b"<mxfile><diagram>" + b" " * 20_000 + b"!</diagram></mxfile>"
    yield "records.hex", b":0000000000\n" * 1_000_000
    yield "records.s19", b"S1030000FC\n" * 1_000_000
    yield "begins.ync", (b"=ybegin line=128 size=1 name=a\nb\n=yend size=1\n") * 250_000


def _printed() -> Files:
    begin = b"%!PS-Adobe-3.0\n%%Page: 1 1\n(a) show\n(b) show\n"
    yield "digits.ps", begin + b"1" * 3_000_000 + b"x\n"
    yield "parentheses.ps", begin + b"(" * 6_000_000
    yield "unclosed.ps", begin + b"(a) (" * 2_000_000
    yield "texts.ps", begin + b"(a)s " * 2_500_000


def _sheets() -> Files:
    def record(row: int, sheet: int, column: int) -> bytes:
        return struct.pack("<HHHBBH", 24, 6, row, sheet, column, 2)

    new = b"\0\0\x1a\0\0\x10\x04\0" + bytes(22)
    yield "sheets.wk3", new + b"".join(record(n >> 8, n & 255, 0) for n in range(900_000))
    yield "nothing.wk1", b"\0\0\x02\0\x06\x04" + b"\x63\0\0\0" * 3_500_000
    yield "far.wk3", new + b"".join(record(n & 0xFFFF, n >> 16, 255) for n in range(900_000))


def _values() -> Files:
    """Trees of values: a byte or two for each."""
    yield "strings.ubj", b"{" + b"".join(b"U\4%04xSU\4abcd" % (n & 0xFFFF) for n in range(900_000)) + b"}"
    yield "billions.ubj", b"[$U#L" + (1 << 40).to_bytes(8) + b"SU\1a" * 100
    yield "nothings.ubj", b"[SU\1a" + b"N" * 8_000_000 + b"[$T#l\x7f\xff\xff\xff" * 300_000
    yield "deep.ubj", b"[" * 2_000_000
    yield "numbers.js", b"var d = [" + b"12," * 4_500_000 + b"1];"
    yield "names.v8", b"\xff\x0fo" + b'I\xf0\1"\2ab' * 1_700_000 + b"{\0"
    yield "nothings.v8", b"\xff\x0fA\x80\x80\x80\x06" + b"_" * 12_582_912 + b"$\0\0"
    yield "deep.v8", b"\xff\x0f" + b"A\1" * 2_000_000
    yield "nothings.bencode", b"l" + b"0:" * 6_000_000 + b"e"
    yield "frames.grpc", b"\0\0\0\0\2\x08\1" + b"\0\0\0\0\0" * 2_400_000
    yield "groups.protobuf", b"\x0a\x0513800" + b"\x0b" * 5_000_000
    yield "markers.gpg", b"\xca\3PGP" * 2_500_000


def _element(kind: int, raw: bytes) -> bytes:
    return struct.pack("<2I", kind, len(raw)) + raw + bytes(-len(raw) % 8)


def _matrix(kind: int, dims: tuple[int, ...], held: bytes, name: bytes = b"") -> bytes:
    body = _element(6, struct.pack("<2I", kind, 0)) + _element(5, struct.pack(f"<{len(dims)}i", *dims))
    body += _element(1, name) + held
    return struct.pack("<2I", 14, len(body)) + body


def _mat(held: bytes, *, packed: bool = False) -> bytes:
    if packed:
        made = zlib.compress(held, 1)
        held = struct.pack("<2I", 15, len(made)) + made + _element(1, random.Random(len(made)).randbytes(400_000))
    return b"MATLAB 5.0 MAT-file, Platform: posix".ljust(124) + b"\0\1IM" + held


def _statistics() -> Files:
    signs = "客户".encode("utf-16-le") * 12_000_000
    yield "rows-of-one-sign.mat", _mat(_matrix(4, (24_000_000, 1), _element(4, signs)), packed=True)
    numbers = struct.pack("<I", 0xF0000000) * 12_000_000
    yield "numbers.mat", _mat(_matrix(6, (12_000_000, 1), _element(6, numbers)), packed=True)
    lying = (
        _element(6, struct.pack("<2I", 1, 0))
        + _element(5, struct.pack("<2i", 1, 1))
        + struct.pack("<2I", 1, 0x7FFFFFF0)
    )
    yield "names-over-names.mat", _mat((struct.pack("<2I", 14, len(lying)) + lying) * 200_000)
    fields = _element(5, struct.pack("<i", 1)) + _element(1, b"a" * 40_000_000)
    yield "names.mat", _mat(_matrix(2, (1, 1), fields), packed=True)
    cells = _matrix(1, (1_000_000_000, 1), b"\x0e\0\0\0\0\0\0\0" * 1_500_000)
    yield "nothings.mat", _mat(cells)
    yield "columns-over-columns.xpt", sas_library(20_000, sas_column("A", 1, 0, 32_767) * 20_000, b"x" * 65_534)
    yield "far-column.xpt", sas_library(1, sas_column("A", 1, 1 << 30, 8), b"13800138000 " * 9)
    yield "widths.sav", _spss(60_000, 0x7FFFFFF0, b"\xfe" * 14_000_000)
    yield "widths.zsav", _spss(60_000, 32_000, deflated(100, b"\xfe" * (1 << 20), wbits=15), packed=True)
    yield "very-long.sav", _spss(1, 8, b"\xfe" * 800, very_long="V0=²\0\t".encode())
    head = b"0" * 456 + b"SPSSPORTA" + b"8/202601156/100000" + b"41/5B/"
    yield "labels.por", (head + b"70/1/a" + b"0/" * 6 + b"E" + b"9999999/" + b"0/" * 5_000_000)
    yield "blanks.por", head + b"70/1/a" + b"0/" * 6 + b"F" + b" " * 9_000_000


def _spss(count: int, width: int, held: bytes, *, packed: bool = False, very_long: bytes = b"") -> bytes:
    head = (b"$FL3" if packed else b"$FL2") + b"@(#) SPSS DATA FILE made up".ljust(60)
    head += struct.pack("<5id", 2, 1, 1 + packed, 0, 9, 100.0) + b"15 Jan 2610:00:00" + bytes(67)
    head += b"".join(struct.pack("<6i", 2, width, 0, 0, 0, 0) + b"V%-7d" % number for number in range(count))
    if very_long:
        head += struct.pack("<4i", 7, 14, 1, len(very_long)) + very_long
    head += struct.pack("<2i", 999, 0)
    return head + struct.pack("<3q", len(head), len(head) + 24 + len(held), 48) * packed + held


def _packed() -> Files:
    """What unpacks a byte at a time, or becomes much of little."""
    copies = b"\xfe\1\0" * 1_900_000  # each of 64 bytes, of the one before
    size = 64 * 1_900_000 + 1
    block = test_leveldb.varint(size) + b"\0a" + copies
    yield "a-byte-again.iwa", b"\0" + struct.pack("<I", len(block))[:3] + block
    framed = test_leveldb.varint(5_000_000) + b"\0a" * 5_000_000
    yield "a-byte-each.iwa", b"\0" + struct.pack("<I", len(framed))[:3] + framed
    run = b"\x1fa\1\0" + b"\xff" * 390_000 + bytes(200_000)
    yield "hundred-megabytes.mozlz4", b"mozLz40\0" + struct.pack("<I", 99_000_000) + run
    yield "tokens.mozlz4", b"mozLz40\0" + struct.pack("<I", 20_000_000) + b"\x10a" + b"\1\0\0" * 4_900_000
    yield "statement-again.dump", _postgres(b"COPY t FROM stdin; -- " + b"x" * 3_000_000, 100_000)
    yield "entries.dump", _postgres(b"", 0, b"x" * 9_000_000)


def _postgres(statement: bytes, blocks: int, behind: bytes = b"") -> bytes:
    def number(value: int) -> bytes:
        return bytes([value < 0]) + struct.pack("<I", abs(value))

    def text(value: bytes) -> bytes:
        return number(len(value)) + value

    head = b"PGDMP" + bytes((1, 14, 0, 4, 8, 1)) + number(0)
    head += b"".join(map(number, (0, 0, 10, 15, 0, 126, 0))) + text(b"shop") + text(b"15.1") * 2
    entry = number(7) + number(1) + text(b"1259") + text(b"16384") + text(b"t") + text(b"TABLE DATA") + number(3)
    entry += text(b"") * 2 + text(statement) + text(b"public") + text(b"") * 2 + text(b"shop") + text(b"false")
    return (
        head
        + number(1)
        + entry
        + number(-1)
        + b"\2"
        + bytes(8)
        + (b"\1" + number(7) + text(b"row") + number(0)) * blocks
        + behind
    )


def _stores() -> Files:
    def file(index: bytes, kind: int = 0) -> bytes:
        footer = test_leveldb.varint(0) * 2 + test_leveldb.varint(0) + test_leveldb.varint(len(index))
        magic = 0xDB4775248B80FB57.to_bytes(8, "little")
        return index + bytes([kind]) + bytes(4) + footer.ljust(40, b"\0") + magic

    yield "handles.ldb", file(b"\0\0\2\0\0" * 2_500_000 + bytes(4) + b"\1\0\0\0")
    growing = b"".join(test_leveldb.varint(n) + b"\1\2a\0\0" for n in range(900_000))
    yield "growing-keys.ldb", file(growing + bytes(4) + b"\1\0\0\0")
    yield "packed-index.ldb", file(zlib.compress(b"\0\0\2\0\0" * 12_000_000 + bytes(4) + b"\1\0\0\0", 1), 2)
    size = 65_536
    meta = struct.pack("<QHHHHII", 0, 0, 8, 0, 0, 0xBEEFC0DE, 1) + bytes(16) + struct.pack("<I", size)
    page = struct.pack("<QHHHHHH", 9, 60_000, 0x22, size - 2, 0, 0, 0)
    yield (
        "keys-over-keys.mdb",
        meta.ljust(size, b"\0") * 2 + b"".join((page + b"ab%07d" % number * 8000)[:size] for number in range(40)),
    )
    size = 256
    meta = struct.pack("<QHHHHII", 0, 0, 8, 0, 0, 0xBEEFC0DE, 1) + bytes(16) + struct.pack("<I", size)
    head = struct.pack("<QHHHH", 9, 0, 2, 16 + 2 * 40, 0) + struct.pack("<40H", *range(96, 216, 3))
    nodes = b"".join(struct.pack("<HBHBH", 0, 0, 0, 0, 3) for _ in range(20))
    yield (
        "entries.mdb",
        meta.ljust(size, b"\0") * 2
        + b"".join((head + b"%04x" % number + nodes).ljust(size, b"\0") for number in range(50_000)),
    )
    packet = struct.pack("<IIII", 0, 0, 43, 43)
    flows = (
        bytes(12) + b"\x08\0" + struct.pack(">BBHHHBBH", 0x45, 0, 29, 1, 0, 64, 17, 0) + struct.pack(">II", number, 7)
        + b"\0\1\0\2\0\x09\0\0x"
        for number in range(200_000)
    )  # fmt: skip
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    yield "flows.pcap", head + b"".join(packet + one for one in flows)
    yield "messages.http", b"GET / HTTP/1.1\r\nA: b\r\n\r\n" * 400_000


def _group(file: hdf5_writer.File, heads: dict[str, int]) -> bytes:
    return file.finish(file.group(heads))


def hdf5() -> Files:
    """Trees, chunks, members, heaps and headers of HDF5."""
    # A tree whose node says sixty-five thousand children, and each of them is one like it.
    file = hdf5_writer.File()
    start = file.put(b"")
    nodes, step = 300, 4096
    area = bytearray(nodes * step + 32 + 16 * 65_535)
    for at in range(24, len(area) - 8, 16):
        area[at + 8 : at + 16] = struct.pack("<Q", start + (at // 16 % nodes) * step)
    for number in range(nodes):
        area[number * step : number * step + 24] = b"TREE\0\1" + struct.pack("<HQQ", 65_535, 0, 0)
    file.put(bytes(area))
    heap = file.put(b"HEAP" + bytes(4) + struct.pack("<QQQ", 8, 1, 96))
    yield "children.h5", file.finish(file.header([(0x11, struct.pack("<QQ", start, heap))]))

    # A list of chunks that is said again and again by nodes that lie over each other.
    file = hdf5_writer.File()
    start = file.put(b"")
    key = struct.pack("<IIQQ", 8, 0, 0, 0) + struct.pack("<Q", 96)
    nodes = 200
    area = bytearray(key * 66_000)
    for number in range(nodes):
        at = number * 32 * 30
        area[at : at + 24] = b"TREE\1\0" + struct.pack("<HQQ", 65_000, 0, 0)
    leaf = file.put(bytes(area))
    links = b"".join(struct.pack("<IIQQ", 8, 0, 0, 0) + struct.pack("<Q", leaf + n * 32 * 30) for n in range(nodes))
    tree = file.put(b"TREE\1\1" + struct.pack("<HQQ", nodes, 0, 0) + links + bytes(24))
    layout = struct.pack("<BBBQII", 3, 2, 2, tree, 1, 8)
    yield (
        "chunks.h5",
        _group(file, {"t": file.header([(1, hdf5_writer.space(9)), (3, hdf5_writer.text(8)), (8, layout)])}),
    )

    # Members of a record that lie over each other, each as long as all of it.
    file = hdf5_writer.File()
    held, members = file.put(b"1" * 8_000_000), b""
    for number in range(1100):
        members += b"%07d\0" % number + struct.pack("<IB3xII4I", 0, 0, 0, 0, 0, 0, 0, 0) + hdf5_writer.text(8_000_000)
    kind = b"\x16" + struct.pack("<I", 1100)[:3] + struct.pack("<I", 8_000_000) + members
    layout = struct.pack("<BBQQ", 3, 1, held, 8_000_000)
    yield "members.h5", _group(file, {"t": file.header([(1, hdf5_writer.space(1)), (3, kind), (8, layout)])})

    # An array of four thousand million elements in a record of which one byte is there.
    array = (
        b"\x1a\0\0\0"
        + struct.pack("<I", 0xFFFFFFF0)
        + b"\1\0\0\0"
        + struct.pack("<II", 0xFFFFFFF0, 0)
        + hdf5_writer.text(1)
    )
    file = hdf5_writer.File()
    members = b"a".ljust(8, b"\0") + struct.pack("<IB3xII4I", 0, 0, 0, 0, 0, 0, 0, 0) + array
    kind = b"\x16" + struct.pack("<I", 1)[:3] + struct.pack("<I", 0xFFFFFFF0) + members
    layout = struct.pack("<BBQQ", 3, 1, 96, 64)
    yield "array.h5", _group(file, {"t": file.header([(1, hdf5_writer.space(1)), (3, kind), (8, layout)])})

    # Shuffled again and again, by elements half as long as all of it.
    file = hdf5_writer.File()
    chunk = zlib.compress(bytes(40_000_000), 9)
    key = struct.pack("<IIQQQ", len(chunk), 0, 0, 0, file.put(chunk))
    tree = file.put(b"TREE\1\0" + struct.pack("<HQQ", 1, 0, 0) + key + bytes(24))
    layout = struct.pack("<BBBQII", 3, 2, 2, tree, 1, 8)
    filters = struct.pack("<BB6x", 1, 200) + struct.pack("<HHHHII", 2, 0, 0, 1, 20_000_000, 0) * 199
    filters += struct.pack("<HHHHII", 1, 0, 0, 1, 6, 0)
    messages = [(1, hdf5_writer.space(9)), (3, hdf5_writer.text(8)), (11, filters), (8, layout)]
    yield "shuffles.h5", _group(file, {"t": file.header(messages)})

    # Heaps that lie over each other, each of whose things is all that follows.
    file = hdf5_writer.File()
    each, count = 64, 20_000
    start = file.put(b"")
    one = b"GCOL\1\0\0\0" + struct.pack("<Q", 48) + struct.pack("<HH4xQ", 1, 1, 12_000_000) + b"13800138000 ".ljust(32)
    heaps = file.put(one * count + bytes(8_000_000))
    rows = b"".join(struct.pack("<IQI", 9, heaps + number * each, 1) for number in range(count))
    layout = struct.pack("<BBQQ", 3, 1, file.put(rows), len(rows))
    messages = [(1, hdf5_writer.space(count)), (3, hdf5_writer.VARYING), (8, layout)]
    yield "heaps.h5", _group(file, {"t": file.header(messages)})

    # A header whose blocks go on with themselves, with a type of thousands of members in each.
    file = hdf5_writer.File()
    members = b"".join(b"\0" + bytes([0]) + b"\x33\1\0\0\1\0\0\0" for _ in range(1900))
    kind = b"\x36" + struct.pack("<I", 1900)[:3] + struct.pack("<I", 200) + members
    attribute = struct.pack("<BBHHH", 3, 0, 2, len(kind), 4) + b"\0" + b"a\0" + kind + bytes(4)
    attribute += bytes(-len(attribute) % 8)
    start = file.put(b"")
    again = struct.pack("<HHBxxxQQ", 0x10, 16, 0, start, len(attribute) + 8 + 24)
    file.put(struct.pack("<HHBxxx", 0x0C, len(attribute), 0) + attribute + again)
    head = file.put(struct.pack("<BxHIIxxxx", 1, 2, 1, 24) + again)
    yield "continued.h5", file.finish(head)


def _documents() -> Files:
    yield "objects.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" + b"9 0 obj " * 500_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip
    notes = b"".join(b"(%x note) " % number for number in range(150_000))
    yield "notes.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>endobj\n" \
        b"4 0 obj<</Type/Annot/Subtype/Text/Rect[0 0 1 1]/Contents(" + b"1 note " * 200_000 + b")>>endobj\n" \
        b"5 0 obj[" + notes + b"]endobj\ntrailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip
    yield "forms.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA 9 0 R>>>>endobj\n" \
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n9 0 obj[" + b"9 0 R " * 600 + b"]endobj\n" + b"".join(
            b"%d 0 obj[%s]endobj\n" % (number, b"".join(b"%d 0 R " % (number + n) for n in range(1, 500))) for number in range(10, 2000)
        ) + b"trailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip
    yield "packets.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"<x:xmpmeta>" * 1_000_000
    yield f"..%2F..%2F{MARK}.001", b"PK\3\4" + b"x" * 9_000


def _places() -> Files:
    """Places that a format leaves to anybody: very many of them, each to be asked what it holds."""
    head = struct.pack(">I4s2I5B4x", 13, b"IHDR", 1, 1, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I4s", 8, b"prVt") + b"ab\0\1cd\2\3" + bytes(4)
    yield "chunks.png", b"\x89PNG\r\n\x1a\n" + head + chunk * 500_000 + struct.pack(">I4s4x", 0, b"IEND")
    block = b"\x21\xff\x0bPROGRAM1.00\x08ab\0\1cd\2\3\0"
    yield "programs.gif", b"GIF89a\1\0\1\0\0\0\0" + block * 450_000 + b";"
    extra = struct.pack("<2H4s", 0x7075, 4, b"ab\0\1") * 8000
    member = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 1, len(extra)) + b"a" + extra
    yield "extras.zip", member * 150


def _codes() -> Files:
    """What is written in digits, and never ends."""
    yield "calls.js", b"String.fromCharCode(" * 400_000
    yield "lists.js", b"x = [" + b"49,50,51," * 900_000
    yield "digits.sql", b"INSERT INTO t VALUES (X'" + b"31" * 4_000_000
    yield "quotes.sql", b"INSERT INTO t VALUES (" + b"X'," * 2_000_000
    yield "octal-bytes.txt", b"0000000 061 063 070 060 060 061 063 070 060 060 060 012 061 063 070 060\n" * 100_000
    yield "characters.txt", b"0000000   1   3   8   0   0   1   3   8   0   0   0  \\n   1   3   8   0\n" * 100_000
