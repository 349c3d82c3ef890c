"""Whose a number is that is written as people do at home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, cast

import pytest
import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.pattern_tree import Node, Tree
from dlp_proxy.detect.phones import told
from dlp_proxy.detect.phones.countries import COUNTRIES, Country
from dlp_proxy.detect.phones.e164 import e164_national
from dlp_proxy.detect.readers import phone_national
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from tests.detect.shapes import look, standard

_TRIED: Final = "0Aa ,"
"""Characters that are taken first where a pattern has many."""


class _Samples(Tree):
    """Short texts that a pattern matches: each alternative once, repeats as seldom as they may be."""

    def texts(self, items: Sequence[Node]) -> Iterator[str]:
        """Yield a text for each way through a sequence of nodes, those of one node with the first of all others."""
        each = [list(islice(self._of(node), 400)) for node in items]
        first = [some[0] if some else "" for some in each]
        yield "".join(first)
        for place, some in enumerate(each):
            for one in some[1:]:
                yield "".join([*first[:place], one, *first[place + 1 :]])

    def _of(self, node: Node) -> Iterator[str]:
        name, argument = str(node[0]), node[1]
        chars = self.chars(node, self.flags)
        if chars is not None:
            plain = [sign for sign in _TRIED if ord(sign) in chars.ascii] or [chr(code) for code in sorted(chars.ascii)]
            others = [chr(code) for code in sorted(chars.others)]
            ranges = [chr(value[0]) for kind, value in argument if str(kind) == "RANGE"] if name == "IN" else []
            yield " " if name == "ANY" else [*plain, *others, *ranges][0]
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from self.texts(branch)
        elif name == "SUBPATTERN":
            yield from self.texts(argument[3])
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            least = int(argument[0])
            yield from (one * least for one in self.texts(list(argument[2])))
            if not least:
                yield from self.texts(list(argument[2]))


def _found_by(pattern: object) -> list[str]:
    """Return texts in which a pattern finds something."""
    source = cast("Any", pattern).pattern
    tree = _Samples(source, 0)
    texts = {f"\n{before}{text}{behind}\n" for text in tree.texts(tuple(tree.nodes)) for before in ("", "Aa")
        for behind in ("", " 1")}  # fmt: skip
    return sorted(text for text in texts if regex.search(source, text))


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.region)
def test_whatever_tells_a_country_is_looked_for(country: Country) -> None:
    if country.region in {"NZ", "ZA"}:
        return  # nothing in their addresses is theirs alone
    places = _found_by(country.place)
    assert len(places) >= 1
    may = told._may_be_addressed
    assert [text for text in places if not may(text, (0, len(text)))] == []


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.region)
def test_whatever_names_a_country_is_looked_for(country: Country) -> None:
    words = _found_by(country.word)
    assert len(words) >= 1
    assert [text for text in words if not told._CAPITALS.search(text) or not told._WORDS.search(text)] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Novakova 12, 110 00 Praha 1, 602 123 456", "+420602123456"),
        ("Ataturk Mahallesi 5, Izmir, 0532 123 45 67", "+905321234567"),
        ("Shibuya, Tokyo 150-0001, 090 1234 5678", "+819012345678"),
        ("12 MG Road, Indira Nagar, 098450 12345", "+919845012345"),
        ("7 Lorong Maarof, Bangsar, 012-345 6789", "+60123456789"),
        ("Patrick St, Cork, Co. Cork T12 RX8C, 085 123 4567", "+353851234567"),
        ("3 King William St, South Australia 5000, 0412 345 678", "+61412345678"),
        ("jsb@naver.com 010 8844 6479", "+821088446479"),
    ],
)
def test_what_tells_the_country(text: str, number: str) -> None:
    start = next(at for at in range(len(text)) if text[at:].replace(" ", "").replace("-", "").isdecimal())
    digits = text[start:].replace(" ", "").replace("-", "")
    found = told.told(text, start, len(text), digits, is_grouped=True)
    assert found is not None
    assert found.number == number


def test_a_code_within_a_word_tells_nothing() -> None:
    for text in ("Model USA 5000, 0412 345 678", "file PDF10 2024, 085 123 4567"):
        start = text.index(", ") + 2
        assert told.told(text, start, len(text), text[start:].replace(" ", ""), is_grouped=True) is None


def whose(text: str, number: str) -> told.Told | None:
    start = text.index(number)
    digits = "".join(sign for sign in number if sign.isdigit())
    return told.told(text, start, start + len(number), digits, is_grouped=True)


@pytest.mark.parametrize(("times", "region"), [(2, ""), (3, "GB")])
def test_a_text_that_tells_of_a_country_often_is_a_list_of_its_people(times: int, region: str) -> None:
    text = f"{'ann@shop.co.uk ' * times}{'words ' * 100}07985 595900"
    found = whose(text, "07985 595900")
    assert (found.region if found else "") == region
    assert found is None or found.by == "list"


def test_what_stands_on_the_same_line_is_nearer() -> None:
    text = "Prinsengracht 12\n06 12 34 56 78 and many words, 12 rue Victor Hugo"
    found = whose(text, "06 12 34 56 78")
    assert found is not None
    assert found.region == "FR"


def test_numbers_that_nobody_is_given_are_nobodys() -> None:
    assert whose("Church Lane, Glasgow G12 9AJ, 0141 496 0123", "0141 496 0123") is not None
    for number in ("0808 157 0192", "0906 123 4567", "0845 123 4567"):
        assert whose(f"Church Lane, Glasgow G12 9AJ, {number}", number) is None


def read(text: str, number: str) -> Reading | None:
    start = text.index(number)
    return phone_national.read(text, 0, start, start + len(number))


def test_thousands_and_a_digit_again_and_again_are_no_numbers_of_people() -> None:
    assert read("ring 41 23 45 67 i Norge", "41 23 45 67") is not None
    assert read("omsetning 41 234 567 i Norge", "41 234 567") is None
    assert read("Glasgow G12 9AJ 07985 595900", "07985 595900") is not None
    assert read("Glasgow G12 9AJ 07777 777777", "07777 777777") is None


@pytest.mark.parametrize("joint", ["\t", "\n", '": "'])
def test_columns_that_stand_one_behind_the_other_are_told_by_their_addresses(joint: str) -> None:
    phones = [f"0{area} {number}" for number in range(712_061, 712_161) for area in ("7533", "1603")]
    towns = joint.join(f"{number} Mill Lane, York YO2 7UQ" for number in range(1, 41))
    part = Part(Location("body"), joint.join(phones) + "\n\n" + towns)
    found = look(part, detectors=(standard("phone-national"),))
    assert sorted(one.value.reveal() for one in found) == sorted(phones)


def test_a_few_addresses_do_not_make_landlines_of_grouped_figures() -> None:
    towns = "\n".join(f"{number} Mill Lane, York YO2 7UQ" for number in range(1, 6))
    part = Part(Location("body"), "\n".join(f"01603 {number}" for number in range(712_061, 712_161)) + "\n" * 9 + towns)
    found = look(part, detectors=(standard("phone-national"),))
    assert len(found) < 20  # those beside the addresses


@pytest.mark.parametrize("row", ["98115 2025-10-28 09", "6155 2025-10-24 08"])
def test_a_day_is_no_group_of_a_number(row: str) -> None:
    """Under a label a postcode, a day and an hour were a landline of Germany."""
    assert e164_national(row) == ""
    assert e164_national("030 1234567") == "+49301234567"
