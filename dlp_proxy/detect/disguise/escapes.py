r"""Escapes of JSON, JavaScript, C and CSS that were left in a text: \u0031, \u{31}, \x31, \061, \000031 and \n."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Places, Stretch
from dlp_proxy.encodings.starting import starting

NAME: Final = "escapes"

# Digits, letters, the few signs that numbers and addresses have, Han; a letter that would hide a value's border.
GATE: Final = (
    r"\\u(?:003[0-9]|00[46][1-9A-Fa-f]|00[57][0-9Aa]|00(?:2[0BDbd]|40|[Aa]0)|[4-9][0-9A-Fa-f]{3}|[Ff]{2}1[0-9])|\\u\{"
    r"|\\x(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|[Ee][4-9])|\\0?(?:6[0-7]|7[01])"
    r"|\\00(?:003[0-9]|[4-9][0-9A-Fa-f]{3})|\\[nrt][A-Z0-9+(]"
)
_RUN: Final = re.compile(
    r"(?:\\00[0-9A-Fa-f]{4} ?"
    r"|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}|\\0?[67][0-7]|\\[nrtbf/\"'\\])++"
)
_ONE: Final = re.compile(
    r"\\(?:00(?P<css>[0-9A-Fa-f]{4}) ?"
    r"|u\{?(?P<unit>[0-9A-Fa-f]{1,6})\}?|x(?P<byte>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{2,3})|(?P<sign>.))",
    re.DOTALL,
)
_SIGNS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


def may(text: str) -> bool:
    return "\\" in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        runs = starting(_RUN, text, max(start, found[-1].end if found else 0), end)
        found += [_patch(run) for run in runs]
    return found


def _patch(run: re.Match[str]) -> Patch:
    characters: list[str] = []
    places = Places()
    spelled: list[re.Match[str]] = []  # bytes in a row, which together are characters
    for one in _ONE.finditer(run.string, *run.span()):
        if one["byte"] or one["octal"]:
            spelled.append(one)
            continue
        _spell(spelled, characters, places)
        characters.append(_character(one))
        places.add(*one.span())
        if len(characters) > 1 and "\ud800" <= characters[-2] < "\udc00" <= characters[-1] < "\ue000":
            pair = (characters[-2] + characters[-1]).encode("utf-16", "surrogatepass").decode("utf-16")
            characters[-2:] = [pair]
            places.join()
    _spell(spelled, characters, places)
    return Patch(run.start(), run.end(), "".join(characters), places)


def _spell(spelled: list[re.Match[str]], characters: list[str], places: Places) -> None:
    for character, first, last in _of_bytes([_byte(escape) for escape in spelled]):
        characters.append(character)
        places.add(spelled[first].start(), spelled[last - 1].end())
    spelled.clear()


def _byte(escape: re.Match[str]) -> int:
    return int(escape["byte"], 16) if escape["byte"] else int(escape["octal"], 8)


def _of_bytes(values: Sequence[int]) -> list[tuple[str, int, int]]:
    """Return characters, and for each the first and one past the last of its bytes."""
    try:
        text = bytes(values).decode()
    except UnicodeDecodeError:
        return [(chr(value), at, at + 1) for at, value in enumerate(values)]
    made: list[tuple[str, int, int]] = []
    at = 0
    for character in text:
        size = len(character.encode())
        made.append((character, at, at + size))
        at += size
    return made


def _character(escape: re.Match[str]) -> str:
    if escape["sign"]:
        return _SIGNS.get(escape["sign"], escape["sign"])
    code = int(escape["unit"] or escape["css"], 16)
    return chr(code) if code < 0x110000 else "\ufffd"
