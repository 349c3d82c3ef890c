"""Character references of HTML and XML (&#49; &#x31; &amp;#49;), and tags that only style digits."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Places, Stretch
from dlp_proxy.encodings.starting import starting

NAME: Final = "markup"

# Tags that set no border between the texts before and behind them; comments; colours of terminals (ECMA-48, 8.3.117).
_TAG: Final = (
    r"(?:</?(?:b|i|u|s|em|strong|span|font|a|wbr|small|big|mark|code|ins|del|sub|sup|tt|bdi|bdo|kbd|var|q|strike|x)"
    r"(?:\s[^<>]{0,80})?/?>|<!--[^>]{0,60}-->|\x1b\[[0-9;]{0,16}m)"
)
GATE: Final = (
    r"&(?:amp;){0,8}#(?:0{0,5}(?:4[3589]|5[0-7]|6[4-9]|[789][0-9]|1[012][0-9]|160|[2-9][0-9]{4})"
    r"|[xX]0{0,5}(?:3[0-9]|[46][0-9A-Fa-f]|[57][0-9Aa]|2[BDbd]|[4-9][0-9A-Fa-f]{3}))"
    rf"|[0-9]&[a-z]{{2,8}};[0-9]|[0-9]{_TAG}"
)
_RUN: Final = re.compile(rf"(?:&(?:amp;){{0,8}}(?:#[xX]?[0-9A-Fa-f]{{1,9}};?|[a-zA-Z]{{2,8}};)|{_TAG})++")
"""Possessive, here and in the rooms beside: what a run could give back takes a hundred bytes for each sign of it."""
_ONE: Final = re.compile(rf"(?P<tag>{_TAG})|&(?:amp;){{0,8}}(?P<reference>[^;&<\s]{{1,12}};?)")
_NO_CHARACTER: Final = Places()
"""Of tags alone; there may be one for each digit of a long text."""


def may(text: str) -> bool:
    return "&" in text or "<" in text or "\x1b" in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        runs = starting(_RUN, text, max(start, found[-1].end if found else 0), end)
        found += [_patch(run) for run in runs]
    return found


def _patch(run: re.Match[str]) -> Patch:
    if "&" not in run[0]:
        return Patch(run.start(), run.end(), "", _NO_CHARACTER)
    characters: list[str] = []
    places = Places()
    for one in _ONE.finditer(run.string, *run.span()):
        if one["tag"]:
            continue
        plain = html.unescape("&" + one["reference"])
        characters.append(plain)
        places.add(one.start(), one.end(), len(plain))
    return Patch(run.start(), run.end(), "".join(characters), places)
