"""The clock that limits work."""

from __future__ import annotations

import time

from dlp_proxy.wiring.cpu_clock import CpuClock


def test_it_goes_with_the_cpu_and_never_back() -> None:
    clock = CpuClock()
    seen = [clock()]
    began = time.process_time()
    while time.process_time() - began < 0.05:
        seen.append(clock())
    assert seen == sorted(seen)
    assert seen[-1] - seen[0] > 0.03
    assert len(set(seen)) < len(seen) / 10  # it is asked seldom


def test_it_stands_while_nothing_is_done() -> None:
    clock = CpuClock()
    before = clock()
    time.sleep(0.05)
    assert clock() - before < 0.04
