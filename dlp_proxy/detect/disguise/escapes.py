r"""Escapes that were left in a text: \u0031, \u{31}, \x31, \061, \000031 and \n; and rsyslog's #347#216#213.

Of bytes in a row, which C, Go and shells write, those that are Chinese are read in UTF-8 or GB 18030.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Places, Stretch
from dlp_proxy.encodings import readable
from dlp_proxy.encodings.starting import starting

NAME: Final = "escapes"

# Digits, letters, the few signs that numbers and addresses have, Han; a letter that would hide a value's border.
GATE: Final = (
    r"\\u(?:003[0-9]|00[46][1-9A-Fa-f]|00[57][0-9Aa]|00(?:2[0BDbd]|40|[Aa]0)|[4-9][0-9A-Fa-f]{3}|[Ff]{2}1[0-9])|\\u\{"
    r"|\\x(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|[Ee][4-9])|\\0?(?:6[0-7]|7[01])"
    r"|\\00(?:003[0-9]|[4-9][0-9A-Fa-f]{3})|\\[nrt][A-Z0-9+(]"
    r"|\\[23][0-7]{2}\\[1-3][0-7]{2}|\\x[89A-Fa-f][0-9A-Fa-f]\\x[4-9A-Fa-f][0-9A-Fa-f]|#3[4-7][0-7]#2[0-7]{2}"
)
_LOGGED: Final = r"#(?:0[0-3]|[23][0-7])[0-7](?=#[23]|(?<=#2..))"
"""Bytes of UTF-8 that a log may not have; one alone is a number with a sign."""
_RUN: Final = re.compile(
    r"(?:\\00[0-9A-Fa-f]{4} ?"
    r"|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}|\\0?[67][0-7]|\\[nrtbf/\"'\\]"
    rf"|{_LOGGED})++"
)
_ONE: Final = re.compile(
    r"#(?P<log>[0-3][0-7]{2})|\\(?:00(?P<css>[0-9A-Fa-f]{4}) ?"
    r"|u\{?(?P<unit>[0-9A-Fa-f]{1,6})\}?|x(?P<byte>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{2,3})|(?P<sign>.))",
    re.DOTALL,
)
_SIGNS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


def may(text: str) -> bool:
    return "\\" in text or "#3" in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        runs = starting(_RUN, text, max(start, found[-1].end if found else 0), end)
        found += [_patch(run) for run in runs]
    return found


class _Units:
    """The way back for a row of escapes of six characters each; there are millions of them in some packages."""

    __slots__ = ("_start",)

    def __init__(self, start: int) -> None:
        self._start = start

    def __call__(self, first: int, last: int) -> Stretch:
        return self._start + 6 * first, self._start + 6 * last


def _patch(run: re.Match[str]) -> Patch:
    units = run[0].split("\\u")
    if not units[0] and all(len(unit) == 4 and unit[0] not in "{dD" for unit in units[1:]):
        plain = bytes.fromhex("".join(units)).decode("utf-16-be")
        return Patch(run.start(), run.end(), plain, _Units(run.start()))
    characters: list[str] = []
    places = Places()
    spelled: list[re.Match[str]] = []  # bytes in a row, which together are characters
    for one in _ONE.finditer(run.string, *run.span()):
        if one["byte"] or one["octal"] or one["log"]:
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
    return int(escape["byte"], 16) if escape["byte"] else int(escape["octal"] or escape["log"], 8) & 0xFF


def _of_bytes(values: Sequence[int]) -> list[tuple[str, int, int]]:
    """Return characters, and for each the first and one past the last of its bytes."""
    text, charset = _read(bytes(values))
    made: list[tuple[str, int, int]] = []
    at = 0
    for character in text:
        size = len(character.encode(charset))
        made.append((character, at, at + size))
        at += size
    return made


def _read(data: bytes) -> tuple[str, str]:
    """Return bytes as text, and its charset: one byte a character where nothing else fits."""
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        return readable.decode(data) or (data.decode("latin-1"), "latin-1")


def _character(escape: re.Match[str]) -> str:
    if escape["sign"]:
        return _SIGNS.get(escape["sign"], escape["sign"])
    code = int(escape["unit"] or escape["css"], 16)
    return chr(code) if code < 0x110000 else "\ufffd"
