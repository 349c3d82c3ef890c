"""How the units of a part lie in each other, for many characters or units at once.

One sweep each: looking through the units for every finding would be quadratic where thousands of objects lie in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlp_proxy.model.message import Unit


def innermost(units: Sequence[Unit], starts: Iterable[int]) -> list[int]:
    """Return for each of the ascending `starts` the index of the innermost unit around it, or -1."""
    if not units:
        return [-1 for _ in starts]
    if is_flat(units):
        return _in_flat(units, starts)
    found: list[int] = []
    open_units: list[int] = []
    coming = 0
    for start in starts:
        while coming < len(units) and units[coming].start <= start:
            _close(units, open_units, units[coming].start)
            open_units.append(coming)
            coming += 1
        _close(units, open_units, start)
        found.append(open_units[-1] if open_units else -1)
    return found


def is_flat(units: Sequence[Unit]) -> bool:
    """Say whether no unit lies in another, as the rows of a table."""
    end = -1
    for unit in units:
        if unit.start < end:
            return False
        end = unit.end
    return True


def _in_flat(units: Sequence[Unit], starts: Iterable[int]) -> list[int]:
    found: list[int] = []
    ahead = iter(enumerate(units))
    number, unit = next(ahead, (-1, None))
    for start in starts:
        while unit is not None and unit.end <= start:
            number, unit = next(ahead, (-1, None))
        found.append(number if unit is not None and unit.start <= start else -1)
    return found


def parents(units: Sequence[Unit]) -> list[int]:
    """Return for each unit the index of the innermost unit around it, or -1."""
    found: list[int] = []
    open_units: list[int] = []
    for number, unit in enumerate(units):
        _close(units, open_units, unit.start)
        found.append(open_units[-1] if open_units else -1)
        open_units.append(number)
    return found


def _close(units: Sequence[Unit], open_units: list[int], position: int) -> None:
    while open_units and units[open_units[-1]].end <= position:
        open_units.pop()
