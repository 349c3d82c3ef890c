"""Files of databases and of data pipelines, and binary forms of objects."""

from __future__ import annotations

import io
import pickle
import plistlib
import sqlite3
import struct
import tempfile
from pathlib import Path
from typing import Any

import cbor2
import fastavro
import msgpack
import numpy as np
import pyarrow as pa
from pyarrow import feather, orc, parquet
from tests.samples.customers import ENGLISH, Customer
from tests.samples.sample import Files


def files(some: list[Customer]) -> Files:
    rows = [one.english for one in some]
    yield "orders.sqlite", _sqlite(some)
    yield "deleted-rows.sqlite", _sqlite(some, delete=True)
    yield "named.jpg", _sqlite(some)
    columns = pa.table({name: [one.english[name] for one in some] for name in ENGLISH})
    yield "orders.parquet", _written(lambda to: parquet.write_table(columns, to))
    yield "zstd.parquet", _written(lambda to: parquet.write_table(columns, to, compression="zstd"))
    yield "orders.feather", _written(lambda to: feather.write_feather(columns, to, compression="lz4"))
    yield "orders.arrow", _written(lambda to: _arrow(columns, to))
    yield "stream.arrows", _written(lambda to: _arrow(columns, to, stream=True))
    yield "orders.orc", _written(lambda to: orc.write_table(columns, to))
    schema = {"type": "record", "name": "o", "fields": [{"name": name, "type": "string"} for name in ENGLISH]}
    yield "orders.avro", _written(lambda to: fastavro.writer(to, schema, rows))
    yield "deflate.avro", _written(lambda to: fastavro.writer(to, schema, rows, codec="deflate"))
    yield "orders.dbf", _dbf(some)
    yield "maps.msgpack", msgpack.packb(rows)
    yield "stream.msgpack", b"".join(msgpack.packb(row) for row in rows)
    yield "orders.cbor", cbor2.dumps(rows)
    yield "orders.bson", b"".join(_bson(row) for row in rows)
    yield "protocol-4.pickle", pickle.dumps(rows, protocol=4)
    yield "protocol-0.pickle", pickle.dumps(rows, protocol=0)
    yield "binary.plist", plistlib.dumps(rows, fmt=plistlib.FMT_BINARY)
    messages = [_protobuf([cell.encode() for cell in one.cells]) for one in some]
    yield "list.protobuf", b"".join(b"\x0a" + _varint(len(one)) + one for one in messages)
    yield "delimited.protobuf", b"".join(_varint(len(one)) + one for one in messages)
    yield "messages.grpc", b"".join(b"\0" + struct.pack(">I", len(one)) + one for one in messages)
    yield from _arrays(some)
    yield "arrow-columns.pickle", pickle.dumps({name: columns[name].chunk(0) for name in ENGLISH}, protocol=5)
    yield "release-114.dta", _stata(some)


def _arrays(some: list[Customer]) -> Files:
    cells = np.array([one.cells for one in some])
    yield "array.npy", _written(lambda to: np.save(to, cells))
    yield "fortran.npy", _written(lambda to: np.save(to, np.asfortranarray(cells)))
    yield "objects.npy", _written(lambda to: np.save(to, cells.astype(object), allow_pickle=True))
    record = [(name, f"U{1 + max(map(len, cells[:, place]))}") for place, name in enumerate(ENGLISH)]
    yield "records.npy", _written(lambda to: np.save(to, np.array([one.cells for one in some], dtype=record)))
    columns: dict[str, Any] = {name: cells[:, place] for place, name in enumerate(ENGLISH)}
    yield "columns.npz", _written(lambda to: np.savez_compressed(to, **columns))


def _stata(some: list[Customer]) -> bytes:
    """A data set of Stata 10, all of texts."""
    width, names = 120, [name.encode().ljust(33, b"\0") for name in ENGLISH]
    head = struct.pack("<4BHI", 114, 2, 1, 0, len(names), len(some)) + bytes(81 + 18)
    types = bytes([width]) * len(names) + b"".join(names) + bytes(2 * (len(names) + 1))
    labels = b"%9s".ljust(49, b"\0") * len(names) + bytes((33 + 81) * len(names)) + bytes(5)
    rows = b"".join(cell.encode().ljust(width, b"\0") for one in some for cell in one.cells)
    return head + types + labels + rows


def _written(write: object) -> bytes:
    buffer = io.BytesIO()
    write(buffer)  # type: ignore[operator]
    return buffer.getvalue()


def _sqlite(some: list[Customer], *, delete: bool = False) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        held = sqlite3.connect(path)
        held.execute("PRAGMA secure_delete = OFF")
        held.execute(f"CREATE TABLE orders (id INTEGER PRIMARY KEY, {', '.join(f'{name} TEXT' for name in ENGLISH)})")
        held.executemany("INSERT INTO orders VALUES (NULL, ?, ?, ?, ?, ?)", [one.cells for one in some])
        held.commit()
        if delete:
            held.execute("DELETE FROM orders")
            held.commit()
        held.close()
        return path.read_bytes()


def _arrow(columns: pa.Table, to: io.BytesIO, *, stream: bool = False) -> None:
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(to, columns.schema) as writer:
        writer.write_table(columns)


def _dbf(some: list[Customer]) -> bytes:
    widths = (24, 12, 16, 60, 40)
    fields = b"".join(
        name.upper().encode()[:10].ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
        for name, width in zip(ENGLISH, widths, strict=True)
    )
    head = (
        struct.pack("<BBBBIHH", 3, 126, 1, 15, len(some), 32 + len(fields) + 1, 1 + sum(widths))
        + bytes(17)
        + b"\x4d"
        + bytes(2)
    )
    rows = b"".join(
        b" " + b"".join(cell.encode("gbk")[:width].ljust(width) for cell, width in zip(one.cells, widths, strict=True))
        for one in some
    )
    return head + fields + b"\r" + rows + b"\x1a"


def _bson(row: dict[str, str]) -> bytes:
    body = b"".join(
        b"\x02" + name.encode() + b"\0" + struct.pack("<i", len(value.encode()) + 1) + value.encode() + b"\0"
        for name, value in row.items()
    )
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _protobuf(values: list[bytes]) -> bytes:
    return b"".join(bytes([number << 3 | 2]) + _varint(len(value)) + value for number, value in enumerate(values, 1))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])
