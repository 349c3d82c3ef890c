"""Reads a postal address around its house number, its box or its postcode.

A street with a number is an address when a region, a postcode or a unit stands behind it, or a label before it; alone
it is only seen. A number with capitalised words needs a postcode that lies in its region.
"""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal import boxes, chinese, continental, english, places
from dlp_proxy.detect.postal.labels import BEFORE, BESIDE, TALK, TALK_OF_EUROPE
from dlp_proxy.detect.readers.address_prose import SURE, is_prose
from dlp_proxy.model.finding import Confidence

_ENCODED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n")
_ENCODED_REACH: Final = 40
_MOST_SLASHES: Final = 3  # with more, each may stand between words

_BEHIND: Final = 200
_AHEAD: Final = 320
"""Characters to either side of a place that an address may take."""
_LABEL_REACH: Final = 130

_STREET_PLACE: Final = late(places.STREET)
_COMMA: Final = late(places.COMMA)
_SPACE: Final = late(places.SPACE)
_REVERSED_PLACE: Final = late(places.REVERSED)
_EUROPEAN: Final = late("|".join((*boxes.PLACES, boxes.VILLAGE, boxes.WITHOUT_NUMBER)))
_NUMBER: Final = late(
    r"(?:(?<![0-9])[0-9]{1,6} )1/2$"
    r"|[NSEW][0-9]{1,5}[NSEW][0-9]{1,6}$|(?:[0-9]{1,6}[A-Za-z]?[-/])?[0-9]{1,6}$"
)
_FIGURES: Final = frozenset("0123456789")
_LONGEST_NUMBER: Final = 6
_IN_NUMBERS: Final = frozenset("NSEW-/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""What stands before figures in a number that has more than figures."""
_DIGITS: Final = late(r"[0-9]+")
_STREET: Final = late(english.STREET)
_WORDS: Final = late(english.WORDS)
_USUAL: Final = late(english.USUAL_STREET)
_UNITS: Final = late(english.BEHIND)
_WITH_CODE: Final = late(english.WITH_CODE)
_WITH_STATE: Final = late(english.WITH_STATE)
_IN_SMALL: Final = late(english.IN_SMALL)
_FULL: Final = late(english.FULL)
_LEAD: Final = late(
    rf"(?<![\p{{L}}0-9])(?:(?:{english.LEAD}){{1,2}}|{english.IN_A_BUILDING}|{english.BUILDING}(?:, ?|[ ]*\r?\n|\\n))$"
)
# We moved to Tucson, looking for a gym. 21 Jump Street: what ends a sentence ends what its label says.
_ENDED: Final = late(r"(?<!\p{L})\p{Ll}{3,}[.!?]\s")
_LEAD_WORD: Final = late(r"(?<![\p{L}0-9])(?i:unit|flat|lot|apt|apartment|shop|suite|level)\.? $")
_BOX: Final = late(english.BOX)
_BOX_REST: Final = late(english.BOX_REST)
_MILITARY: Final = late(english.MILITARY)
_HOUSE_NAME: Final = late(english.HOUSE_NAME)
_BEFORE: Final = late(rf"{BEFORE}$")
_BESIDE: Final = late(rf"{BESIDE}$")
_TALK: Final = late(TALK)
_TALK_OF_EUROPE: Final = late(TALK_OF_EUROPE)
_DISTRICT: Final = late(chinese.BEHIND)
_LAST_NAME: Final = late(continental.NAME_LAST)
_LAST_NUMBER: Final = late(continental.NUMBER_LAST)
_FIRST: Final = late(continental.NUMBER_FIRST)
_TOWN: Final = late(continental.TOWN)
_GENERIC: Final = late(continental.GENERIC)
_TOWN_BEFORE: Final = late(rf"{continental.TOWN_BEFORE}$")
_REVERSED: Final = late(continental.REVERSED)
_SWEDISH: Final = late(boxes.SWEDISH)
_BOX_OF_EUROPE: Final = late(boxes.BOX)
_VILLAGE: Final = late(continental.VILLAGE)
_BORDER: Final = late(r"[\n\t;:|\"'()\[\]<>{}=!?]|, (?!(?:n[º°o.]{1,2} ?)?[A-Za-z]?[0-9]*$)")
_SURE_CODE: Final = late(
    r"[0-9]{4} ?[A-Z]{2} |[A-Z]{1,2}-[0-9]{4,5}|(?:[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}) "
)
_FOUR_DIGITS: Final = late(r"(?<![0-9A-Z-])(?<=[,\n] {0,4})[0-9]{4} (?=\p{Lu}\p{Ll})")
_IN_YEAR: Final = late(r"(?:IN|ON|OR|ME|OK|HI) (?:1[0-9]|20)[0-9]{2}$")
# Words that no town has in the middle of its name when a state stands behind: vendors were licensed in Reno, NV.
_PROSE: Final = late(r"(?<!\p{L})(?:in|at|near|on|by|was|were|is|are|for|from|with|that|the|an?)(?!\p{L})(?!-)")
_OPENING: Final = frozenset(["in", "on", "by", "at", "since", "from", "until", "to", "after", "before", "during"])
_YEAR: Final = late(r"(?:19|20)[0-9]{2}")
_LONGEST_FOREIGN: Final = 4
"""Digits of postcodes that are no ZIP codes, and of years."""
_PLAIN_TOWN: Final = late(r"\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]+){0,2}")
_COUNT: Final = late(
    r" ?(?:[%$€£]|(?i:people|dollars?|euros?|usd|units?|copies|jobs|votes|visitors|residents"
    r"|times|km|miles?|sq|square|feet|ft)\b)"
)
# No. 12 Michigan St. 60: a team's rank and its points, not a house and its flat.
_RANKED: Final = late(r"(?i:\bno\. ?|# ?)$")
_MONTHS: Final = frozenset([
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january", "february",
    "march", "april", "june", "july", "august", "september", "october", "november", "december",
])  # fmt: skip
"""Whole words: Marquette and Decatur are towns."""
_CODE_ALONE: Final = late(r"[A-Z]{2,3}")
_MARKED_TOWN: Final = late(r" ?[,\n\r\t]\s*(?:(?:\p{Lu}[\p{L}'’-]*\.?|of|the|on|del?|la|los|las) ){1,4}[A-Z]{2,3}$")
_BEFORE_STATE: Final = late(r"[,;|\t\n\"'(:]\s*$")


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the address of which the text from `start` to `end` is a part, if there is one."""
    first = text[start]
    if "0" <= first <= "9":
        if end == start + 1:
            return _number_last_or_street(text, free, start)
        if _REVERSED_PLACE.fullmatch(text, start, end):
            return _reversed(text, free, start)
        if "\n" in text[start:end] or _COMMA.fullmatch(text, start, end) or _SPACE.fullmatch(text, start, end):
            return _number_last(text, free, start) or _generic(text, free, start, end)
        french = _number_first(text, free, start) if text[end - 1] == " " else None
        return french or _street(text, free, start)
    if _EUROPEAN.fullmatch(text, start, end) and (found := _of_europe(text, free, start, end)):
        return found
    if first in "oOPpaA" and text[start + 1] in "xXOogG":
        return _box(text, free, end - 1)
    if first in "dD ":
        digit = _DIGITS.search(text, start, end)
        return _behind_label(text, free, digit.start()) if digit else None
    return _postcode(text, free, start, end)


def _behind_label(text: str, free: int, start: int) -> Reading | None:
    digits = _DIGITS.match(text, start)
    at = digits.end() - 1 if digits else start
    return _number_first(text, free, at) or _street(text, free, at) or _words(text, free, at)


def _words(text: str, free: int, start: int) -> Reading | None:
    start = _number_start(text, free, start)
    words = _WORDS.match(text, start, start + _AHEAD)
    full = _FULL.match(text, start, start + _AHEAD) if words else None
    if full:
        return Reading(start, full.end(), "number-postcode", Confidence.HIGH)
    if words is None or not _BESIDE.search(text, max(0, start - 40), start):
        return None
    return Reading(start, words.end(), "labelled-words", Confidence.MEDIUM)


def _street(text: str, free: int, start: int) -> Reading | None:
    start = _number_start(text, free, start)
    horizon = start + _AHEAD
    street = _STREET.match(text, start, horizon)
    if street is None:
        # A street of one word: 10068 Esplanade, 500 Bowery.
        named = _FULL.match(text, start, horizon)
        return (
            Reading(_with_lead(text, free, start), named.end(), "number-postcode", Confidence.HIGH) if named else None
        )
    if is_prose(street):
        return None
    begin = _with_lead(text, free, start)
    end = _units(text, street.end(), horizon)
    behind = _region(text, end, horizon)
    if behind:
        return Reading(begin, behind, "street-region", Confidence.HIGH)
    full = _FULL.match(text, start, horizon)
    if full:
        return Reading(begin, full.end(), "number-postcode", Confidence.HIGH)
    small = street["street"] == street["street"].lower()
    if small and not SURE.search(street["street"]):
        return None
    if small and (behind := _in_small(text, end, horizon)):
        return Reading(begin, behind, "street-region", Confidence.HIGH)
    if _labelled(text, begin):
        return Reading(begin, end, "labelled", Confidence.HIGH)
    if district := _DISTRICT.match(text, end, horizon):
        return Reading(begin, district.end(), "street-district", Confidence.MEDIUM)
    # 60 reb lane 2 is no street with a flat; in small letters a flat needs its word.
    has_unit = end > street.end() and not (small and text[street.end() : end].upper() == text[street.end() : end])
    if has_unit and not _RANKED.search(text, max(0, begin - 5), begin):
        return Reading(begin, end, "street-unit", Confidence.MEDIUM)
    if not _USUAL.match(text, start, horizon):
        return None
    if _TALK.search(text, max(0, begin - 100), end + 60):
        return Reading(begin, end, "street-in-talk-of-sending", Confidence.MEDIUM)
    return Reading(begin, end, "street", Confidence.LOW)


def _units(text: str, at: int, horizon: int) -> int:
    units = _UNITS.match(text, at, horizon)
    return units.end() if units else at


def _region(text: str, at: int, horizon: int) -> int:
    """Return where the place ends that stands behind a street with its region or postcode, or 0."""
    coded = _WITH_CODE.match(text, at, horizon)
    if coded:
        return coded.end()
    # Small letters need a postcode, for "or" and "in" are states too.
    window = text[at : at + 90]
    raised = window.replace("\\n", ", ").upper()
    if len(raised) == len(window) and raised != window:
        coded = _WITH_CODE.match(raised)
        if coded and not _IN_YEAR.search(coded[0]):
            return at + coded.end()
    stated = _WITH_STATE.match(text, at, horizon)
    return stated.end() if stated and _is_region(stated) else 0


def _is_region(rest: regex.Match[str]) -> bool:
    """Say whether a state alone has a town and a mark before it, and a bare number is no year."""
    town = rest["town"].strip(" ,\t\r\n")
    if _PROSE.search(town) or town.rpartition("\n")[2].lower() in _OPENING:
        return False
    if rest["state"]:
        before = rest[0][: rest.start("state") - rest.start()]
        if not town or _BEFORE_STATE.search(before) is not None or len(rest["state"]) > 3:
            return bool(town)
        # 2286 W 42nd St, Miami FL: the mark that is missing before the state stands before the town.
        return _CODE_ALONE.fullmatch(rest["state"]) is not None and _MARKED_TOWN.match(rest[0]) is not None
    if _YEAR.fullmatch(rest["bare"]) or town.partition(" ")[0].rstrip(".,").lower() in _MONTHS:
        return False
    if rest[0].lstrip(" ")[:1] in ",\n\t\r":
        return town[:1].isupper()
    # 19 9th Street Roberts 60962: without a mark, a ZIP code that counts nothing, behind a town and nothing more.
    is_zip = len(rest["bare"]) > _LONGEST_FOREIGN
    return is_zip and _PLAIN_TOWN.fullmatch(town) is not None and _COUNT.match(rest.string, rest.end()) is None


def _in_small(text: str, at: int, horizon: int) -> int:
    """Return where a town in small letters ends with its state or its ZIP code, or 0: , covina 91723."""
    place = _IN_SMALL.match(text, at, horizon)
    if place is None or _PROSE.search(place["town"]) or not (place["mark"] or place["more"]):
        return 0
    return place.end()


def _number_start(text: str, free: int, at: int) -> int:
    """Return where the number starts that has a digit at `at`: 12-14, 37/2, 12 1/2, N6W23001."""
    low = max(free, at - 14)
    first = at
    while first > low and text[first - 1] in _FIGURES:
        first -= 1
    if text[at] in _FIGURES and at - first < _LONGEST_NUMBER and (first <= low or text[first - 1] not in _IN_NUMBERS):
        return first
    start = _NUMBER.search(text, low, at + 1)
    return start.start() if start else at


def _with_lead(text: str, free: int, at: int) -> int:
    """Return where a flat or a unit starts that stands before the number: Flat 3, 12 High Street."""
    if at - 2 < free or text[at - 1] not in " \n\t->n":
        return at
    window = text[max(free, at - 40) : at]
    lead = _LEAD_WORD.search(window) or _LEAD.search(window)
    return at - len(window) + lead.start() if lead else at


def _labelled(text: str, at: int) -> bool:
    low = max(0, at - _LABEL_REACH)
    while (label := _BEFORE.search(text, low, at)) is not None:
        if not _ENDED.search(text, label.start(), at):
            return True
        low = label.start() + 1
    return False


def _box(text: str, free: int, start: int) -> Reading | None:
    low = max(free, start - 30)
    box = next((box for box in _BOX.finditer(text, low, start + 12) if box.end() > start), None)
    if box is None:
        return _box_of_europe(text, free, start, start + 12)
    horizon = box.end() + _AHEAD
    rest = _BOX_REST.match(text, box.end(), horizon)
    end = _units(text, box.end(), horizon)
    behind = rest.end() if rest else _region(text, end, horizon)
    if not behind and box[0].islower():
        behind = _in_small(text, end, horizon)
    if behind:
        return Reading(box.start(), behind, "box-region", Confidence.HIGH)
    if _labelled(text, box.start()):
        return Reading(box.start(), box.end(), "box", Confidence.HIGH)
    is_of_sending = _TALK.search(text, max(0, box.start() - 100), box.end() + 60) is not None
    return Reading(box.start(), box.end(), "box", Confidence.MEDIUM if is_of_sending else Confidence.LOW)


def _postcode(text: str, free: int, start: int, end: int) -> Reading | None:
    low = max(free, start - _BEHIND)
    high = end + 8
    if _is_encoded(text[max(low, start - _ENCODED_REACH) : start]):
        return None
    if _STREET_PLACE.search(text, low, start):
        return None  # read from its street
    for full in _FULL.finditer(text, low, high):
        if full.end() > start:
            return Reading(_with_lead(text, free, full.start()), full.end(), "number-postcode", Confidence.HIGH)
    for pattern, form in ((_MILITARY, "military"), (_HOUSE_NAME, "house-name-postcode")):
        for match in pattern.finditer(text, low, high):
            if match.end() > start:
                return Reading(match.start(), match.end(), form, Confidence.HIGH)
    return None


def _is_encoded(before: str) -> bool:
    """Tell whether there are no words: Base64 has postcodes by chance, and to look for a house there takes long."""
    return (
        len(before) == _ENCODED_REACH
        and _ENCODED.issuperset(before)
        and before.count("\n") < 2
        and before.count("/") + before.count("+") <= _MOST_SLASHES
    )


def _number_first(text: str, free: int, start: int) -> Reading | None:
    at = _number_start(text, free, start)
    street = _FIRST.match(text, at, at + _AHEAD)
    if street is None:
        return None
    found = _with_town(text, free, at, street.end())
    if found.form == "street-postcode-town":
        return found
    behind = _region(text, _units(text, street.end(), at + _AHEAD), at + _AHEAD)
    return found._replace(end=behind, confidence=Confidence.HIGH) if behind else found


def _number_last_or_street(text: str, free: int, start: int) -> Reading | None:
    """Return what is surer of a number: it stands behind a name, or before a street, as in Hill Park, 61 Mill Road."""
    last = _number_last(text, free, start)
    if last is None or last.form != "street-number":
        return last
    street = _street(text, free, start)
    return street if street is not None and street.confidence > last.confidence else last


def _number_last(text: str, free: int, start: int) -> Reading | None:
    while start > free and text[start - 1].isdigit():
        start -= 1
    number = _LAST_NUMBER.match(text, start, start + _AHEAD)
    if number is None:
        return None
    low = max(free, start - 70)
    window = text[low:start]
    border = 0
    for border_sign in _BORDER.finditer(window):
        border = border_sign.end()
    name = _LAST_NAME.search(window, border)
    return _with_town(text, free, low + name.start(), number.end()) if name else None


def _of_europe(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return what has no street or no number: a box, a hamlet, a street with s/n."""
    if text[start] in "sS" and text[start + 1] in "/nN" and (street := _number_last(text, free, start)):
        return street if street.form != "street-number" else None
    if text[start] in "lL" and (village := _VILLAGE.match(text, start, end + _AHEAD)):
        found = _with_town(text, free, village.start(), village.end())
        return found if found.form != "street-number" else None
    return _box_of_europe(text, free, start, end)


def _box_of_europe(text: str, free: int, start: int, end: int) -> Reading | None:
    low = max(free, start - 30)
    box = next((box for box in _BOX_OF_EUROPE.finditer(text, low, end + 14) if box.end() > start), None)
    if box is None:
        return None
    found = _with_town(text, free, box.start(), box.end())
    if found.form == "street-number" and box["more"]:
        # Postfach 12 34 56 and a postcode of two groups begin alike.
        found = _with_town(text, free, box.start(), box.start("more"))
    is_bare = box[0][:3].lower() == "box"
    if found.form == "street-number" or (is_bare and not _SWEDISH.search(text, found.start, found.end)):
        return None
    return found._replace(form="box-postcode-town")


def _reversed(text: str, free: int, start: int) -> Reading | None:
    found = _REVERSED.match(text, start, start + _AHEAD) if start >= free else None
    return Reading(start, found.end(), "postcode-town-street", Confidence.MEDIUM) if found else None


def _with_town(text: str, free: int, begin: int, end: int) -> Reading:
    town = _TOWN.match(text, end, end + _AHEAD)
    if town:
        return Reading(begin, town.end(), "street-postcode-town", Confidence.HIGH)
    low = max(free, begin - 60)
    before = _TOWN_BEFORE.search(text[low:begin])
    if before:
        return Reading(low + before.start(), end, "postcode-town-street", Confidence.HIGH)
    return Reading(begin, end, "street-number", Confidence.HIGH if _labelled(text, begin) else Confidence.LOW)


def _generic(text: str, free: int, start: int, end: int) -> Reading | None:
    for match in _GENERIC.finditer(text, max(free, start - 100), end + 100):
        if match.end() > start:
            behind = _FOUR_DIGITS.search(match[0])
            if behind and _STREET.match(text, match.start() + behind.start(), match.end() + _AHEAD):
                return None  # Unit 71, 3330 King St: the number of a street
            # Chapter 5, 10000 Maniacs: on one line, five digits and a capital are not enough.
            sure = "\n" in match[0] or match["country"] or _SURE_CODE.search(match[0]) or _labelled(text, match.start())
            sure = sure or _TALK_OF_EUROPE.search(text, max(0, match.start() - 100), match.end() + 60)
            confidence = Confidence.MEDIUM if sure else Confidence.LOW
            if behind and not sure:
                return None
            return Reading(match.start(), match.end(), "name-number-postcode-town", confidence)
    return None
