"""Messages in UN/EDIFACT (ISO 9735: orders, delivery notes, passenger lists), whatever they set apart with.

Each message (UNH to UNT) is a unit. Names, addresses and ways to reach somebody (NAD, CTA, COM of the directories of
UN/CEFACT) are written as people would; all other elements are written behind their segment's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.interchange import Interchange

NAME: Final = "edifact"

_BEGIN: Final = re.compile(rb"\s{0,16}(?:UNA[^\sA-Za-z0-9]{4}[ *][^A-Za-z0-9]\s{0,4})?UN[BH]([^A-Za-z0-9\s])")
_SIGNS: Final = ":+.? '"
"""What sets components and elements apart, the decimal mark, what releases a sign, a reserve, the end of a segment."""
_KEPT: Final = "\x00"
"""Stands for a released sign while a segment is cut."""
_OFTEN: Final = 4096
"""Segments after which the time is looked at."""
_MOST: Final = 100
"""Elements of a segment that are told apart."""
_CHANNELS: Final = {"TE": "phone", "AL": "phone", "FX": "fax", "EM": "email"}
_REFERENCES: Final = {"ON": "order number", "CR": "customer reference", "AAS": "waybill", "CN": "waybill"}
_STATE_FIRST: Final = frozenset({"US", "CA", "AU", "IN", "MX", "BR"})
_CODE: Final = 3
"""Characters of a code at most."""
_TAG: Final = re.compile("[A-Z]{3}")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


class _Line(NamedTuple):
    name: str
    value: str


type _Segment = list[list[str]]


def accepts(content: Content) -> bool:
    return _BEGIN.match(content.data) is not None and content.text is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap]:
    written = Interchange("message")
    for number, segment in enumerate(_segments((content.text or "").lstrip())):
        if number % _OFTEN == 0:
            budget.hurry()
        tag = segment[0][0]
        if tag == "UNH":
            written.begin()
        lines = _lines(tag, segment[1:]) if _TAG.fullmatch(tag) else _others("text", segment)
        for name, value in chain(lines, _others(tag, [segment[0][1:]] if _TAG.fullmatch(tag) else [])):
            written.add(name, value)
        if written.values > budget.limits.values:
            yield Gap("too-large", content.location, "EDIFACT with more values than are laid out")
            raise Mismatch
        if tag == "UNT":
            written.end()
    if not written.values:
        raise Mismatch
    yield written.part(content.location)


def _segments(text: str) -> Iterator[_Segment]:
    """Yield the elements of each segment, each with its components."""
    signs, at = (text[3:9], 9) if text.startswith("UNA") else (_SIGNS, 0)
    component, element, _, release, _, end = tuple(signs)
    escape = re.escape(release) if release != " " else "(?!)"
    plain_signs = f"[^{re.escape(end + release.strip())}]"
    piece = re.compile(rf"(?:{plain_signs}++|{escape}.)++", re.DOTALL)
    held = re.compile(rf"{escape}(.)", re.DOTALL)

    for written in piece.finditer(text, at):
        # A released sign is taken out of the way before anything is cut.
        bare = written[0].strip().replace(_KEPT, " ")
        kept = map(str, held.findall(bare))
        plain = held.sub(_KEPT, bare)
        segment = [
            [_restored(one, kept) for one in some.split(component, _MOST)] for some in plain.split(element, _MOST)
        ]
        if segment[0][0]:
            yield segment


def _restored(text: str, kept: Iterator[str]) -> str:
    return re.sub(_KEPT, lambda _: next(kept), text)


def _lines(tag: str, elements: _Segment) -> Iterator[_Line]:
    if tag == "NAD":
        yield from _party(elements)
        yield from _others(tag, [*elements[:2], *elements[8:]])
    elif tag == "COM":
        for value, *channel in elements:
            yield _Line(_CHANNELS.get("".join(channel[:1]), tag), value)
            yield from _others(tag, [channel])
    elif tag == "CTA":
        yield from (_Line("name", part) for one in elements[1:2] for part in one[1:] or one)
        yield from _others(tag, [*elements[:1], *(one[:1] for one in elements[1:2] if one[1:]), *elements[2:]])
    elif tag == "RFF":
        for one in elements:
            yield _Line(_REFERENCES.get(one[0], tag), " ".join(one[one[0] in _REFERENCES :]))
    else:
        yield from (_Line(tag, " ".join(filter(None, one))) for one in elements)


def _others(tag: str, elements: _Segment) -> Iterator[_Line]:
    """Yield what stands where only short codes belong, and is none."""
    yield from (_Line(tag, part) for one in elements for part in one if len(part) > _CODE)


def _party(elements: _Segment) -> Iterator[_Line]:
    """Yield name and address of a party, whose elements are: role, number, both in one, name, street, town, region,
    postcode, country.
    """
    _, _, mixed, names, *rest = [*elements, *[[""]] * 9][:9]
    street, town, region, postcode, land = (" ".join(filter(None, one)) for one in rest)
    yield _Line("name", " ".join(filter(None, names)))
    if any(mixed):
        yield _Line("address", ", ".join(filter(None, mixed)))
    if _HAN.search(street + town):
        yield _Line("address", f"{region}{town}{street}")
        yield _Line("postcode", postcode)
        return
    place = f"{town}, {region} {postcode}" if land in _STATE_FIRST else f"{postcode} {town}"
    if land == "GB":
        place = f"{town} {postcode}"
    yield _Line("address", ", ".join(filter(None, (street, place.strip(" ,"), land if not street else ""))))
