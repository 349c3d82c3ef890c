"""Reads a Chinese landline: the extension behind it, and what its surroundings say."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.phones.company import company
from dlp_proxy.detect.phones.evidence import evidence, is_in_row_of_figures, judged, label_before
from dlp_proxy.detect.phones.extension import end_of
from dlp_proxy.detect.phones.numbering_cn import BRITISH
from dlp_proxy.detect.phones.spelling_cn import has_usual_length
from dlp_proxy.model.finding import Confidence

_PART: Final = regex.compile(r"(?:[A-Za-z0-9+]|[A-Za-z0-9][.\-/:])\Z")
# Two numbers of one person: 13800138000/010-62345678.
_TOUCHING: Final = regex.compile(
    r"(?:(?<![A-Za-z])(?i:tel|phone|fax|ph|call)[:=_.-]?|\\[nrt]|\\u[0-9a-fA-F]{4}|%[0-9A-Fa-f]{2}|[0-9]{7}/)\Z"
)
_GOES_ON: Final = regex.compile(r"[A-Za-z0-9]|[.-][0-9]")
# 023-55879578-28: the area code is set apart, so what follows the number is set apart from it too.
_SHORT_EXTENSION: Final = regex.compile(r"(?<=-[2-8][0-9]{6,7})-[0-9]{1,2}(?![A-Za-z0-9]|[-./:][0-9])")
_SIGN: Final = regex.compile(r"(?:(?:\( ?)?(?:\+|%2B|0(?:0|11))[ -]?\(?|\( ?)\Z")
_DECIMAL: Final = regex.compile(r"86\.[0-9]+")
_DATE: Final = regex.compile(r"0[3-9][0-9]{2}[^0-9](?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]\Z")
_GROUP_BEFORE: Final = regex.compile(r"(?<![0-9])[0-9]{2,5} \Z")
_KOREAN_REACH: Final = 80
_HANGUL: Final = regex.compile("[\uac00-\ud7a3]")
_HAN: Final = regex.compile("[\u4e00-\u9fff]")
_HEXADECIMAL: Final = r"(?=[0-9a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{4}"
_HEXADECIMAL_BEFORE: Final = regex.compile(rf"(?<![0-9A-Za-z]){_HEXADECIMAL} \Z")
_HEXADECIMAL_BEHIND: Final = regex.compile(rf" {_HEXADECIMAL}(?![0-9A-Za-z])")
_GROUP_BEHIND: Final = regex.compile(r" [0-9]{3,4}(?![0-9])")


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the landline that stands from `start` to `end`, with its extension."""
    before = text[max(free, start - 12) : start]
    closes = ")" in text[start:end] or "）" in text[start:end]
    if text[start] == "0" and before[-1:] in "(（" and closes:
        start, before = start - bool(before), before[:-1]
    if text.startswith("86", start):
        sign = _SIGN.search(before)
        if sign is not None:
            taken = sign.group() if closes else sign.group().lstrip("( ")
            start, before = start - len(taken), before[: len(before) - len(taken)]
    if _PART.search(before) and not _TOUCHING.search(before):
        return None
    if text.startswith("010", start) and _is_korean(text, start, end):
        return None
    last = end_of(text, end)
    short = _SHORT_EXTENSION.match(text, end) if last == end else None
    last = last if short is None else short.end()
    if last == end and _GOES_ON.match(text, end):
        return None
    form, confidence = _form(text, start, end, before, is_extended=last > end)
    return Reading(start, last, form, confidence) if form else None


def _form(text: str, start: int, end: int, before: str, *, is_extended: bool) -> tuple[str, Confidence]:
    value = text[start:end]
    if not value.isdecimal():
        if judged(label_before(text, start)) == "counted":
            return "counted", Confidence.LOW
        if (_GROUP_BEFORE.search(before) or _GROUP_BEHIND.match(text, end)) and " " in value and not is_extended:
            return "one-of-many-groups", Confidence.LOW
        if " " in value and (_HEXADECIMAL_BEFORE.search(before) or _HEXADECIMAL_BEHIND.match(text, end)):
            return "one-of-many-groups", Confidence.LOW
        if " " in value and is_in_row_of_figures(text, start, end):
            return "one-of-many-groups", Confidence.LOW
        # 8629-3464-0611: a country's code that runs into the area code has a sign before it, or is no code.
        if value[0] == "8" and value[2].isdigit() and judged(label_before(text, start)) != "phone":
            return "counted", Confidence.LOW
        if _DECIMAL.fullmatch(value) and judged(label_before(text, start)) != "phone":
            return "decimal", Confidence.LOW
        if _DATE.match(value) or is_british(text, start, end):
            return "", Confidence.LOW
        return "country-code" if "86" in value[:6] else "written", Confidence.MEDIUM
    said = evidence(text, start, end)
    if not said and company(text, start, end) == "counted":
        return "counted", Confidence.LOW
    if value[:2] in {"00", "86", "01"} and "86" in value[:5] and value[:3] != "010":
        counted = said == "counted" or (value[0] == "8" and said != "phone")
        return ("counted", Confidence.LOW) if counted else ("country-code", Confidence.MEDIUM)
    if said == "counted" or (said != "phone" and not has_usual_length(value[1:])):
        return "counted" if said else "unusual-length", Confidence.LOW
    return ("labelled", Confidence.HIGH) if said else ("bare", Confidence.MEDIUM)


def _is_korean(text: str, start: int, end: int) -> bool:
    """Tell whether 010 is that of Korea's mobiles, not Beijing's: Hangul stands nearer than Han."""
    if text.isascii():
        return False
    before, after = text[max(0, start - _KOREAN_REACH) : start][::-1], text[end : end + _KOREAN_REACH]
    hangul, han = (
        min((found.start() for side in (before, after) if (found := script.search(side))), default=_KOREAN_REACH)
        for script in (_HANGUL, _HAN)
    )
    return hangul < han


def is_british(text: str, start: int, end: int) -> bool:
    """Tell whether digits that both plans have are spaced as in Britain, behind a label that is not Chinese."""
    if BRITISH.fullmatch(text, start, end) is None:
        return False
    label = label_before(text, start)
    return label.isascii() and judged(label) == "phone"
