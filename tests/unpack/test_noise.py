"""One look by arithmetic sees what patterns see, one after the other."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from dlp_proxy.unpack.noise import sights

STRIDE = 128 * 1024


def spans(pattern: bytes, data: bytes) -> list[tuple[int, int]]:
    return [hit.span() for hit in re.finditer(pattern, data)]


def mixed(some: random.Random, count: int) -> bytes:
    """Return texts in all charsets, and what looks like them, between noise."""
    chinese, latin = "北京市朝阳区建国路", "tel 13800138000 x"
    makers: list[Callable[[], bytes]] = [
        lambda: some.randbytes(some.randrange(200)),
        lambda: bytes(some.randrange(40)),
        lambda: chinese[: some.randrange(1, 10)].encode(some.choice(["utf-8", "gb18030", "utf-16-le"])),
        lambda: latin[some.randrange(8) : some.randrange(8, 17)].encode(
            some.choice(["ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
        ),
        lambda: bytes(some.choices(range(0xA1, 0xFF), k=some.randrange(30))),
        lambda: bytes(some.choices(range(32, 127), k=some.randrange(14))),
    ]
    made = bytearray()
    while len(made) < count:
        made += some.choice(makers)()
    return bytes(made[:count])


@pytest.mark.parametrize("size", [0, 1, 5, 8, 100, STRIDE - 3, STRIDE, STRIDE + 7, 2 * STRIDE])
@pytest.mark.parametrize("seed", range(4))
def test_every_run_is_seen_where_it_is(size: int, seed: int) -> None:
    some = random.Random(seed)
    data = mixed(some, size) if seed else some.randbytes(size)
    seen = sights(data, 0, size)
    assert seen.plain.spans() == spans(rb"[ -~\t]{6,}", data)
    assert seen.triple.spans() == spans(rb"[\x80-\xbf\xe4-\xe9]{6,}", data)
    assert seen.double.spans() == spans(rb"[\xa1-\xfe]{8,}", data)
    assert seen.wide.spans() == spans(rb"[\0 -~\t]{8,}", data)


@pytest.mark.parametrize("before", range(10))
def test_a_run_over_the_seam_of_two_strides_is_one(before: int) -> None:
    data = b"\1" * (STRIDE - before) + b"printable" + b"\1" * 20 + b"\xa1" * 9
    seen = sights(data, 0, len(data))
    assert seen.plain.spans() == [(STRIDE - before, STRIDE - before + 9)]
    assert seen.double.spans() == [(len(data) - 9, len(data))]


@pytest.mark.parametrize(("start", "end"), [(3, 40), (STRIDE - 3, STRIDE + 40), (0, 12)])
def test_what_stands_around_a_stretch_is_no_part_of_its_runs(start: int, end: int) -> None:
    assert sights(b"x" * 2 * STRIDE, start, end).plain.spans() == [(start, end)]
