"""Numbers cut over adjacent cells or fields: 138 | 0013 | 8000, 13800 | 138000, an identity number in three cells.

Columns of plain figures have such widths too. What tells is a piece with a zero in front, which no figure has, or the
name of the column or a word before it that says telephone. The zero may stand in another row of the same columns. Or
no other figures stand in these rows or columns, and every number there is of a mobile segment, cut 3-4-4 or 3-8.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.checks import phone_cn
from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "pieces in adjacent cells"

_CELL: Final = r"(?: ?[\t|;] ?|,| {2,12}|</td>\s{0,4}<td[^<>]{0,20}>|\n[^\n:0-9]{1,24}[0-9]?: )"
_MOBILE: Final = re.compile(
    rf"(?<![0-9.+-])(?<![0-9],)1[3-9](?:{_CELL}[0-9]{{3}}{_CELL}[0-9]{{3}}{_CELL}[0-9]{{3}}|[0-9](?:{_CELL}[0-9]{{4}}{_CELL}[0-9]{{4}}|{_CELL}[0-9]{{8}}|{_CELL}[0-9]{{3}}{_CELL}[0-9]{{5}}"
    rf"|[0-9]{_CELL}[0-9]{{4}}{_CELL}[0-9]{{3}}|[0-9]{_CELL}[0-9]{{3}}{_CELL}[0-9]{{4}}"
    rf"|[0-9]{_CELL}[0-9]{{7}}|[0-9]{{2}}{_CELL}[0-9]{{6}}|[0-9]{{3}}{_CELL}[0-9]{{5}}|[0-9]{{4}}{_CELL}[0-9]{{4}}))(?![0-9.])"
)
_RESIDENT: Final = re.compile(
    rf"(?<![0-9.+-])(?<![0-9],)[1-9][0-9]{{5}}{_CELL}(?:19|20)[0-9]{{2}}[01][0-9][0-3][0-9]{_CELL}[0-9]{{3}}[0-9Xx](?![0-9A-Za-z.])"
)
# The last two are of JSON that is not laid out yet.
_RAW: Final = r'"1[3-9][0-9]{1,5}"[\s,]{1,40}(?:"[^"]{1,40}"\s*:\s*)?"[0-9]{3,8}"'
GATE: Final = f"{_MOBILE.pattern}|{_RESIDENT.pattern}|{_RAW}"
_HEAD: Final = 1000
_FIRST: Final = 400
"""Characters of a first line that are looked into for the names of columns."""
_CUT: Final = re.compile(_CELL)
_ZERO: Final = re.compile(rf"{_CELL}0")
_THOUSANDS: Final = re.compile(r"[0-9]{2}(?:,[0-9]{3}){3}")
_TELLING: Final = re.compile(rf"[0-9]{{3}}{_CELL}(?:[0-9]{{8}}|[0-9]{{4}}{_CELL}[0-9]{{4}})")
_FIGURES: Final = re.compile(rf"(?<![0-9.])[0-9.]+{_CELL}[0-9.]+(?![0-9.])")
_FIGURE: Final = re.compile(r"[-+$¥€£]?[0-9][0-9.,]*%?")
_CALL: Final = re.compile(
    r"(?i)(?<![a-z])(?:tel|telephone|phone|mobile|cell|contact)(?![a-z])|电话|電話|手机|手機|联系方式"
)
_AROUND: Final = 40


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    columns: defaultdict[tuple[int, ...], list[re.Match[str]]] = defaultdict(list)
    found: list[re.Match[str]] = []
    counted = cell = 0
    for start, end in stretches:
        found += _RESIDENT.finditer(text, start, end)
        for hit in _MOBILE.finditer(text, start, end):
            since = text.rfind("\n", counted, hit.start()) + 1
            if since:
                counted, cell = since, 0
            cell += len(_CUT.findall(text, counted, hit.start()))  # from the hit before: a line may be all of a text
            counted = hit.start()
            columns[(cell, *(len(piece) for piece in _CUT.split(hit[0])))].append(hit)
    first_line = text[: min(text.find("\n"), _FIRST) if "\n" in text else 0]
    for hits in columns.values():
        if (
            any(_ZERO.search(hit[0]) and not _THOUSANDS.fullmatch(hit[0]) for hit in hits)
            or any(_called(hit, first_line) for hit in hits)
            or _alone(hits)
        ):
            found += hits
    kept: list[Patch] = []
    for hit in sorted(found, key=lambda hit: hit.span()):
        if not kept or hit.start() >= kept[-1].end:
            kept.append(_patch(hit))
    return kept


def _called(hit: re.Match[str], first_line: str) -> bool:
    if "</td>" in hit[0]:  # the head of a table of HTML may be on any line
        first_line = hit.string[max(0, hit.start() - _HEAD) : hit.start()]
    return _CALL.search(hit.string[max(0, hit.start() - _AROUND) : hit.start()] + "\n" + first_line) is not None


def _alone(hits: Sequence[re.Match[str]]) -> bool:
    """Tell whether in their columns stand numbers of such widths and mobile segments alone, and no figures beside."""
    text = hits[0].string
    if any(not _TELLING.fullmatch(hit[0]) or not phone_cn.holds("".join(_CUT.split(hit[0]))) for hit in hits):
        return False
    rows = [line for line in text.splitlines()[1:] if _FIGURES.search(line)]
    return len(rows) <= len(hits) and not any(map(_has_figures_beside, hits))


def _has_figures_beside(hit: re.Match[str]) -> bool:
    text = hit.string
    line = text.rfind("\n", 0, hit.start()) + 1, text.find("\n", hit.end())
    beside = _CUT.split(text[line[0] : hit.start()]) + _CUT.split(
        text[hit.end() : line[1] if line[1] >= 0 else len(text)]
    )
    cells = [cell.strip() for cell in beside if cell.strip()]
    return not cells or any(_FIGURE.fullmatch(cell) for cell in cells)


def _patch(hit: re.Match[str]) -> Patch:
    places: list[Stretch] = []
    made: list[str] = []
    at = hit.start()
    for cut in [*_CUT.finditer(hit[0]), None]:
        stop = hit.end() if cut is None else hit.start() + cut.start()
        made.append(hit.string[at:stop])
        places += [(place, place + 1) for place in range(at, stop)]
        at = hit.end() if cut is None else hit.start() + cut.end()
    return Patch(hit.start(), hit.end(), "".join(made), each(places), whole=True, sure=True)
