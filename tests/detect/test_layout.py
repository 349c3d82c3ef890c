"""Which unit lies in which, by one sweep as by asking one at a time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.layout import innermost, parents
from dlp_proxy.model.message import Unit


def nested(marks: list[int]) -> list[Unit]:
    units: list[Unit] = []
    opened: list[int] = []
    position = 0
    for mark in marks:
        position += mark % 3
        if mark % 2 and opened:
            place = opened.pop()
            units[place] = units[place]._replace(end=position)
        else:
            opened.append(len(units))
            units.append(Unit(position, position, "object", ""))
    return [unit if unit.end > unit.start else unit._replace(end=position + 1) for unit in units]


@settings(max_examples=200, deadline=None)
@given(marks=st.lists(st.integers(0, 11), max_size=30))
def test_one_sweep_says_what_looking_through_all_units_says(marks: list[int]) -> None:
    made = nested(marks)
    units = [unit for unit in made if all(_nests(unit, other) for other in made)]
    units.sort(key=lambda unit: (unit.start, -unit.end))
    holding = [[number for number, unit in enumerate(units) if unit.start <= at < unit.end] for at in range(100)]
    assert innermost(units, range(100)) == [max(numbers, default=-1) for numbers in holding]


def _nests(one: Unit, other: Unit) -> bool:
    apart = one.end <= other.start or other.end <= one.start
    inside = (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)
    return apart or inside


def test_parents_are_the_innermost_around() -> None:
    units = [Unit(*span, "object", "") for span in ((0, 20), (0, 10), (2, 4), (4, 6), (12, 14), (20, 30), (21, 22))]
    assert parents(units) == [-1, 0, 1, 1, 0, -1, 5]


def test_before_between_and_behind_units_is_none() -> None:
    units = [Unit(2, 4, "row", ""), Unit(5, 7, "row", "")]
    assert innermost(units, [0, 2, 3, 4, 5, 6, 7, 9]) == [-1, 0, 0, -1, 1, 1, -1, -1]
    assert (innermost([], [1, 2]), parents([])) == ([-1, -1], [])
