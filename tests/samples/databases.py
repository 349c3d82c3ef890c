"""Customers as databases, statistics programs and programs' own stores of values keep them."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence

from tests.samples.customers import ENGLISH, Customer
from tests.samples.sample import Files
from tests.unpack import hdf5_writer
from tests.unpack.formats import test_bencode, test_leveldb, test_lmdb, test_v8

type Row = Sequence[str]


def files(some: list[Customer]) -> Files:
    rows = [one.cells for one in some]
    objects = [one.english for one in some]
    texts = [json.dumps(one, ensure_ascii=False).encode() for one in objects]
    yield "000005.ldb", test_leveldb.table([b"\1" + text for text in texts])
    yield "zstd.sst", test_leveldb.table(texts, test_leveldb.ZSTD)
    yield "data.mdb", lmdb(texts)
    yield "serialize.v8", b"\xff\x0f" + test_v8.value(objects)
    yield "indexed-db.v8", b"\xff\x11\xff\x0d" + test_v8.value({"rows": objects})
    yield "rows.bencode", test_bencode.bencode({"rows": objects})
    yield "copy-binary.pgcopy", postgres_copy(rows)
    yield "orders.sav", spss(ENGLISH, rows)
    yield "packed.zsav", spss(ENGLISH, rows, packed=True)
    yield "heap.h5", hdf5_columns(ENGLISH, rows)
    yield "chunks.h5", hdf5_records(ENGLISH, rows)


def lmdb(values: Sequence[bytes]) -> bytes:
    """Return a database of one tree, a few values on each page of leaves."""
    size = test_lmdb.SIZE
    meta = struct.pack("<QHHHHII", 0, 0, 8, 0, 0, 0xBEEFC0DE, 1) + bytes(16) + struct.pack("<I", size)
    pairs = [(b"k%06d" % number, value, 0) for number, value in enumerate(values)]
    pages = [test_lmdb.page(2 + number, 2, pairs[at : at + 8]) for number, at in enumerate(range(0, len(pairs), 8))]
    return meta.ljust(size, b"\0") * 2 + b"".join(pages)


def postgres_copy(rows: Sequence[Row]) -> bytes:
    cells = (struct.pack(">I", len(cell.encode())) + cell.encode() for row in rows for cell in row)
    each = len(rows[0])
    written = list(cells)
    held = b"".join(struct.pack(">H", each) + b"".join(written[at : at + each]) for at in range(0, len(written), each))
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + held + b"\xff\xff"


def spss(names: Row, rows: Sequence[Row], *, packed: bool = False) -> bytes:
    """Return a data file of texts; with `packed` one of zlib blocks (.zsav)."""
    widths = [max(len(row[place].encode()) for row in rows) for place in range(len(names))]
    head = (b"$FL3" if packed else b"$FL2") + b"@(#) SPSS DATA FILE made up".ljust(60)
    head += struct.pack("<5id", 2, 1, 2 * packed, 0, len(rows), 100.0) + b"15 Jan 2610:00:00" + bytes(67)
    records = b""
    for number, width in enumerate(widths):
        records += struct.pack("<6i", 2, width, 0, 0, 0, 0) + (b"V%d" % number).ljust(8)
        records += (struct.pack("<6i", 2, -1, 0, 0, 0, 0) + b" " * 8) * (-(-width // 8) - 1)
    long = "\t".join(f"V{number}={name}" for number, name in enumerate(names)).encode()
    head += records + struct.pack("<4i", 7, 13, 1, len(long)) + long + struct.pack("<2i", 999, 0)
    cases = [cell.encode().ljust(-(-width // 8) * 8) for row in rows for cell, width in zip(row, widths, strict=True)]
    held = b"".join(cases)
    if not packed:
        return head + held
    pieces = [held[at : at + 64].ljust(64) for at in range(0, len(held), 64)]
    block = zlib.compress(b"".join(b"\xfd" * 8 + piece for piece in pieces))
    return head + struct.pack("<3q", len(head), len(head) + 24 + len(block), 48) + block + bytes(48)


def hdf5_columns(names: Row, rows: Sequence[Row]) -> bytes:
    """Return a column each, of texts of any length in heaps."""
    file = hdf5_writer.File()
    members: dict[str, int] = {}
    for place, name in enumerate(names):
        cells = [row[place].encode() for row in rows]
        held = b"".join(
            struct.pack("<HH4xQ", number, 1, len(cell)) + cell + bytes(-len(cell) % 8)
            for number, cell in enumerate(cells, 1)
        )
        heap = file.put(b"GCOL\1\0\0\0" + struct.pack("<Q", 16 + len(held)) + held)
        references = b"".join(struct.pack("<IQI", len(cell), heap, number) for number, cell in enumerate(cells, 1))
        layout = struct.pack("<BBQQ", 3, 1, file.put(references), len(references))
        members[name] = file.header([(1, hdf5_writer.space(len(rows))), (3, hdf5_writer.VARYING), (8, layout)])
    return file.finish(file.group({"orders": file.group(members)}))


def hdf5_records(names: Row, rows: Sequence[Row]) -> bytes:
    """Return records in one chunk, their bytes shuffled and deflated, with a title beside them."""
    file = hdf5_writer.File()
    widths = [max(len(row[place].encode()) for row in rows) for place in range(len(names))]
    size, members, offset = sum(widths), b"", 0
    for name, width in zip(names, widths, strict=True):
        padded = name.encode() + bytes(8 - len(name) % 8)
        members += padded + struct.pack("<IB3xII4I", offset, 0, 0, 0, 0, 0, 0, 0) + hdf5_writer.text(width)
        offset += width
    kind = b"\x16" + struct.pack("<I", len(names))[:3] + struct.pack("<I", size) + members
    raw = b"".join(cell.encode().ljust(width, b"\0") for row in rows for cell, width in zip(row, widths, strict=True))
    chunk = zlib.compress(b"".join(raw[place::size] for place in range(size)))
    key = struct.pack("<IIQQQ", len(chunk), 0, 0, 0, file.put(chunk))
    tree = file.put(b"TREE\1\0" + struct.pack("<HQQ", 1, hdf5_writer.UNSET, hdf5_writer.UNSET) + key + bytes(24))
    filters = struct.pack("<BB6xHHHHIIHHHHII", 1, 2, 2, 0, 0, 1, size, 0, 1, 0, 0, 1, 6, 0)
    title = (
        struct.pack("<BBHHH", 1, 0, 6, 8, 8) + b"title\0\0\0" + hdf5_writer.text(8) + struct.pack("<BBBB4x", 1, 0, 0, 0)
    )
    layout = struct.pack("<BBBQII", 3, 2, 2, tree, len(rows), size)
    messages = [
        (1, hdf5_writer.space(len(rows))), (3, kind), (11, filters), (8, layout), (12, title + b"customer"),
    ]  # fmt: skip
    return file.finish(file.group({"t": file.header(messages)}))
