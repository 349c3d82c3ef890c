"""Quoted-printable (RFC 2045 section 6.7) that was left in a text, with its soft line breaks."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch
from dlp_proxy.detect.disguise.percent import way_back
from dlp_proxy.encodings import readable
from dlp_proxy.encodings.starting import starting

NAME: Final = "quoted-printable"

# One escape alone is as often a value behind an equals sign.
GATE: Final = r"=[0-9A-F]{2}(?:=\r?\n)?=[0-9A-F]{2}|[0-9]=\r?\n[0-9]|[0-9]=3[0-9][0-9]{1,9}=3[0-9]"
_RUN: Final = re.compile(r"(?:=[0-9A-F]{2}|=\r?\n)++")
_ONE: Final = re.compile(r"=[0-9A-F]{2}")
_SOFT_BREAK: Final = re.compile(r"=\r?\n")


def may(text: str) -> bool:
    return "=" in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        for run in starting(_RUN, text, max(start, found[-1].end if found else 0), end):
            digits = _SOFT_BREAK.sub("", run[0]).replace("=", "")
            if not digits:
                found.append(Patch(run.start(), run.end(), "", Same(run.start())))
                continue
            reading = readable.decode(bytes.fromhex(digits))
            if reading is not None:
                starts = array("q", (run.start() + one.start() for one in _ONE.finditer(run[0])))
                found.append(Patch(run.start(), run.end(), reading[0], way_back(starts, *reading)))
    return found
