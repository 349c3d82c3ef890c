from __future__ import annotations

import gzip
import io
from typing import Any

import numpy as np
import pytest

from tests.unpack.customers import COUNT, CSV, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

CELLS = np.array([one.cells for one in SOME])


def npy(array: Any, **named: bool) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **named)
    return buffer.getvalue()


@pytest.mark.parametrize("array", [CELLS, np.asfortranarray(CELLS), CELLS.astype(">U60")])
def test_every_row_in_every_order(array: Any) -> None:
    assert seen(npy(array)) == ("npy", COUNT, [])


def test_records_have_their_names() -> None:
    data = npy(np.array([one.cells for one in SOME], dtype=[(name, "U60") for name in NAMES]))
    assert seen(data) == ("npy", COUNT, [])
    assert unpack_body(data).parts[0].columns == NAMES


def test_objects_are_read_as_the_pickle_they_are() -> None:
    assert SOME[0].phone in text_of(unpack_body(npy(CELLS.astype(object), allow_pickle=True)))


def test_numbers_are_read_when_they_are_long_enough_to_be_anybodys() -> None:
    phones = np.array([int(one.phone) for one in SOME])
    assert SOME[0].phone in text_of(unpack_body(npy(phones)))
    assert SOME[0].phone in text_of(unpack_body(npy(phones.astype(float))))
    assert text_of(unpack_body(npy(np.linspace(0, 1, 1000)))) == ""


def test_a_cut_array_is_a_gap_and_gives_what_it_has() -> None:
    data = npy(CELLS)[:-100]
    assert "malformed" in reasons(data)
    assert SOME[0].phone in text_of(unpack_body(data))


@pytest.mark.parametrize("shape", ["(60, 10000000000)", "(10000000000, 10000000000)", "(60, -4)", "60", "()"])
def test_a_lying_shape_costs_nothing(shape: str) -> None:
    data = npy(CELLS)
    header = data.replace(b"(60, 4)", shape.encode())
    size = int.from_bytes(data[8:10], "little") + len(header) - len(data)
    lying = header[:8] + size.to_bytes(2, "little") + header[10:]
    assert "failed" not in reasons(lying)


@pytest.mark.parametrize("kind", ["u1", "<i2", "<f4", "<i4", "<f8", "<i8", "<U2", "<U1"])
def test_a_file_that_was_read_as_numbers_is_read(kind: str) -> None:
    for held in (CSV, gzip.compress(CSV), b"\x90" * 512 + CSV):
        text = text_of(unpack_body(npy(np.frombuffer(held + bytes(-len(held) % 8), kind))))
        assert [one.phone in text for one in SOME] == [True] * COUNT
