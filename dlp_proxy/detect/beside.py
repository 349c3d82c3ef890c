"""Values that are weak alone and strong together: a street without its town is anybody's, one beside a telephone is
somebody's home; 720.437.8096 may be a version, and no version stands beside a street.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.overlap import Hit
from dlp_proxy.model.finding import Confidence

_STREETS: Final = frozenset({"street", "street-number"})
_SPACED: Final = frozenset({"north-american-spaced"})
_UNASSIGNED: Final = "unassigned"
_BY_SURE: Final = frozenset({"counted", _UNASSIGNED})
"""Forms of addresses and of telephones that are low by themselves, and may be raised; the last ones only by an address
that is none of these: eleven figures amid other long figures, and what its country gave to nobody yet."""
_PHONES: Final = _SPACED | _BY_SURE
_REACH: Final = 64
"""Characters between two values of one person in a line, or in the lines of a label."""
_LINES: Final = 4
_WHY: Final = "beside a phone: medium"
_WHY_A_PHONE: Final = "beside a street: medium"


def together(text: str, hits: list[Hit]) -> list[Hit]:
    """Return `hits`, sorted by start, in which what is low alone is medium where the other kind stands beside it.

    Source: docs/adr/0190-a-street-beside-a-phone.md.
    """
    weak = [
        place
        for place, hit in enumerate(hits)
        if _is_weak(hit) and (hit.pattern != _UNASSIGNED or text.startswith("+", hit.start))
    ]
    if not weak:
        return hits
    raised = list(hits)
    for place in weak:
        hit = hits[place]
        other = "phone" if hit.detector.spec.kind == "address" else "address"
        if any(_is_company(text, hit, one, other) for one in _neighbours(hits, place)):
            why = _WHY if other == "phone" else _WHY_A_PHONE
            raised[place] = hit._replace(confidence=Confidence.MEDIUM, why=(*hit.why, why))
    return raised


def _is_weak(hit: Hit) -> bool:
    if hit.confidence is not Confidence.LOW or hit.dropped:
        return False
    kind = hit.detector.spec.kind
    return (kind == "address" and hit.pattern in _STREETS) or (kind == "phone" and hit.pattern in _PHONES)


def _neighbours(hits: Sequence[Hit], place: int) -> list[Hit]:
    """Return the nearest on either side, and the ones behind them: a name stands between at times."""
    return [*hits[max(0, place - 2) : place], *hits[place + 1 : place + 3]]


def _is_company(text: str, hit: Hit, one: Hit, kind: str) -> bool:
    if one.detector.spec.kind != kind:
        return False
    if one.confidence is Confidence.LOW and (not _is_weak(one) or not {hit.pattern, one.pattern}.isdisjoint(_BY_SURE)):
        return False
    low, high = (one.end, hit.start) if one.start < hit.start else (hit.end, one.start)
    if not 0 < high - low <= _REACH:
        return False
    between = text[low:high]
    return between.count("\n") <= _LINES and "\n\n" not in between
