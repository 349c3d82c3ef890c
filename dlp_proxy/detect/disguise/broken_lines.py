"""Numbers that go on in the next line behind a hyphen: 07778 -, and 828168 below; 138-0013-, and 8000 below.

A hyphen that only breaks the line is taken out; where hyphens stand between the other groups it is one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "broken over two lines"

GATE: Final = r"[0-9)][ \t]{0,2}-[ \t]{0,4}\r?\n[ \t]{0,24}\(?[0-9]"
_BREAK: Final = re.compile(
    r"(?P<before>(?:\+|\()?[0-9][0-9 ()./-]{0,16})(?<=[0-9)])(?P<space>[ \t]{0,2})(?P<hyphen>-)"
    r"[ \t]{0,4}\r?\n[ \t]{0,24}"
    r"(?P<behind>\(?[0-9][0-9 ()./-]{0,16}[0-9]|[0-9])"
)
_REACH: Final = 40
_FEWEST, _MOST = 9, 15
_DIGIT: Final = re.compile(r"[0-9]")


def may(text: str) -> bool:
    return "-" in text and "\n" in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        first = max(start - _REACH, found[-1].end if found else 0)
        for row in _BREAK.finditer(text, first, min(len(text), end + _REACH)):
            digits = len(_DIGIT.findall(row["before"])) + len(_DIGIT.findall(row["behind"]))
            if not _FEWEST <= digits <= _MOST:
                continue
            hyphen = "-" if not row["space"] and "-" in f"{row['before']}{row['behind']}" else ""
            if row["space"] and not hyphen:
                hyphen = " "
            places = [(row.start("hyphen"), row.end("hyphen"))] * len(hyphen)
            found.append(Patch(row.start("space"), row.start("behind"), hyphen, each(places)))
    return found
