"""Reads a number with its country's calling code, or a North American one without: what stands around decides."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.phones.company import company
from dlp_proxy.detect.phones.e164 import e164
from dlp_proxy.detect.phones.evidence import evidence, is_in_row_of_figures, is_measured, judged, label_before
from dlp_proxy.detect.phones.extension import SPOKEN
from dlp_proxy.detect.phones.labels import LABEL
from dlp_proxy.model.finding import Confidence

_PART: Final = regex.compile(r"(?:[A-Za-z0-9+]|[0-9)\]][ ]?[-/.]?|[A-Za-z]-|[0-9A-Za-z)\]] \+ ?)\Z")
_TOUCHING: Final = regex.compile(
    r"(?:(?<![A-Za-z])(?i:tel|phone|telephone|mobile|mob|cell|fax|ph|call|whatsapp|[tmpf])[:=_.-]?|\\[nrt]|\\u[0-9a-fA-F]{4}"
    r"|%[0-9A-Fa-f]{2})\Z"
)
# 1) or (a) or [INFO]: the mark of a list, or of a log, ends where it says so; (4521&r)+ is a sum.
_MARK: Final = regex.compile(r"(?:(?<![0-9A-Za-z_+.&=*/%^!~<,(-])(?<![0-9] )\(?[0-9A-Za-z]{1,3}\)|\]) ?\Z")
# 12:30 +44 20 7946 0958, order 8812 +44 ...: a sign begins something new, but in a row of figures with signs.
_APART: Final = regex.compile(r"(?<!(?:\A|[^0-9A-Za-z])[-+−][0-9.,]{0,9})[0-9%] \Z")
_NUMBERED: Final = regex.compile(r"(?:\A|\s)[0-9]{1,3}\.\Z")
_TIME: Final = regex.compile(r"[0-9]:\Z")
_ADDED: Final = regex.compile(r"[0-9A-Za-z)\]] ?\Z")
_LEAD: Final = regex.compile(r"(?:(?<![0-9A-Za-z+])1[ .-]?)?\(?\Z")
_LISTED: Final = regex.compile(r"[0-9] ?[/]\Z")
_GOES_ON: Final = regex.compile(r"[A-Za-z0-9]|[-.][0-9]")
# One point and nothing else: WHOIS has numbers so (RFC 5733), and lists of decimal numbers with signs have too.
# A sign directly before the digits and none behind: two quantities, +126756 -24524.
_MINUS: Final = regex.compile(r"[0-9][ /][-—][0-9]")
_DECIMAL: Final = regex.compile(r"\+[0-9]+\.[0-9]+")
# A declination: degrees, minutes, seconds with their decimals.
_ANGLE: Final = regex.compile(r"\+[0-9]{2} [0-5][0-9] [0-5][0-9]\.[0-9]+")
_AMOUNT: Final = regex.compile(r"\+[0-9]{4,}\.[0-9]{1,3}")
# Two decimal numbers side by side, the first too finely divided for the groups of a telephone number.
_DECIMALS: Final = regex.compile(r"\+[0-9]{1,3}\.[0-9]{3,}(?: +[-−]?[0-9]+\.[0-9]+)+")
_OTHER_DECIMAL: Final = regex.compile(r"[0-9]\.[0-9]{3,}")
_HARDWARE_ADDRESS: Final = regex.compile(r"00(?:-[0-9]{2}){5}")
_GROUPS_BEHIND: Final = regex.compile(r" [0-9]{3,5} [0-9]{3,5}(?![0-9])")
_HAN_BEFORE: Final = regex.compile(r"[\u4e00-\u9fff][^0-9A-Za-z\n]{0,6}\Z")
_QUOTES: Final = ('"', "'")
# What follows a whole number and is none of it: +243 12 55528 (24/7), +354 611 1099 3 parcels.
_LAST_GROUP: Final = regex.compile(r"(?<=[0-9])(?: \(?|\()[0-9][0-9/).-]{0,5}\Z")
_LABEL_REACH: Final = 40
_AS_AMERICANS_WRITE: Final = regex.compile(
    r"(?:\+?1[ .-]?)?\([2-9][0-9]{2}\)[ -]?[0-9]{3}-[0-9]{4}|(?:\+|00)1[ .-][0-9]{3}([ .-])[0-9]{3}\1[0-9]{4}"
)
_PERSONAL: Final = regex.compile(
    r"(?i:call|phone|tel|mobile|cell|text|contact|customer|name|address|street|ship|order|reach (?:me|us|him|her|them)"
    r"|(?:my|our|your|his|her|their) (?:new |old |home |work |direct )?(?:number|no\.|line)|@[a-z0-9-]{1,40}\.[a-z])"
)


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the number whose sign, bracket or first digit stands at `start` and whose last digit before `end`."""
    before = text[max(free, start - 12) : start]
    if "2" <= text[start] <= "9":
        lead = _LEAD.search(before)
        if lead is None or (")" in text[start : start + 4]) != ("(" in lead.group()):
            return None
        start, before = start - len(lead.group()), before[: lead.start()]
    value = text[start:end]
    if before[-1:] in ("(", "（", "[") and value.count(")") + value.count("）") > value.count("("):
        start, before, value = start - 1, before[:-1], before[-1] + value
    signed = "+" in value[:2] or value[0] == "%"
    if _PART.search(before) and not _TOUCHING.search(before) and not _is_apart(before, value):
        return None
    if value[0] == "0" and _TIME.search(before):
        return None  # UTC+08:00 2015-05-08
    if value[:2] == "+ " and _ADDED.search(before) and not _is_named(text, start):
        return None
    if signed and (group := _LAST_GROUP.search(value)) and not e164(value) and e164(value[: group.start()]):
        end = start + group.start()
    extension = SPOKEN.match(text, end)
    last = end if extension is None else extension.end()
    if extension is None and _GOES_ON.match(text, end):
        return None
    form, confidence = _form(text, start, end, signed=signed)
    if confidence is not Confidence.LOW and not e164(text[start:end]):
        form, confidence = _unassigned(text, start, end)
    return Reading(start, last, form, confidence)


def _is_apart(before: str, value: str) -> bool:
    """Tell whether the figures or the bracket at the end of `before` are no part of what `value` is."""
    if _MARK.search(before):
        return True
    if value[:2] == "+ " or "+" not in value[:2]:
        return False
    return any(what.search(before) for what in (_APART, _LISTED, _NUMBERED))


def _is_named(text: str, start: int) -> bool:
    """Tell whether words of telephones stand before a plus sign with spaces around it, and no figure."""
    return text[start - 2 : start - 1].isalpha() and judged(label_before(text, start)) == "phone"


def _form(text: str, start: int, end: int, *, signed: bool) -> tuple[str, Confidence]:
    value = text[start:end]
    if signed:
        return _signed(text, start, end)
    if _HARDWARE_ADDRESS.fullmatch(value):
        return "hardware-address", Confidence.LOW
    if " " in value and _GROUPS_BEHIND.match(text, end):
        return "one-of-many-groups", Confidence.LOW
    if " " in value and is_in_row_of_figures(text, start, end):
        return "one-of-many-groups", Confidence.LOW
    # Companies of China have 400; it is no area of North America.
    if value[:3] == "400" or (value[:3] == "800" and _HAN_BEFORE.search(text[max(0, start - 10) : start])):
        return "hotline-cn", Confidence.LOW
    # to=011 44 121 317 0195; {"b": "212-555-0123"}, but x = 473-416-8834 is a difference.
    may_be_grouped = value[0] == "0" or text[max(0, start - 2) : start].rstrip()[-1:] == ":"
    joints = value.count(" ") + value.count("-") + value.count(")")
    said = evidence(text, start, end, is_grouped=may_be_grouped and joints > 1)
    if said == "counted":
        return "counted", Confidence.LOW
    if said == "phone":
        return "labelled", Confidence.HIGH
    if value[0] == "0":
        if value.isdecimal() and company(text, start, end) == "counted":
            return "counted", Confidence.LOW
        return "international", Confidence.MEDIUM
    # 252.227-7013 is a clause of the DFARS.
    if ("(" in value or "-" in value) and "." not in value:
        return "north-american", Confidence.MEDIUM
    near = _PERSONAL.search(text, max(0, start - 60), end + 40) is not None
    return "north-american-spaced", Confidence.MEDIUM if near else Confidence.LOW


def _unassigned(text: str, start: int, end: int) -> tuple[str, Confidence]:
    """Return what a number is that its country's plan does not have: a phone where a word or its brackets say so."""
    is_said = LABEL.search(text, max(0, start - _LABEL_REACH), start) or judged(label_before(text, start)) == "phone"
    if is_said or _AS_AMERICANS_WRITE.fullmatch(text, start, end):
        return "unassigned", Confidence.MEDIUM
    return "unassigned", Confidence.LOW


def _signed(text: str, start: int, end: int) -> tuple[str, Confidence]:
    value = text[start:end]
    if _DECIMAL.fullmatch(value) and _OTHER_DECIMAL.search(
        text[max(0, start - 30) : start] + " " + text[end : end + 30]
    ):
        return "decimal", Confidence.LOW
    if _MINUS.search(value):
        return "two-numbers", Confidence.LOW
    if _AMOUNT.fullmatch(value) or _ANGLE.fullmatch(value) or _DECIMALS.fullmatch(value):
        return "decimal", Confidence.LOW
    # A sign says more than a label does: only what cannot stand around a number speaks against one.
    # Nor is a number in quotes with a sign one of a list of figures.
    if value[1:].isdigit() and text[start - 1 : start] not in _QUOTES and is_measured(text, start, end):
        return "counted", Confidence.LOW
    return "international", Confidence.MEDIUM
