"""Reads a number as neighbours dial it: beside an address of its country, or before the verb that says to call it."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.late import late
from dlp_proxy.detect.phones.e164 import is_of
from dlp_proxy.detect.phones.evidence import evidence, is_in_row_of_figures
from dlp_proxy.detect.phones.extension import SPOKEN
from dlp_proxy.detect.phones.surroundings import regions_around
from dlp_proxy.detect.said.phones import BEHIND
from dlp_proxy.model.finding import Confidence

_BEHIND: Final = late(rf"[ ]{{0,2}}{any_of(fold(word).text for word in BEHIND)}")
_BEFORE: Final = late(r"(?:\A|[\n\t|;(（:：]|[,.，、-] |\p{L} |号|號|[\p{Han}]) {0,2}\Z")
_AFTER: Final = late(r" {0,2}(?:\Z|[\s,;|)）/.，。、]|\p{Han})")
_GOES_ON: Final = late(r"[A-Za-z0-9]|[-./,:][0-9]| [0-9]{2,}(?![0-9]|,| \p{L})")
# Of the internet: 223.47.36.172
_ADDRESS: Final = late(r"[1-9][0-9]{0,2}(?:[.][0-9]{1,3}){3}")
_JOINT: Final = late("[^0-9]")
_FEWEST: Final = 7
_MOST: Final = 11


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the number whose first digit or bracket stands at `start` and whose last digit before `end`."""
    digits = _JOINT.sub("", text[start:end])
    if not _FEWEST <= len(digits) <= _MOST or start < free:
        return None
    if _ADDRESS.fullmatch(text, start, end):
        return None
    is_grouped = len(digits) < end - start
    if _BEHIND.match(text, end):
        return Reading(start, end, "said-behind", Confidence.MEDIUM)
    if _GOES_ON.match(text, end) and SPOKEN.match(text, end) is None:
        return None
    if not _BEFORE.search(text[max(0, start - 6) : start]) or not _AFTER.match(text, end):
        return None
    regions = regions_around(text, start)
    if not regions or not any(is_of(digits, region, only_mobiles=not is_grouped) for region in regions):
        return None
    if evidence(text, start, end, is_grouped=is_grouped) == "counted" or is_in_row_of_figures(text, start, end):
        return Reading(start, end, "counted", Confidence.LOW)
    spoken = SPOKEN.match(text, end)
    return Reading(start, spoken.end() if spoken else end, "beside-an-address", Confidence.MEDIUM)
