"""Many short texts looked at together: archives of programs have thousands of names, and a look at each takes as long
as one at some hundred of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.disguise.hints import may_be_ungated
from dlp_proxy.detect.fold import fold
from dlp_proxy.model.message import LatePart, Part

_MANY: Final = 64
"""Short parts of a message from which looking at them together is worth it."""
_SHORT: Final = 512
_AT_ONCE: Final = 8 * 1024
_BETWEEN: Final = "\n\n"
"""Stands between two texts. What a detector finds in one it would find beside it as well, so nothing is lost."""


def quiet(parts: Sequence[Part], detectors: DetectorSet) -> frozenset[int]:
    """Return the places of short parts in which no detector can find anything, and no disguise stands.

    A glance is sound for each of the texts that it is given together: it says where matches may start, never where not.
    """
    if len(parts) < _MANY or detectors.engine != "hyperscan":
        return frozenset()
    short = [place for place, part in enumerate(parts) if _is_short(part)]
    if len(short) < _MANY:
        return frozenset()
    found: list[int] = []
    some: list[int] = []
    size = 0
    for place in short:
        some.append(place)
        size += len(parts[place].text) + len(_BETWEEN)
        if size >= _AT_ONCE:
            found += _quiet(parts, some, detectors)
            some, size = [], 0
    return frozenset(found + _quiet(parts, some, detectors))


def _is_short(part: Part) -> bool:
    return (
        not isinstance(part, LatePart) and len(part.text) <= _SHORT and not (part.fields or part.columns or part.opened)
    )


def _quiet(parts: Sequence[Part], places: list[int], detectors: DetectorSet) -> list[int]:
    if len(places) < 2:
        return []
    folded = fold(_BETWEEN.join([parts[place].text for place in places]))
    seen = detectors.glance(folded.text)
    is_quiet = not folded.cuts and not seen.regions and seen.noticed is not None and not seen.noticed
    if is_quiet and not may_be_ungated(folded.text):
        return places
    half = len(places) // 2
    return _quiet(parts, places[:half], detectors) + _quiet(parts, places[half:], detectors)
