from __future__ import annotations

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack.budget import Budget, Exhausted


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


def test_of_what_was_sent_in_pieces_all_that_is_read_as_one_brings_time() -> None:
    time = Clocked()
    Budget(LIMITS, time=time).lengthen(3 * LIMITS.work_bytes)
    assert time.more == pytest.approx(3.0)


def test_unpacking_stops_when_its_time_is_gone() -> None:
    meter = Budget(LIMITS, time=Clocked(gone=True), sent=1).meter(1 << 30)
    with pytest.raises(Exhausted, match="unpacking took too long"):
        meter.charge(1)
