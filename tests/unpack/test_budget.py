from __future__ import annotations

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack.budget import Budget, Exhausted
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body, zipped


class Clocked:
    """Time that notes by how much it was extended."""

    def __init__(self, *, gone: bool = False) -> None:
        self.more = 0.0
        self.gone = gone

    def over(self, _share: float, /) -> bool:
        return self.gone

    def extend(self, seconds: float, /) -> None:
        self.more += seconds

    def restart(self) -> None:
        raise AssertionError


def test_what_is_unpacked_brings_time_in_proportion_to_what_was_sent() -> None:
    time = Clocked()
    meter = Budget(LIMITS, time=time, sent=LIMITS.work_bytes // 3).meter(1 << 30)
    for _ in range(100):
        meter.charge(LIMITS.work_bytes // 20)
    assert time.more == pytest.approx(1.0)


def test_what_was_packed_brings_more() -> None:
    time = Clocked()
    meter = Budget(LIMITS, time=time, sent=LIMITS.work_bytes // 8).meter(1 << 30)
    for _ in range(100):
        meter.charge(LIMITS.work_bytes // 20, packed=True)
    assert time.more == pytest.approx(3.0)


def test_of_what_was_sent_in_pieces_all_that_is_read_as_one_brings_time() -> None:
    time = Clocked()
    Budget(LIMITS, time=time).lengthen(3 * LIMITS.work_bytes)
    assert time.more == pytest.approx(3.0)


def test_unpacking_stops_when_its_time_is_gone() -> None:
    meter = Budget(LIMITS, time=Clocked(gone=True), sent=1).meter(1 << 30)
    with pytest.raises(Exhausted, match="unpacking took too long"):
        meter.charge(1)


@pytest.mark.parametrize("limit", [1, 3])
def test_so_many_containers_inside_containers_are_opened_and_no_more(limit: int) -> None:
    body = b"call 13800138000"
    for _ in range(limit):
        body = zipped({"a": body})
    whole, deeper = (unpack_body(one, limits=tight(depth=limit)) for one in (body, zipped({"a": body})))
    assert "13800138000" in text_of(whole)
    assert whole.gaps == ()
    assert [reason for reason, _ in gaps_of(deeper)] == ["too-deep"]


def test_so_many_files_are_opened_and_no_more() -> None:
    body = zipped({f"{number}.txt": b"call %d" % number for number in range(20)})
    assert unpack_body(body, limits=tight(members=20)).gaps == ()
    fewer = unpack_body(body, limits=tight(members=19))
    assert [reason for reason, _ in gaps_of(fewer)] == ["too-large"]
    assert "call 18" in text_of(fewer)


def test_so_many_parts_are_kept_and_no_more() -> None:
    body = zipped({f"{number}.txt": b"call %d" % number for number in range(20)})
    count = len(unpack_body(body).parts)
    assert unpack_body(body, limits=tight(parts=count)).gaps == ()
    fewer = unpack_body(body, limits=tight(parts=count - 1))
    assert ([reason for reason, _ in gaps_of(fewer)], len(fewer.parts)) == (["too-large"], count - 1)
