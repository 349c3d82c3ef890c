"""Which disguises a text may be wearing, and where: the cheap look before any is taken off.

With Hyperscan the gates of all disguises are one pass over each block; the two that look for long runs of letters
are asked apart, and only where a text has such a run. Without it each gate is searched for by itself; the answers are
the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from dlp_proxy.detect.disguise import cells, letters, signs
from dlp_proxy.detect.disguise.encoded import Encoded, runs
from dlp_proxy.detect.disguise.patch import Disguise, Stretch
from dlp_proxy.detect.disguise.registry import DISGUISES
from dlp_proxy.detect.pattern_tree import Unreadable
from dlp_proxy.detect.prefilter import Prefilter, prefilter
from dlp_proxy.detect.wider import wider

_BLOCK: Final = 4096
_AHEAD: Final = 256
_ROOM: Final = 96

_GATES: Final = tuple(re.compile(one.GATE) if one.GATE else None for one in DISGUISES)
_GATED: Final = tuple(number for number, gate in enumerate(_GATES) if gate is not None)
_BARE: Final = tuple(number for number in _GATED if isinstance(one := DISGUISES[number], Encoded) and one.bare)
_NOTICES: Final = {letters.NAME: letters.NOTICE, cells.NAME: cells.NOTICE}
_ALWAYS: Final = tuple(number for number in _GATED if number not in _BARE)
_FREE: Final = tuple(number for number, gate in enumerate(_GATES) if gate is None)

type Hint = tuple[Disguise, Sequence[Stretch]]


def hints(text: str, *, fast: bool) -> list[Hint]:
    """Return the disguises that folded `text` may be wearing, in their order, and the stretches to look at."""
    found: dict[int, list[Stretch]] = {}
    for number, (start, end) in _noticed(text, fast=fast):
        held = found.setdefault(number, [])
        first = held.pop()[0] if held and held[-1][1] >= start else start
        held.append((first, end))
    return [(DISGUISES[number], found[number]) for number in sorted(found)]


def _noticed(text: str, *, fast: bool) -> Iterator[tuple[int, Stretch]]:
    whole = (0, len(text))
    for number in _FREE:
        if DISGUISES[number].may(text):
            yield number, whole
    gates = _compiled() if fast else None
    if gates is None:
        for number in _GATED:
            gate = _GATES[number]
            if gate is not None and DISGUISES[number].may(text) and gate.search(text):
                yield number, whole
        return
    always, bare = gates
    for start, end in [whole] if len(text) <= _BLOCK else _blocks(text):
        block = text if end - start == len(text) else text[start:end]
        for number in _asked(always, _ALWAYS, block):
            yield number, (start, end)
        if long := runs(block):
            for number in _asked(bare, _BARE, long):
                yield number, (start, end)


def _blocks(text: str) -> list[Stretch]:
    return [(start, min(start + _BLOCK + _AHEAD, len(text))) for start in range(0, len(text), _BLOCK)]


def _asked(gate: Prefilter, covered: Sequence[int], block: str) -> Iterable[int]:
    numbers = gate.matching(block)
    # What Hyperscan notices is wider than the gate itself.
    return (
        number
        for number in (covered if numbers is None else sorted(set(numbers)))
        if (one := _GATES[number]) is not None and DISGUISES[number].may(block) and one.search(block)
    )


@lru_cache(maxsize=1)
def _compiled() -> tuple[Prefilter, Prefilter] | None:
    """Return the gates for Hyperscan, or None where there is none."""
    try:
        always, bare = prefilter(_wider(_ALWAYS)), prefilter(_wider(_BARE))
    except Unreadable:
        return None
    if always is None or bare is None or always.covered != set(_ALWAYS) or bare.covered != set(_BARE):
        return None
    return always, bare


def _wider(numbers: Sequence[int]) -> Mapping[int, Sequence[tuple[str, ...]]]:
    return {number: [(_bytes(DISGUISES[number]),)] for number in numbers}


def _bytes(disguise: Disguise) -> str:
    if disguise is signs:
        return signs.BYTES
    notice = _NOTICES.get(disguise.NAME, disguise.GATE)
    return wider(notice, re.UNICODE, _ROOM).text
