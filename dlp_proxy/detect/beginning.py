"""The first stretch of a message's parts, as parts of their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from dlp_proxy.model.message import Part


def beginning(parts: Sequence[Part], characters: int) -> tuple[Part, ...] | None:
    """Return the parts up to about so many characters in all, the last cut at a line end; None when there is no more.

    Units that were cut end with the text.
    """
    taken: list[Part] = []
    left = characters
    for part in parts:
        if len(part.text) <= left:
            taken.append(part)
            left -= len(part.text)
            continue
        cut = part.text.rfind("\n", 0, left) + 1
        if cut:
            taken.append(_first(part, cut))
        return tuple(taken)
    return None


def _first(part: Part, cut: int) -> Part:
    units = part.units[: bisect_left(part.units, cut, key=lambda unit: unit.start)]
    fields = part.fields[: bisect_left(part.fields, cut, key=lambda field: field.start)]
    return Part(
        part.location,
        part.text[:cut],
        tuple(unit if unit.end <= cut else unit._replace(end=cut) for unit in units),
        tuple(field if field.end <= cut else field._replace(end=cut) for field in fields),
        part.columns,
    )
