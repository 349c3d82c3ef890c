"""Files of data formats written by the usual libraries, or by hand where there is none."""

from __future__ import annotations

import io
import sqlite3
import struct
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cbor2
import fastavro
import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pyarrow.parquet

from tests.unpack.customers import NAMES, SOME

type Rows = Sequence[dict[str, Any]]

ORDERS = "CREATE TABLE orders(id INTEGER PRIMARY KEY, order_no TEXT, name TEXT, phone TEXT, address TEXT)"


def sqlite(create: str = ORDERS, before: str = "", after: str = "", *, log: bool = False) -> bytes:
    """Return a database with a table ``orders``, or its write-ahead log."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        database = sqlite3.connect(path)
        database.executescript(f"PRAGMA secure_delete=OFF; {before}")
        if log:
            database.execute("PRAGMA journal_mode=wal")
        database.execute(create)
        database.executemany(
            "INSERT INTO orders(order_no, name, phone, address) VALUES (?,?,?,?)", [one.cells for one in SOME]
        )
        database.commit()
        if after:
            database.executescript(after)
            database.commit()
        data = (Path(folder) / "a.db-wal").read_bytes() if log else b""
        database.close()
        return data or path.read_bytes()


def parquet(rows: Rows, **options: Any) -> bytes:
    return _written(lambda out: pyarrow.parquet.write_table(pa.Table.from_pylist(list(rows)), out, **options))


def orc(rows: Rows, **options: Any) -> bytes:
    return _written(lambda out: pyarrow.orc.write_table(pa.Table.from_pylist(list(rows)), out, **options))


def feather(rows: Rows, **options: Any) -> bytes:
    return _written(lambda out: pyarrow.feather.write_feather(pa.Table.from_pylist(list(rows)), out, **options))


def arrow(table: Any, *, stream: bool = False) -> bytes:
    def write(out: io.BytesIO) -> None:
        with (pa.ipc.new_stream if stream else pa.ipc.new_file)(out, table.schema) as writer:
            writer.write_table(table)

    return _written(write)


def avro(rows: Rows, schema: dict[str, Any], codec: str = "null") -> bytes:
    return _written(lambda out: fastavro.writer(out, schema, rows, codec=codec))


FLAT: dict[str, Any] = {
    "type": "record",
    "name": "o",
    "fields": [{"name": name, "type": ["null", "string"]} for name in NAMES],
}
NESTED: dict[str, Any] = {
    "type": "record",
    "name": "o",
    "fields": [
        {"name": "id", "type": "string"},
        {
            "name": "receiver",
            "type": {
                "type": "record",
                "name": "r",
                "fields": [
                    {"name": "name", "type": "string"},
                    {"name": "phone", "type": "long"},
                    {"name": "address", "type": "string"},
                ],
            },
        },
    ],
}


def _written(write: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def dbf(charset: str = "gb18030") -> bytes:
    fields = (("ORDERNO", "C", 20), ("NAME", "C", 16), ("PHONE", "N", 12), ("ADDRESS", "C", 80))
    size = 1 + sum(width for _, _, width in fields)
    head = struct.pack("<BBBBLHH20x", 3, 126, 1, 1, len(SOME), 33 + 32 * len(fields), size)
    for name, kind, width in fields:
        head += name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width, 0]) + bytes(14)
    body = b""
    for one in SOME:
        body += b" "
        for value, (_, kind, width) in zip(one.cells, fields, strict=True):
            raw = value.encode(charset)
            body += raw.ljust(width) if kind == "C" else raw.rjust(width)
    return head + b"\r" + body + b"\x1a"


def cbor_stream(values: Iterable[Any]) -> bytes:
    return b"".join(cbor2.dumps(value) for value in values)


def bson(value: dict[str, Any]) -> bytes:
    body = b"".join(_bson_value(name.encode() + b"\0", inner) for name, inner in value.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _bson_value(name: bytes, value: Any) -> bytes:
    if isinstance(value, dict):
        return b"\x03" + name + bson(value)
    if isinstance(value, list):
        return b"\x04" + name + bson({str(place): inner for place, inner in enumerate(value)})
    if isinstance(value, int):
        return b"\x12" + name + struct.pack("<q", value)
    text = str(value).encode() + b"\0"
    return b"\x02" + name + struct.pack("<i", len(text)) + text


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number: int, value: str | int | bytes) -> bytes:
    """Return one field of a protobuf message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def messages(*, numbers: bool = False) -> list[bytes]:
    """Return each customer as a protobuf message."""
    return [
        field(1, one.number)
        + field(2, one.name)
        + field(3, int(one.phone) if numbers else one.phone)
        + field(4, one.address)
        for one in SOME
    ]


def framed(message: bytes, flag: int = 0) -> bytes:
    """Return a message in a frame of gRPC."""
    return struct.pack(">BI", flag, len(message)) + message
