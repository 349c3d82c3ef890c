"""Bombs and files made to get out: each must end soon, in little memory, with a verdict, and leave nothing behind.

Whatever is large is written in its packed form directly, so that making it takes no memory either.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

import cbor2
import msgpack
import numpy as np
import py7zr
import pyarrow as pa
import zstandard
from pyarrow import parquet
from tests.samples.containers import zipped
from tests.samples.sample import Files, Sample

MARK: Final = "dlp-sample-was-here"
"""Name of the file that several of these would write if somebody obeyed them."""

_MEGABYTE: Final = bytes(1024 * 1024)


def samples() -> Iterator[Sample]:
    for family in (_packed, _archives, _office, _markup, _texts, _pictures, _data, _documents, _mail, _detectors):
        for name, data in family():
            yield Sample(f"hostile/{name}", data, "gap")


def deflated(megabytes: int, filling: bytes = _MEGABYTE, *, wbits: int = -15) -> bytes:
    """Return so many times the filling, deflated: flushed once, a piece can be repeated as it is."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    head = packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(filling) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * megabytes + packer.flush()


def raw_zip(members: list[tuple[str, bytes, int, int]], *, method: int = 8) -> bytes:
    """Return a zip of (name, packed bytes, checksum, size), whatever these say."""
    body, directory = b"", b""
    for name, packed, crc, size in members:
        at, raw = len(body), name.encode()
        body += (
            struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, method, 0, 33, crc, len(packed), size, len(raw), 0)
            + raw
            + packed
        )
        directory += (
            struct.pack(
                "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, method, 0, 33, crc, len(packed), size, len(raw), 0, 0, 0, 0, 0, at
            )
            + raw
        )
    return (
        body
        + directory
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), len(body), 0)
    )


def _packed() -> Files:
    yield "gigabyte.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\3" + deflated(1024) + bytes(8)
    yield "gigabyte.zz", deflated(1024, wbits=15)
    yield "half-gigabyte.bz2", bz2.compress(_MEGABYTE) * 512
    yield "gigabyte.xz", lzma.compress(_MEGABYTE, preset=1) * 1024
    yield "gigabyte.zst", zstandard.compress(_MEGABYTE) * 1024
    yield "wide-window.zst", b"\x28\xb5\x2f\xfd\x00\xff" + b"\1\0\0" * 4
    nested = b"\x1f\x8b\x08\0\0\0\0\0\0\3" + deflated(300) + bytes(8)
    for _ in range(9):
        nested = gzip.compress(nested, mtime=0)
    yield "nested-nine.gz", nested
    yield "hundred-thousand-members.gz", gzip.compress(b"", mtime=0) * 100_000
    yield "xz-of-huge-dictionary.lzma", b"\x5d\xff\xff\xff\xff" + b"\xff" * 8 + bytes(200)


def _archives() -> Files:
    yield "gigabyte.zip", raw_zip([("a.csv", deflated(1024), 0, 1 << 30)])
    yield "lying-size.zip", raw_zip([("a.csv", deflated(300), 0, 10)])
    floor = raw_zip([(f"{n}", deflated(64), 0, 64 << 20) for n in range(10)])
    for level in range(4):
        floor = raw_zip([(f"{level}-{n}.zip", floor, zlib.crc32(floor), len(floor)) for n in range(8)], method=0) if level % 2 else zipped(
            {f"{level}-{n}.zip": floor for n in range(8)})  # fmt: skip
    yield "nested-42.zip", floor
    yield "overlapping.zip", _overlapping()
    yield "million-names.zip", raw_zip([(f"{n}", b"", 0, 0) for n in range(30_000)], method=0)
    yield (
        "zip-slip.zip",
        zipped(
            {f"../../../../../../tmp/{MARK}": b"x", f"/tmp/{MARK}": b"x", f"C:\\{MARK}": b"x", f"..\\..\\{MARK}": b"x"}
        ),
    )
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as held:
        held.writestr(link, "/etc/passwd")
    yield "symlink.zip", buffer.getvalue()
    yield "links-and-devices.tar", _tar_of_links()
    yield "sparse-terabyte.tar", _sparse()
    yield "lying-size.tar", _tar_header("a", 8 << 30) + b"x" * 512
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as seven:
        seven.writestr(bytes(300 << 20), "a.csv")
    yield "three-hundred-megabytes.7z", buffer.getvalue()
    yield "delta-bomb.pack", _delta_bomb()
    yield (
        "many-members.a",
        b"!<arch>\n" + b"".join(b"%-16d%-12d%-6d%-6d%-8d%-10d`\n" % (n, 0, 0, 0, 0, 0) for n in range(50_000)),
    )


def _overlapping() -> bytes:
    """Many directory entries for one stretch of bytes (the construction of Fifield, 2019, in its simplest form)."""
    packed = deflated(100)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(packed), 100 << 20, 1, 0) + b"a" + packed
    entries = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, 0, len(packed), 100 << 20, 6, 0, 0, 0, 0, 0, 0)
        + b"%06d" % n
        for n in range(3000)
    )
    return local + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3000, 3000, len(entries), len(local), 0)


def _tar_of_links() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as held:
        for name, kind, to in (("l", tarfile.SYMTYPE, "/tmp"), (f"l/{MARK}", tarfile.REGTYPE, ""), ("h", tarfile.LNKTYPE, "/etc/passwd"),
                               ("null", tarfile.CHRTYPE, ""), ("sda", tarfile.BLKTYPE, ""), ("pipe", tarfile.FIFOTYPE, ""),
                               (f"../../tmp/{MARK}", tarfile.REGTYPE, "")):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.devmajor, info.devminor = kind, to, 1, 3
            held.addfile(info)
    return buffer.getvalue()


def _tar_header(name: str, size: int, kind: bytes = b"0") -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def _sparse() -> bytes:
    head = bytearray(_tar_header("a", 512, b"S"))
    head[386:410] = b"%011o\0%011o\0" % (0, 512)
    head[483:495] = b"%011o\0" % (8 << 30 - 3)
    head[148:156] = b"        "
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + b"x" * 512 + bytes(1024)


def _delta_bomb() -> bytes:
    """A pack of a blob of a megabyte and deltas that copy it again and again, each of the last."""

    def head(kind: int, size: int) -> bytes:
        first = kind << 4 | size & 15
        size >>= 4
        out = bytearray()
        while size:
            out.append(first | 128)
            first, size = size & 127, size >> 7
        return bytes(out) + bytes([first])

    blob = bytes(1 << 20)
    pieces = [head(3, len(blob)) + zlib.compress(blob)]
    size = len(blob)
    for _ in range(7):
        wanted = min(size * 8, 0xFFFFFF * 8)
        number = wanted // 0xFFFF
        copies = bytes([0b10110000, 0xFF, 0xFF]) * number
        delta = _size(size) + _size(number * 0xFFFF) + copies
        packed = head(6, len(delta)) + _offset(len(pieces[-1])) + zlib.compress(delta)
        pieces.append(packed)
        size = number * 0xFFFF
    body = b"PACK" + struct.pack(">2L", 2, len(pieces)) + b"".join(pieces)
    return body + bytes(20)


def _size(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def _offset(number: int) -> bytes:
    out = [number & 127]
    number >>= 7
    while number:
        number -= 1
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(reversed(out))


_SHEET: Final = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_TYPES: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(sheet: bytes, shared: bytes = b"") -> bytes:
    """Return an xlsx with this sheet, deflated as it is given."""
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_RELATION}">'
        '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_RELATION}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
    }  # fmt: skip
    listed = [
        (name, deflated(1, text.encode()), zlib.crc32(text.encode()), len(text.encode()))
        for name, text in members.items()
    ]
    listed.append(("xl/worksheets/sheet1.xml", sheet, 0, 0))
    if shared:
        listed.append(("xl/sharedStrings.xml", shared, 0, 0))
    return raw_zip(listed)


def _office() -> Files:
    far = (
        _SHEET
        + '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    )
    yield "far-cell.xlsx", workbook(deflated(1, far.encode()))
    rows = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 10_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(_SHEET.encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    yield "seven-million-rows.xlsx", workbook(head + deflated(700, rows))
    yield "huge-shared-string.xlsx", workbook(deflated(1, far.encode()), deflated(400, b"<si><t>" + b"a" * (1 << 20)))
    columns = _SHEET + "<row>" + "<c><v>1</v></c>" * 2_000_000 + "</row></sheetData></worksheet>"
    yield "two-million-columns.xlsx", workbook(deflated(1, columns.encode()))
    laughs = (
        _SHEET.replace("<worksheet", _LAUGHS + "<worksheet")
        + "<row><c t='str'><v>&lol9;</v></c></row></sheetData></worksheet>"
    )
    yield "billion-laughs.xlsx", workbook(deflated(1, laughs.encode()))
    deep = "<w:p>" * 100_000
    yield (
        "deep-paragraphs.docx",
        zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": f"<w:document xmlns:w='w'>{deep}".encode()}),
    )
    yield "ole-loop.doc", _ole_loop()


def _ole_loop() -> bytes:
    """An old Office file of which sector 0 follows sector 0, and the directory lists itself for ever."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 1, 1, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    fat = struct.pack("<128I", 0xFFFFFFFD, 1, *([0] * 126))
    name = "Workbook".encode("utf-16-le").ljust(64, b"\0")
    entry = name + struct.pack("<HBB3I", 18, 2, 1, 1, 1, 1) + bytes(16 + 20) + struct.pack("<IQ", 1, 0xFFFFFFF)
    return head[:512] + fat + entry * 4 + bytes(5000)


_LAUGHS: Final = "<!DOCTYPE x [<!ENTITY lol '" + "lol" * 10 + "'>" + "".join(
    f"<!ENTITY lol{n} '{f'&lol{n - 1 if n > 1 else str()};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


def _markup() -> Files:
    yield "billion-laughs.xml", f"{_LAUGHS}<x>&lol9;</x>".encode()
    yield "quadratic.xml", ("<!DOCTYPE x [<!ENTITY a '" + "a" * 100_000 + "'>]><x>" + "&a;" * 30_000 + "</x>").encode()
    yield (
        "external-entity.xml",
        f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'><!ENTITY f SYSTEM 'http://127.0.0.1:9/{MARK}'>]><x>&e;&f;</x>".encode(),
    )
    yield (
        "external-entity.svg",
        b"<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&e;</text></svg>",
    )
    yield "deep.xml", b"<a>" * 500_000
    yield "attributes.xml", b"<a " + b" ".join(b"a%d='x'" % n for n in range(200_000)) + b"/>"
    yield "deep.html", b"<div>" * 300_000
    yield "unclosed-comments.html", b"<!--" * 300_000
    yield "many-tables.html", b"<table><tr><td>" * 100_000
    yield (
        "aliases.yaml",
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 108)),
    )
    yield "python-tag.yaml", f"!!python/object/apply:os.system ['touch /tmp/{MARK}']\n".encode()


def _texts() -> Files:
    yield "deep.json", b"[" * 1_000_000
    yield "deep-objects.json", b'{"a":' * 300_000
    yield "million-keys.json", json.dumps({f"k{n}": n for n in range(600_000)}).encode()
    yield "long-number.json", b"[" + b"9" * 5_000_000 + b"]"
    yield "one-long-line.txt", b"a1-" * 6_000_000
    yield (
        "million-columns.csv",
        b",".join(b"%d" % n for n in range(1_000_000)) + b"\n" + b",".join(b"%d" % n for n in range(1_000_000)),
    )
    yield "quotes.csv", b'a,b\n"' + b'""' * 3_000_000
    yield "null-bytes.txt", bytes(8_000_000) + b"x"
    fifty = b"13800138000 " * 40
    for _ in range(50):
        fifty = base64.b64encode(fifty)
        if len(fifty) > 6_000_000:
            break
    yield "base64-in-base64.txt", fifty
    yield "backslashes.json", b'["' + b"\\\\" * 3_000_000 + b'"]'
    yield "many-parameters.form", b"&".join(b"a%d=%%31" % n for n in range(500_000))
    yield "percent-percent.txt", b"%25" * 2_000_000 + b"31"
    yield "groups.rtf", b"{\\rtf1" + b"{" * 1_000_000
    yield "objects.rtf", b"{\\rtf1" + b"{\\object{\\*\\objdata 0105}}" * 100_000 + b"}"
    yield "nested.vcf", b"BEGIN:VCARD\r\n" * 300_000


def _pictures() -> Files:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", 100_000, 100_000, 8, 2, 0, 0, 0)
    yield (
        "huge.png",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", deflated(200, wbits=15)) + chunk(b"IEND", b""),
    )
    yield "text-bomb.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)) + chunk(
        b"zTXt", b"a\0\0" + deflated(1024, wbits=15)) + chunk(b"IEND", b"")  # fmt: skip
    yield (
        "huge.gif",
        b"GIF89a\xff\xff\xff\xff\0\0\0" + b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x08" + b"\xff" + bytes(255) * 40 + b"\0;",
    )
    yield (
        "frames.gif",
        b"GIF89a\x40\x40\x40\x40\0\0\0" + b"\x2c\0\0\0\0\x40\0\x40\0\0\x02\x02\x44\x01\0" * 50_000 + b";",
    )

    def tag(number: int, kind: int, many: int, value: int) -> bytes:
        return struct.pack("<2H2I", number, kind, many, value)

    yield "huge.tif", b"II*\0\x08\0\0\0" + struct.pack("<H", 7) + tag(256, 4, 1, 60_000) + tag(257, 4, 1, 60_000) + tag(258, 3, 1, 8) + tag(
        259, 3, 1, 1) + tag(262, 3, 1, 1) + tag(273, 4, 1, 8) + tag(279, 4, 1, 0x7FFFFFFF) + bytes(4)  # fmt: skip
    yield (
        "loop.tif",
        b"II*\0\x08\0\0\0"
        + struct.pack("<H", 2)
        + tag(0x8769, 4, 1, 8)
        + tag(270, 2, 0x7FFFFFFF, 8)
        + struct.pack("<I", 8),
    )
    yield (
        "huge.bmp",
        b"BM"
        + struct.pack("<IHHI", 1 << 30, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0)
        + bytes(99),
    )
    yield "segments.jpg", b"\xff\xd8" + b"\xff\xfe\0\x02" * 200_000 + b"\xff\xd9"
    yield "lying-item.ico", b"\0\0\1\0\1\0" + struct.pack("<4B2H2I", 0, 0, 0, 0, 1, 32, 0x7FFFFFFF, 22)


def _data() -> Files:
    yield "recursive-view.sqlite", _recursive_view()
    yield "huge-blobs.sqlite", _huge_blobs()
    array = np.zeros(30_000_000, dtype=np.int8)
    buffer = io.BytesIO()
    parquet.write_table(
        pa.table({"a": pa.array(array).cast(pa.string())}), buffer, compression="zstd", use_dictionary=True
    )
    yield "dictionary.parquet", buffer.getvalue()
    yield "four-gigabytes-of-items.msgpack", b"\xdd\xff\xff\xff\xff" + b"\x01" * 200
    yield "deep.msgpack", b"\x91" * 1_000_000 + b"\x01"
    yield "deep-indefinite.cbor", b"\x9f" * 1_000_000
    yield "lying-length.cbor", b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff" + b"x" * 99
    yield "shared-references.cbor", cbor2.dumps(cbor2.CBORTag(28, [cbor2.CBORTag(29, 0)] * 9))
    yield "run-a-command.pickle", b"cos\nsystem\n(S'touch /tmp/" + MARK.encode() + b"'\ntR."
    yield "memo-bomb.pickle", pickle.dumps([b"x" * 100] * 1000) + b"(" * 500_000
    yield "deep.protobuf", _deep_protobuf()
    yield (
        "deep.bplist",
        b"bplist00" + b"\xa1\0" * 100 + bytes(range(8, 208, 2)) + bytes(6) + b"\1\1" + struct.pack(">3Q", 100, 0, 208),
    )
    yield (
        "lying.avro",
        b'Obj\1\2\x16avro.schema\x10"string"\0' + bytes(16) + b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\1" * 2,
    )
    yield (
        "lying.dbf",
        struct.pack("<BBBBIHH", 3, 126, 1, 1, 0xFFFFFFFF, 65, 9)
        + bytes(20)
        + b"A".ljust(11, b"\0")
        + b"C"
        + bytes(4)
        + b"\x08"
        + bytes(15)
        + b"\r",
    )
    yield (
        "lying.arrow",
        b"ARROW1\0\0"
        + struct.pack("<2I", 0xFFFFFFFF, 0x7FFFFFF0)
        + bytes(64)
        + struct.pack("<I", 0x7FFFFF00)
        + b"ARROW1",
    )
    packed = msgpack.packb({"a": "13800138000"})
    yield "many-documents.msgpack", packed * 300_000


def _deep_protobuf() -> bytes:
    inner = b"\x0a\x0b13800138000"
    for _ in range(5000):
        inner = b"\x0a" + _size(len(inner)) + inner
    return inner


def _recursive_view() -> bytes:
    held = sqlite3.connect(":memory:")
    held.execute("CREATE TABLE t (a TEXT)")
    held.execute("CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c")
    held.execute("CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END")
    held.execute("INSERT INTO t VALUES ('hello')")
    held.commit()
    data = held.serialize()
    held.close()
    return data


def _huge_blobs() -> bytes:
    held = sqlite3.connect(":memory:")
    held.execute("CREATE TABLE t (a BLOB)")
    held.execute("INSERT INTO t VALUES (zeroblob(20000000))")
    held.commit()
    data = held.serialize()
    held.close()
    return data


def _documents() -> Files:
    yield (
        "javascript.pdf",
        pdf(b"/OpenAction<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1:9/'\\);while\\(1\\);)>>", b"BT ET"),
    )
    yield "stream-bomb.pdf", pdf(b"", b"", deflated(1024, wbits=15))
    twice = zlib.compress(deflated(1024, wbits=15), 1)
    yield "stream-bomb-twice.pdf", pdf(b"", b"", twice, b"[/FlateDecode/FlateDecode]")
    yield "endless-text.pdf", pdf(b"", b"", zlib.compress(b"BT /F 9 Tf " + b"(13800138000) Tj " * 2_000_000 + b"ET"))
    yield "loop.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1000000>>endobj\n" \
        b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 3/Prev 120>>\nstartxref\n120\n%%EOF"  # fmt: skip
    yield "many-pages.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[" + b"3 0 R " * 200_000 \
        + b"]/Count 200000>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip
    yield "huge-page.pdf", pdf(b"", b"q 100000 0 0 100000 0 0 cm Q").replace(b"[0 0 9 9]", b"[0 0 1e9 1e9]")
    yield "deep-arrays.pdf", b"%PDF-1.7\n1 0 obj" + b"[" * 500_000 + b"endobj\ntrailer<</Root 1 0 R>>"
    yield "font-bomb.ttf", b"\0\1\0\0\xff\xff" + bytes(6) + b"glyf" + b"\xff" * 12 * 65_535


def pdf(catalog: bytes, content: bytes, packed: bytes = b"", packing: bytes = b"/FlateDecode") -> bytes:
    """Return a PDF of one page; `packed` is its content as a stream that is packed already."""
    stream = packed or content
    filters = b"/Filter" + packing if packed else b""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R"
        + catalog
        + b">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"trailer<</Root 1 0 R/Size 6>>\n%%%%EOF" % (len(stream), filters, stream)
    )


def _mail() -> Files:
    inner = b"Content-Type: text/plain\r\n\r\nhello\r\n"
    for level in range(200):
        mark = b"b%d" % level
        inner = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--\r\n' % (
            mark,
            mark,
            inner,
            mark,
        )
    yield "deep.eml", b"From: a@b.example\r\nSubject: x\r\n" + inner
    yield (
        "ten-thousand-parts.eml",
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 15_000
        + b"--b--\r\n",
    )
    yield "million-headers.eml", b"From: a@b.example\r\n" + b"X-A: b\r\n" * 500_000 + b"\r\nhello"
    yield "encoded-words.eml", b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?=31?= " * 200_000 + b"\r\n\r\nhello"
    yield "many-mails.mbox", b"From a@b.example Thu Jan 15 10:00:00 2026\nSubject: x\n\nhello\n\n" * 100_000


def _detectors() -> Files:
    """Text that makes a pattern try again and again: one for each kind of value."""
    baits = {
        "digits": "1" * 31,
        "phones": "138-0013-800 ",
        "addresses": "省市区县路街号",
        "mails": "a.b.c.d.e.f-g_h+",
        "at": "a@b." * 9,
        "cards": "4111 1111 1111 111 ",
        "names": "姓名：收货人：",
        "iban": "DE89 3704 0044 0532 0130 0",
        "passport": "P<UTO" + "<" * 39,
        "base64": "QUFB" * 40 + "\x01",
        "spaced": "1*3*8*",
        "numerals": "一三八零",
        "entities": "&#49;&#51;",
        "keys": "AKIA" * 5 + "password=",
        "streets": "12 Main Street, Apt ",
        "keywords": "订单号 手机 电话 地址 ",
    }
    for name, bait in baits.items():
        yield f"bait-{name}.txt", (bait * (2_000_000 // len(bait.encode()))).encode()
