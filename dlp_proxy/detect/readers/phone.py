"""Reads a number with its country's calling code: the bracket before, the extension behind, what stands around."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.phones.evidence import evidence
from dlp_proxy.detect.phones.extension import SPOKEN
from dlp_proxy.model.finding import Confidence

_PART: Final = regex.compile(r"(?:[A-Za-z0-9+]|[0-9)\]][ ]?[-/.]?|[0-9A-Za-z)\]] \+ ?)$")
_TOUCHING: Final = regex.compile(
    r"(?:(?<![A-Za-z])(?i:tel|phone|telephone|mobile|mob|cell|fax|ph|call|whatsapp|[tmpf])[:=_.-]?|\\[nrt]|\\u[0-9a-fA-F]{4}"
    r"|%[0-9A-Fa-f]{2})$"
)
_LISTED: Final = regex.compile(r"[0-9] ?[/]$")
_GOES_ON: Final = regex.compile(r"[A-Za-z0-9]|[-.,][0-9]")
# One point and nothing else: WHOIS has numbers so (RFC 5733), and lists of decimal numbers with signs have too.
_DECIMAL: Final = regex.compile(r"\+[0-9]+\.[0-9]+")
_OTHER_DECIMAL: Final = regex.compile(r"[0-9]\.[0-9]{3,}")


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the number whose sign stands at `start` and whose last digit stands before `end`."""
    before = text[max(free, start - 12) : start]
    value = text[start:end]
    if before[-1:] in ("(", "（", "[") and value.count(")") + value.count("）") > value.count("("):
        start, before = start - 1, before[:-1]
    if _PART.search(before) and not _TOUCHING.search(before) and not (value[0] == "+" and _LISTED.search(before)):
        return None
    extension = SPOKEN.match(text, end)
    last = end if extension is None else extension.end()
    if extension is None and _GOES_ON.match(text, end):
        return None
    if _DECIMAL.fullmatch(value) and _OTHER_DECIMAL.search(
        text[max(0, start - 30) : start] + " " + text[end : end + 30]
    ):
        return Reading(start, last, "decimal", Confidence.LOW)
    if not value.lstrip("+").removeprefix("%2B").isdigit():
        return Reading(start, last, "written", Confidence.MEDIUM)
    said = evidence(text, start, end)
    if said == "counted":
        return Reading(start, last, "counted", Confidence.LOW)
    return Reading(start, last, "labelled" if said else "plain", Confidence.HIGH if said else Confidence.MEDIUM)
