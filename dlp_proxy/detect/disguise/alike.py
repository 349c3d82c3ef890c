"""Mobile numbers of China that a sheet writes otherwise, told by their company: 13800138000.00, ¥13,800,138,000.00,
x13800138000, SO-0042.13800138000, 00083100831 (backwards), 3800138000 (without the 1), 13800138000 beside 13800138001
without anything between.

One such number is an amount, an identifier or a part of one. Sixteen of one form that all hold a mobile at one place,
of five segments and more, and neither rise like a counter nor tell a time, are no chance: of identifiers one in
eighteen has one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each
from dlp_proxy.detect.phones.company import is_counter
from dlp_proxy.detect.phones.numbering_cn import MOBILE

NAME: Final = "numbers of one form"

_DIGITS: Final = 11
_SIGN: Final = r"0-9A-Za-z¥￥$€£+_.:/%~^*#-"
_THOUSANDS: Final = r"[ ,.'’_\u00a0\u202f]"
_GROUPED: Final = rf"(?:1[3-9](?:{_THOUSANDS}[0-9]{{3}}){{3}}|1_[3-9][0-9]{{2}}_[0-9]{{3}}_[0-9]{{4}})"
_SPLIT: Final = r"1[3-9][0-9]{3,8}[.:/][0-9]{2,5}(?:[.:/][0-9]{2,5})?(?![0-9])"
GATE: Final = (
    r"[0-9A-Za-z_+:/.~^*#-]1[3-9][0-9]{9}(?![0-9])"
    r"|1[3-9][0-9]{9}(?:[A-Za-z_%~^*#]|0{1,4}(?![0-9])|\.[0-9])"
    rf"|{_GROUPED}|{_SPLIT}"
    r"|(?<![0-9])[0-9]{9}[3-9]1(?![0-9])"
    r"|(?<![0-9A-Za-z.+-])[3-9][0-9]{9}(?![0-9A-Za-z.-])"
)
_GATE: Final = re.compile(GATE)
# What every match of the gate has: looked for first, since the gate itself is slow over letters.
_LIKELY: Final = re.compile(r"[0-9][0-9.,:/'’ _\u00a0\u202f]{6,}[0-9]")
_BEHIND: Final = 4
_WHOLE: Final = 9
# All tokens of a form, those without a mobile too: else of identifiers those that hold one by chance would be left.
_NOTICED: Final = re.compile(rf"[0-9]{{{_WHOLE},}}|{_GROUPED}|{_SPLIT}")
_TOKEN: Final = re.compile(
    rf"(?:[¥￥$€£] ?)?-?(?<![0-9]){_GROUPED}(?:\.0{{1,4}})?(?![0-9])|(?<![{_SIGN}])[{_SIGN}]{{10,64}}(?![{_SIGN}])"
)
_ROW: Final = re.compile(rf"[{_SIGN}]{{88,}}")
"""Numbers, or rows of a table, without anything between them."""
_FORM: Final = str.maketrans(
    "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZbcdefghijklmnopqrstuvwxyz", "0" * 9 + "a" * 26 + "a" * 25
)
_RUN: Final = re.compile("0+")
_GROUPS: Final = re.compile("[ ,'’\u00a0\u202f]")
_MOBILE: Final = re.compile(MOBILE)
# Degrees with eight decimals.
_COORDINATE: Final = re.compile(r"-?000\.0{8}")
# 15:04:05 and a fraction, the 18th at 15:04:05: what the last digits of identifiers made of times are.
_TIMES: Final = (
    re.compile(r"[0-9]{2}[0-5][0-9][0-5][0-9]"),
    re.compile(r"[0-9]{2}(?:[01][0-9]|2[0-3])[0-5][0-9][0-5]"),
)
FEWEST: Final = 16
_FEWEST_SHORT: Final = 30
"""Ten digits that begin with 3 to 9 would be a mobile behind a 1 four times in five."""
_SEGMENTS: Final = 5
_LAST_DIGITS: Final = 3
_TENS: Final = 3
_STRANGE_SHARE: Final = 16
_EDGE: Final = "\t"
_MARKS: Final = frozenset("+_.:/%~^*#-")
_BEGINNING: Final = 10
_LONGEST: Final = 64


class _Place(NamedTuple):
    """Where in all tokens of one form a number stands: its characters, in the order of its digits.

    Attributes:
        before: digits that were left out in front.
        low: the first character that is taken, and what stands there is a part of the number's form.
        high: one past the last.
        fewest: different numbers that are asked for.
        zeros: characters that must be zeros, as of a sum with pence.
    """

    digits: tuple[int, ...]
    low: int
    high: int
    before: str = ""
    fewest: int = FEWEST
    zeros: tuple[int, ...] = ()


def may(text: str) -> bool:
    begun = (row for row in _LIKELY.finditer(text) if _begins(text, row))
    first = islice(begun, FEWEST - 1)
    return any(row.end() - row.start() > _LONGEST for row in first) or next(begun, None) is not None


def _begins(text: str, row: re.Match[str]) -> bool:
    return _GATE.search(text, max(0, row.start() - 1), row.end() + _BEHIND) is not None


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    forms: dict[str, list[tuple[int, str]]] = {}
    for start, end in stretches:
        noticed = _by_form(_noticed(text, start, end))
        if any(len(some) >= FEWEST and not _is_complete(form) for form, some in noticed.items()):
            noticed = _by_form(_TOKEN.finditer(text, start, end))
        for form, some in noticed.items():
            forms.setdefault(form, []).extend((token.start(), token[0]) for token in some)
        for row in _ROW.finditer(text, start, end):
            for form, at, piece in _cut(row.start(), row[0]):
                forms.setdefault(form + _EDGE, []).append((at, piece))
    found: list[Patch] = []
    for form, tokens in forms.items():
        if len(tokens) >= FEWEST:
            found += _of_form(text, form, tokens)
    found.sort(key=lambda patch: (patch.start, patch.end))
    return [patch for number, patch in enumerate(found) if not number or patch.start >= found[number - 1].end]


def _is_complete(form: str) -> bool:
    """Tell whether all tokens of a form are noticed, also those that hold no mobile."""
    return "0" * _WHOLE in form or _GROUPS.search(form) is not None


def _by_form(tokens: Iterable[re.Match[str]]) -> dict[str, list[re.Match[str]]]:
    """Return the tokens that have figures enough for a mobile, by form."""
    found: dict[str, list[re.Match[str]]] = {}
    for token in tokens:
        form = token[0].translate(_FORM)
        if form.count("0") >= _DIGITS - 1:
            found.setdefault(form, []).append(token)
    return found


def _noticed(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the tokens that could hold a mobile: code is full of others."""
    done = start
    for noticed in _NOTICED.finditer(text, start, end):
        if noticed.end() <= done:
            continue
        for token in _TOKEN.finditer(text, max(done, noticed.start() - _LONGEST), min(end, noticed.end() + _LONGEST)):
            if token.end() > noticed.start():
                yield token
                done = token.end()
                break


def _of_form(text: str, form: str, tokens: Sequence[tuple[int, str]]) -> Iterator[Patch]:
    for place in _places(form):
        numbers = [place.before + "".join([token[at] for at in place.digits]) for _, token in tokens]
        if are_mobiles(numbers, place.fewest) and all(token[at] == "0" for at in place.zeros for _, token in tokens):
            wide = _widened(place, tokens)
            for (start, _), number in zip(tokens, numbers, strict=True):
                if _MOBILE.fullmatch(number):
                    yield _patch(text, start, wide, number)
            return


def _widened(place: _Place, tokens: Sequence[tuple[int, str]]) -> _Place:
    """Return a place with what is the same in all tokens: a digit in front, a currency, a unit say nothing."""
    heads = {token[: place.low] for _, token in tokens}
    tails = {token[place.high :] for _, token in tokens}
    high = place.high if len(tails) > 1 else len(tokens[0][1])
    return place._replace(low=place.low if len(heads) > 1 else 0, high=high)


def _places(form: str) -> Iterator[_Place]:
    """Yield where a number may stand in tokens of a form, the likeliest first; an edge behind it: in a row of them."""
    is_plain = form == "0" * _DIGITS
    form = form.rstrip(_EDGE)
    runs = [run.span() for run in _RUN.finditer(form)]
    digits = tuple(at for first, last in runs for at in range(first, last))
    is_all = len(runs) == 1
    for first, last in runs:
        size = last - first
        if size >= _DIGITS and not is_plain:
            low, high = (0, len(form)) if is_all and size == _DIGITS else (last - _DIGITS, last)
            yield _Place(tuple(range(last - _DIGITS, last)), low, high)
    if len(digits) >= _DIGITS and not _COORDINATE.fullmatch(form):
        rest = digits[_DIGITS:]
        if len(runs) > 1 or rest:
            yield _Place(digits[:_DIGITS], 0, len(form), zeros=rest)
    if len(digits) == _DIGITS:
        yield _Place(digits[::-1], 0, len(form))
    if form == "0" * (_DIGITS - 1):
        yield _Place(digits, 0, len(form), "1", _FEWEST_SHORT)


def are_mobiles(numbers: Sequence[str], fewest: int) -> bool:
    """Tell whether numbers, `fewest` different ones and more, are mobiles by no chance."""
    different = list(dict.fromkeys(numbers))
    mobiles = [number for number in different if _MOBILE.fullmatch(number)]
    return (
        len(mobiles) >= fewest
        and (len(different) - len(mobiles)) * _STRANGE_SHARE < len(different)
        and len({number[:3] for number in mobiles}) >= _SEGMENTS
        and len({number[1] for number in mobiles}) >= _TENS
        and len({number[-1] for number in mobiles}) >= _LAST_DIGITS
        and not any(all(time.match(number) for number in mobiles) for time in _TIMES)
        and not is_counter([int(number) for number in mobiles])
    )


def _patch(text: str, start: int, place: _Place, number: str) -> Patch:
    """Return the number, set apart from what it was joined to."""
    low, high = start + place.low, start + place.high
    places = [(low, start + place.digits[0] + 1)] * len(place.before)
    places += [(start + at, start + at + 1) for at in place.digits]
    head = _EDGE if low and _joins(text[low - 1]) else ""
    tail = _EDGE if high < len(text) and _joins(text[high]) else ""
    places = [(low, high)] * len(head) + places + [(low, high)] * len(tail)
    return Patch(low, high, head + number + tail, each(places), sure=True)


def _joins(sign: str) -> bool:
    return sign.isalnum() or sign in _MARKS


def _cut(start: int, row: str) -> Iterator[tuple[str, int, str]]:
    """Yield form, place and text of each piece of a row of pieces that all have one form."""
    form = row.translate(_FORM)
    size = form.find(form[:_BEGINNING], _BEGINNING)
    if form.isdecimal():
        size = _DIGITS
    if _BEGINNING < size <= _LONGEST and len(row) % size == 0 and form[:size] * (len(row) // size) == form:
        for at in range(0, len(row), size):
            yield form[:size], start + at, row[at : at + size]
