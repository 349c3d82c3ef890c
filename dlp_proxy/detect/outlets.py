"""Whose a telephone and an address are: a place's, where their row, object or lines name a shop, a branch or an office.

A place is named by its column, field or label (*Branch*, *store_name*), by the list it is in (*stores*), by a noun of
places in a name of a few words (*Leeds City Branch*, *Hotel Adlon*), or by its town alone in front of its address
(*Austin, 12 Oak St, Austin, TX 78701*). Where a person is named too, by a column or by something that reads as a name,
the row is a person's. Why: docs/adr/0120-a-place-is-known-by-its-name.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

import regex

from dlp_proxy.detect.checks.person_name import holds as may_be_a_person
from dlp_proxy.detect.layout import innermost, parents
from dlp_proxy.detect.membership import MAIL, Membership
from dlp_proxy.detect.place_nouns import EASTERN, PLACE_NOUNS
from dlp_proxy.model.message import CELL, Part

type Span = tuple[int, int]

_NOUN: Final = regex.compile(rf"(?i)\b(?:{'|'.join(PLACE_NOUNS)})\b")
_EASTERN: Final = regex.compile(rf"[\u3041-\u30fe\u4e00-\u9fff\uac00-\ud7a3](?:{'|'.join(EASTERN)})$")
_LITTLE: Final = frozenset({"of", "the", "and", "at", "on", "in", "de", "la", "du", "am", "an", "der", "&"})
_PLACES: Final = regex.compile(
    r"(?i)(?:our[ _-]?)?(?:branch|store|shop|outlet|office|location|site|facility|clinic|hotel|restaurant|dealer"
    r"|dealership|showroom|warehouse|depot|station|school|pharmacy|hospital|agency|venue|centre|center|filiale"
    r"|niederlassung|standort|agence|succursale|magasin|sucursal|tienda|oficina|filial)(?:e?s)?"
    r"(?:[ _-]?(?:name|title|no|nr|number|code|id))?\.?|(?:branch|facilit|agenc|pharmac)(?:es|ies)"
    r"|门店|门店名称|店名|网点|网点名称|分店|分公司|分行|支行|营业部|營業部|門市"
    r"|店舗|店舗名|店名|支店|支店名|営業所|営業所名|施設名|拠点|拠点名|事業所|事業所名|지점|지점명|매장|매장명|대리점|대리점명|센터명"
)
"""What a column, a field or a list of places is called, as a whole."""
_PEOPLE: Final = regex.compile(
    r"(?i)(?<![a-z])(?:(?:first|last|given|family|full|middle|maiden|user|guest|contact)[ _-]?name|firstname|lastname"
    r"|surname|forename|username|customer|client|patient|buyer|member|guest|recipient|receiver|consignee|cardholder"
    r"|subscriber|tenant|passenger|student|applicant|employee|owner|holder|donor|volunteer|attendee|participant"
    r"|parent|visitor|people|person|user|lead|order|deliver(?:y|ie)|vorname|nachname|kunde|prénom|apellido"
    r"|cliente)(?:s|n)?(?![a-z])"
)
"""A word of what a column, a field or a list of people is called."""
_NO_NAME: Final = regex.compile(
    r"(?i)(?:.*[ _-])?(?:city|town|state|region|area|county|country|district|address|addr|street|notes?|comments?"
    r"|remarks?|source|instructions?)[ _-]?\d?"
)
"""What a column is called in which nobody's own name stands."""
_SEGMENT: Final = regex.compile(r"[^\t\n|<>\";]+")
_LABELLED: Final = regex.compile(r"(?P<label>\p{L}[\p{L} _-]{1,24}):[ \t]*(?P<value>\S.*)")
_EDGES: Final = " \r\f,.:;*#•·▪●-–—_()[]{}'“”\"=/\\0123456789"
_CALLED: Final = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{N}'’&.+#/-]| (?! )){1,58}[\p{L}\p{N}.)]?")
_TOWN: Final = regex.compile(r"\p{Lu}[\p{L}'’.-]+(?: \p{L}[\p{L}'’.-]+){0,3}")
_STEP: Final = regex.compile(r"(?P<name>[^.\[\]$]+)(?P<number>\[\d+\])?")
_WORD: Final = regex.compile(r"\p{L}+")
_ROLES: Final = frozenset(PLACE_NOUNS) | {
    "info", "contact", "sales", "support", "service", "hello", "mail", "enquiries", "reception", "manager", "bookings",
}  # fmt: skip
"""Words before the sign of a mail address that stand for no person."""
_MOST_WORDS: Final = 8
_OF_MANY: Final = 5
"""Places that one person has at most: an address at home and at work, and their telephones."""
_BEFORE: Final = 160
"""Characters in front of a customer in a text where its name may stand."""


def are_places(part: Part, customers: Sequence[Sequence[int]], member: Membership) -> list[bool]:
    """Say of each of `customers`, findings in `part`, whether it is a place that no person is named beside.

    Only one that holds nothing but what a place may have (`RecordSpec.not_only_of_places`) can be; a mail
    address may be the place's own. Nor is an address a customer that is one by a mail address which many share, and has
    else only what makes no record by itself (`RecordSpec.not_only`).
    """
    answers = _share_a_mail(customers, member)
    asked = [number for number, held in enumerate(customers) if not answers[number] and member.may_be_place(held)]
    if asked:
        look = _Look(part, customers, member)
        for number in asked:
            mails = [member.findings[index] for index in customers[number] if member.findings[index].kind == MAIL]
            answers[number] = look.is_place(number, [(mail.start, mail.end) for mail in mails])
    return answers


def _share_a_mail(customers: Sequence[Sequence[int]], member: Membership) -> list[bool]:
    """Say of each whether it is an address and a mail address of which one stands beside many of the other kind.

    The head office's mail address beside each branch, a room's address beside all who are invited: it is no way to
    reach any of them, and what is left is one way alone.
    """
    findings = member.findings
    by_mail = [member.hangs_on_mail(held) for held in customers]
    values = [
        [
            {findings[index].fingerprint for index in held if (findings[index].kind == MAIL) is mails}
            for mails in (True, False)
        ]
        if asked
        else []
        for held, asked in zip(customers, by_mail, strict=True)
    ]
    beside: dict[bytes, set[bytes]] = {}
    for mails, others in filter(None, values):
        for some, theirs in ((mails, others), (others, mails)):
            for value in some:
                beside.setdefault(value, set()).update(theirs)
    of_many = {value for value, others in beside.items() if len(others) > _OF_MANY}
    return [any(kind and kind <= of_many for kind in kinds) for kinds in values]


class _Look:
    """One part and who was found in it, by number."""

    def __init__(self, part: Part, customers: Sequence[Sequence[int]], member: Membership) -> None:
        findings = member.findings
        self._part = part
        self._spans = [sorted((findings[index].start, findings[index].end) for index in held) for held in customers]
        self._ends = sorted(max(end for _, end in spans) for spans in self._spans)
        order = sorted(range(len(customers)), key=lambda number: self._spans[number][0])
        self._starts = [self._spans[number][0][0] for number in order]
        self._unit = dict(zip(order, innermost(part.units, self._starts), strict=True))
        self._above = parents(part.units) if part.units else []

    def is_place(self, number: int, mails: Sequence[Span]) -> bool:
        """Say whether a customer is one, `mails` being where its mail addresses stand."""
        spans = self._spans[number]
        unit = self._around(number)
        around = self._part.units[unit] if unit >= 0 else None
        start, end = (around.start, around.end) if around is not None else self._lines(spans)
        if not all(self._is_of_place(mail, start, end) for mail in mails):
            return False
        if around is None:
            return self._says(start, end, spans, {})
        listed = self._listed(self._part.units[self._unit[number]].label)
        named = {span: name for span, name in self._named(around.start, around.end) if _stands(self._part.text, span)}
        if listed is False or any(_PEOPLE.search(name) for name in named.values()):
            return False
        if listed or any(_PLACES.fullmatch(name.strip(" *:：#")) for name in named.values()):
            return True
        return self._says(around.start, around.end, spans, named)

    def _is_of_place(self, mail: Span, start: int, end: int) -> bool:
        """Say whether a mail address has nothing but words of places and of this one before its sign."""
        text = self._part.text
        pieces = _SEGMENT.findall(f"{text[start : mail[0]]}\n{text[mail[1] : end]}")
        around = "\n".join(piece for piece in pieces if not may_be_a_person(piece.strip(_EDGES))).casefold()
        words = _WORD.findall(text[mail[0] : mail[1]].partition("@")[0].casefold())
        return all(word in _ROLES or regex.search(rf"(?<!\p{{L}}){regex.escape(word)}", around) for word in words)

    def _around(self, number: int) -> int:
        """Return the largest row or object that holds this customer and no other one, or -1."""
        units, unit = self._part.units, self._unit[number]
        end = max(end for _, end in self._spans[number])
        found = -1
        while unit >= 0:
            span = units[unit]
            if bisect_left(self._starts, span.end) - bisect_left(self._starts, span.start) > 1:
                break
            if span.end >= end and span.kind != "text":
                found = unit
            unit = self._above[unit]
        return found

    def _listed(self, label: str) -> bool | None:
        """Say whether a unit so labelled is in a list of places; None when it does not say."""
        for step in reversed(list(_STEP.finditer(label))):
            if _PEOPLE.search(step["name"]):
                return False
            if _PLACES.fullmatch(step["name"]):
                return True
            if step["number"]:
                break
        return None

    def _named(self, start: int, end: int) -> Iterator[tuple[Span, str]]:
        """Yield the cells of a row or the fields of an object, with their names."""
        part = self._part
        if part.columns:
            for name, cell in zip(part.columns, part.text[start:end].split(CELL), strict=False):
                yield (start, start + len(cell)), name
                start += len(cell) + 1
            return
        for field in part.fields[bisect_left(part.fields, start, key=lambda field: field.start) :]:
            if field.start >= end:
                break
            yield (field.start, field.end), field.name

    def _lines(self, spans: Sequence[Span]) -> Span:
        """Return the lines of a customer in a text, with those in front of it that are nobody else's."""
        text, first, last = self._part.text, spans[0][0], max(end for _, end in spans)
        before, after = bisect_right(self._ends, first), bisect_left(self._starts, last)
        least = max(first - _BEFORE, self._ends[before - 1] if before else 0)
        start = text.rfind("\n\n", least, first)
        if start >= 0 and not text[start:first].strip(_EDGES + "\n\t>|<"):
            # A heading has a blank line behind it at times.
            start = text.rfind("\n\n", least, start)
        end = text.find("\n", last)
        end = len(text) if end < 0 else end
        return max(start, least), min(end, self._starts[after]) if after < len(self._starts) else end

    def _says(self, start: int, end: int, spans: Sequence[Span], named: dict[Span, str]) -> bool:
        """Say whether a place and no person is named from `start` to `end`, beside the values in `spans`."""
        text = self._part.text
        values = "\n".join(text[low:high] for low, high in spans)
        place = False
        first = True
        for match in _SEGMENT.finditer(text, start, end):
            low, high = match.span()
            inside = [span for span in spans if low < span[1] and high > span[0]]
            if inside:
                high = max(low, inside[0][0])
            labelled = _LABELLED.match(text, low, high)
            if labelled is not None:
                if _PEOPLE.search(labelled["label"]):
                    return False
                if _PLACES.fullmatch(labelled["label"]) and labelled["value"][0].isalpha():
                    place = True
                    continue
                low = labelled.start("value")
            if _is_no_name(named, low):
                continue
            for piece in (text[low:high].split(",")) if inside else (text[low:high],):
                called = piece.strip(_EDGES)
                if not called:
                    continue
                if _is_place(called, values if first else ""):
                    place = True
                elif not named and called not in values and may_be_a_person(called.replace("^", " ")):
                    return False
                first = False
            first = first and not inside
        return place


def _stands(text: str, span: Span) -> bool:
    return bool(text[span[0] : span[1]].strip())


def _is_no_name(named: dict[Span, str], at: int) -> bool:
    """Say whether a character lies in a cell or a field in which nobody's own name stands."""
    return any(low <= at < high and _NO_NAME.fullmatch(name.strip()) for (low, high), name in named.items())


def _is_place(called: str, address: str) -> bool:
    """Say whether so a place is called; `address` is where its town may stand."""
    words = called.split(" ")
    if _EASTERN.search(called) is not None:
        return len(words) <= _MOST_WORDS
    if not called[:1].isupper() or len(words) > _MOST_WORDS or _CALLED.fullmatch(called) is None:
        return False
    if _NOUN.search(called) is not None:
        # Not a remark in which the noun is only a word: Leave it at the front office.
        return all(not word[:1].islower() or word in _LITTLE or _NOUN.fullmatch(word) for word in words)
    return _TOWN.fullmatch(called) is not None and any(
        piece.strip().partition(" ")[0] == called or piece.strip() == called or piece.strip().startswith(called + " ")
        for line in address.split("\n")
        for piece in regex.split(r"[,\t]", line)[1:]
    )
