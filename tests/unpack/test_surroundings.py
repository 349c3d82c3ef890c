from __future__ import annotations

import pytest

from dlp_proxy.unpack.surroundings import surroundings


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], []),
        ([(5, 6)], [(0, 16)]),
        ([(50, 52)], [(40, 62)]),
        ([(50, 52), (71, 71)], [(40, 81)]),
        ([(50, 52), (72, 72)], [(40, 82)]),
        ([(50, 52), (73, 75)], [(40, 62), (63, 85)]),
        ([(0, 0), (95, 99)], [(0, 10), (85, 100)]),
        ([(20, 60), (30, 31)], [(10, 70)]),
    ],
)
def test_stretches_that_touch_are_one(places: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert list(surroundings(places, 10, 100)) == expected
