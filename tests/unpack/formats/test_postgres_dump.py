from __future__ import annotations

import zlib

import pytest

from tests.samples import traps
from tests.samples.tools import postgres_dump
from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import tight, unpack_body

ROWS = [one.cells for one in SOME]


@pytest.mark.parametrize("version", [(1, 10), (1, 13), (1, 14), (1, 15), (1, 16)])
def test_a_table_has_its_rows_and_columns(version: tuple[int, int]) -> None:
    data = postgres_dump(NAMES, ROWS, version)
    assert seen(data) == ("postgres_dump", COUNT, [])
    assert NAMES in [part.columns for part in unpack_body(data).parts]


def test_hostile_archives() -> None:
    whole = postgres_dump(NAMES, ROWS)
    bomb = zlib.compress(bytes(80_000_000))
    at = whole.index(b"\1\0\7\0\0\0\0", 60)
    for data in (
        whole[:-200],
        whole[:90],
        whole[:5] + b"\1\x63" + whole[7:],
        whole[: at + 6] + b"\0" + len(bomb).to_bytes(4, "little") + bomb + bytes(5),
        whole[:60] + b"\xff" * 200,
    ):
        assert "failed" not in reasons(data)


def test_a_statement_counts_for_each_block_that_says_it_is_of_its_table() -> None:
    (_, data), *_ = (one for one in traps.files() if one[0] == "statement-again.dump")
    assert "too-large" in reasons(data, tight(expanded_bytes=20_000_000))
