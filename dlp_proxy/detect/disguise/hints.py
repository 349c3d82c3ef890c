"""Which disguises a text may be wearing, and where: the cheap look before any is taken off.

With Hyperscan a glance at the text (`detector_set`) notices the gates of all disguises together, and `hints_at` looks
only there. Without it each gate is searched for by itself; the answers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from dlp_proxy.detect.disguise import letters, signs
from dlp_proxy.detect.disguise.encoded import Encoded, runs
from dlp_proxy.detect.disguise.patch import Disguise, Stretch
from dlp_proxy.detect.disguise.registry import DISGUISES
from dlp_proxy.detect.needs import Need, need
from dlp_proxy.detect.prefilter import SHARED, Choices
from dlp_proxy.detect.wider import wider

_AHEAD: Final = 256
_ROOM: Final = 96

_GATES: Final = tuple(re.compile(one.GATE) if one.GATE else None for one in DISGUISES)
GATED: Final = tuple(number for number, gate in enumerate(_GATES) if gate is not None)
"""Numbers of the disguises that have a gate."""

_BARE: Final = tuple(number for number in GATED if isinstance(one := DISGUISES[number], Encoded) and one.bare)
_NOTICES: Final = {letters.NAME: letters.NOTICE}
_FREE: Final = tuple(number for number, gate in enumerate(_GATES) if gate is None)

_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)

type Hint = tuple[Disguise, Sequence[Stretch]]


def hints(text: str) -> list[Hint]:
    """Return the disguises that folded `text` may be wearing, in their order, and the stretches to look at."""
    return _held(text, _searched(text))


def hints_at(text: str, noticed: Mapping[int, Sequence[Stretch]]) -> list[Hint]:
    """Return the same when the stretches are known in which each disguise was noticed."""
    found: dict[int, list[Stretch]] = {}
    for number, stretches in noticed.items():
        if not DISGUISES[number].may(text):
            continue
        for start, stop in stretches:
            end = min(stop + _AHEAD, len(text))
            if _has_gate(number, text if end - start == len(text) else text[start:end]):
                held = found.setdefault(number, [])
                first = held.pop()[0] if held and held[-1][1] >= start else start
                held.append((first, end))
    return _held(text, found)


def may_be_ungated(text: str) -> bool:
    """Tell whether folded `text` may be wearing one of the disguises that a glance does not notice."""
    return any(DISGUISES[number].may(text) for number in _FREE)


def _held(text: str, found: dict[int, list[Stretch]]) -> list[Hint]:
    """Return what was found, with the disguises that have no gate."""
    for number in _FREE:
        if DISGUISES[number].may(text):
            found[number] = [(0, len(text))]
    return [(DISGUISES[number], found[number]) for number in sorted(found)]


def _searched(text: str) -> dict[int, list[Stretch]]:
    """Return the disguises whose gate is in `text`."""
    return {
        number: [(0, len(text))]
        for number in GATED
        if DISGUISES[number].may(text) and (gate := _GATES[number]) is not None and gate.search(text)
    }


def _has_gate(number: int, block: str) -> bool:
    """Tell whether the gate itself is in `block`: what Hyperscan notices is wider."""
    gate = _GATES[number]
    return gate is not None and gate.search(runs(block) if number in _BARE else block) is not None


@lru_cache(maxsize=1)
def noticing() -> dict[int, Sequence[Choices]]:
    """Return what notices each disguise that has a gate, by its number.

    Raises:
        Unreadable: a gate cannot be translated.
    """
    return {number: _noticing(DISGUISES[number]) for number in GATED}


def _noticing(disguise: Disguise) -> Sequence[Choices]:
    """Return what notices every text that passes the gate of `disguise`, alternative by alternative."""
    if disguise is signs:
        return [Choices((signs.BYTES,), Need(beyond=True), SHARED)]
    notice = _NOTICES.get(disguise.NAME, disguise.GATE)
    is_bare = isinstance(disguise, Encoded) and disguise.bare
    # All that nearly every text has together: to ask one automaton more takes longer.
    return [
        Choices(
            (wider(one, re.UNICODE, _ROOM).text,),
            Need(run=True) if is_bare else need(one, re.UNICODE, _ROOM)._replace(outside=False),
            SHARED,
        )
        for one in _alternatives(notice)
    ]


def _alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern without verbose spaces: each may need something else."""
    found = [""]
    depth = 0
    for piece in _PIECE.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            found.append("")
        else:
            found[-1] += piece
    return found
