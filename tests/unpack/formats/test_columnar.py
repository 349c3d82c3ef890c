"""Parquet, Arrow, Feather, ORC: what pyarrow reads."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from dlp_proxy.model.limits import LIMITS
from tests.unpack.customers import COUNT, CSV, SOME, nested, reasons, rows, seen, with_numbers
from tests.unpack.samples import text_of, tight, unpack_body
from tests.unpack.writers import Rows, arrow, feather, orc, parquet

ROOT: Final = Path(__file__).parents[3]


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
def test_parquet_in_every_codec(codec: str) -> None:
    assert seen(parquet(rows(), compression=codec)) == ("parquet", COUNT, [])


def test_numbers_are_digits() -> None:
    floats = [{**one, "phone": float(one["phone"])} for one in rows()]
    for data in (with_numbers(), floats):
        assert seen(parquet(data)) == ("parquet", COUNT, [])
        assert seen(orc(data)) == ("orc", COUNT, [])
        assert seen(feather(data)) == ("arrow", COUNT, [])


def test_values_within_values() -> None:
    assert seen(parquet(nested())) == ("parquet", COUNT, [])
    assert seen(parquet([{"orders": nested()}])) == ("parquet", COUNT, [])
    assert seen(orc(nested())) == ("orc", COUNT, [])


def test_arrow_as_file_and_as_stream() -> None:
    table = pa.Table.from_pylist(rows())
    assert seen(arrow(table)) == ("arrow", COUNT, [])
    assert seen(arrow(table, stream=True)) == ("arrow", COUNT, [])
    assert seen(feather(rows(), compression="zstd")) == ("arrow", COUNT, [])


def test_an_arrow_file_whose_footer_alone_has_the_schema() -> None:
    data = arrow(pa.Table.from_pylist(rows()))
    assert data[8:12] == b"\xff" * 4  # the first message, which is the schema
    assert seen(data[:8] + bytes(8) + data[16:]) == ("arrow", COUNT, [])


def test_columns_metadata_and_what_follows_are_read() -> None:
    table = pa.Table.from_pylist(rows()).replace_schema_metadata({"note": "call 13800138000"})
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    unpacked = unpack_body(out.getvalue() + b"and 13900139000 after it")
    assert unpacked.parts[0].columns == ("order_no", "name", "phone", "address")
    assert "call 13800138000" in text_of(unpacked)
    assert "and 13900139000" in text_of(unpacked)


def test_bytes_in_cells_are_read() -> None:
    table = pa.table({"a": pa.array([b"13800138000", b"\0\1\2\3" + b"phone 13900139000"])})
    text = text_of(unpack_body(arrow(table)))
    assert "13800138000" in text
    assert "phone 13900139000" in text


MILLION = "x" * 1_000_000
BOMBS = {
    "dictionary": lambda: arrow(
        pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 9000, pa.int8()), pa.array([MILLION]))})
    ),
    "nothing": lambda: arrow(pa.table({"a": pa.nulls(2_000_000_000)})),
    "runs": lambda: arrow(
        pa.table(
            {"a": pa.RunEndEncodedArray.from_arrays(pa.array([1_000_000], pa.int32()), pa.array([MILLION[:9999]]))}
        )
    ),
    "repeated": lambda: parquet([{"a": MILLION[:99_999]}] * 500),
    "zeros": lambda: parquet([{"a": bytes(500_000)}] * 40, compression="zstd", use_dictionary=False),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_bomb_is_a_gap(name: str) -> None:
    assert reasons(BOMBS[name]()) == ["too-large"]


def test_rows_stop_at_the_limit() -> None:
    assert reasons(parquet(rows()), tight(values=20)) == ["too-large"]
    assert LIMITS.values > COUNT


@pytest.mark.parametrize("write", [parquet, orc, feather])
@pytest.mark.parametrize("cut", [40, 200, 900, -1400])
def test_a_cut_file_is_a_gap(write: Callable[[Rows], bytes], cut: int) -> None:
    found = reasons(write(rows())[:cut])
    assert found != []
    assert set(found) <= {"malformed", "unknown-format"}


def test_a_locked_footer_is_a_gap() -> None:
    assert reasons(b"PARE" + bytes(40) + b"PARE") == ["encrypted"]


@pytest.mark.parametrize("kind", ["<i2", "<f4", "<i4", "<f8", "<i8"])
def test_a_file_that_was_read_as_numbers_is_read(kind: str) -> None:
    numbers = pa.array(np.frombuffer(CSV * 9 + bytes(-9 * len(CSV) % 8), kind))
    for column in (numbers, pa.array([numbers.to_pylist()], pa.list_(numbers.type))):
        table = pa.table({"a": column})
        out = io.BytesIO()
        pyarrow.parquet.write_table(table, out)
        for data in (out.getvalue(), arrow(table)):
            text = text_of(unpack_body(data))
            assert [one.phone in text for one in SOME] == [True] * COUNT


_EVERY_BYTE: Final = """
import sys
from tests.unpack.samples import unpack_body
data = sys.stdin.buffer.read()
for place in range(len(data) - int.from_bytes(data[-8:-4], "little") - 8, len(data)):
    unpack_body(data[:place] + bytes([(data[place] + 1) % 256]) + data[place + 1 :])
"""


def test_no_damage_to_a_footer_ends_the_process() -> None:
    """Of a column whose statistics do not fit each other pyarrow ended it when that was asked for its size."""
    data = parquet(rows()[:2])
    ended = subprocess.run([sys.executable, "-c", _EVERY_BYTE], input=data, capture_output=True, cwd=ROOT, check=False)
    assert ended.returncode == 0, ended.stderr.decode()[-500:]
