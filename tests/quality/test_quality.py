"""A small sample of the suite with the bars of the product, so that a change that loses quality is seen at once.

`scripts/bench quality` runs all of it; `--misses 5` shows what went wrong. Mend the rule behind a miss, never a sample.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from random import Random
from typing import Final

import pytest

from dlp_proxy.cli.detect import every_detector, find
from dlp_proxy.model.finding import Confidence
from dlp_proxy.stores.state_dir import passing_fingerprint
from tests.quality.case import Case, Family, Span, case, mark
from tests.quality.families import FAMILIES
from tests.quality.look_alikes_office import card, ean13, luhn
from tests.quality.measure import Result, judge, measure, totals
from tests.quality.row import iban, resident_id

DOCUMENTS: Final = 12
RECALL: Final = {
    "phone/cn/mobile": 0.995,
    "phone/cn/landline": 0.95,
    "phone/cn/hotline": 0.95,
    "phone/world": 0.98,
    "phone/national/us": 0.9,
    "phone/disguised": 0.9,
    "address/cn": 0.93,
    "address/cn/commerce": 0.95,
    "address/us": 0.85,
    "address/west": 0.8,
    "row": 0.85,
}
ALARMS: Final = {"phone/not": 0.01, "address/not": 0.01, "row/not": 0.02, "phone/cn": 0.01, "address/cn": 0.02}


@pytest.fixture(scope="module")
def results() -> list[Result]:
    detectors, fingerprint = every_detector(Path(__file__).parents[2] / "policies"), passing_fingerprint()

    def finder(text: str) -> list[Span]:
        found = find(text, detectors, fingerprint)
        return [Span(one.start, one.end, one.kind) for one in found if one.confidence >= Confidence.MEDIUM]

    return [measure(family, finder, DOCUMENTS, "test") for family in FAMILIES]


@pytest.mark.parametrize("group", RECALL)
def test_a_group_is_found(group: str, results: list[Result]) -> None:
    some = [one for one in results if one.family.name.startswith(group) and not one.family.negative]
    assert some
    missed = [f"{one.family.name}: {where.text[span.start : span.end]}" for one in some for where, span in one.missed]
    assert totals(some, group)[0] >= RECALL[group], missed


@pytest.mark.parametrize("group", ALARMS)
def test_a_group_raises_few_false_alarms(group: str, results: list[Result]) -> None:
    wrong = [
        f"{one.family.name}: {where.text[span.start : span.end]} in {where.text[:80]}"
        for one in results
        if one.family.name.startswith(group)
        for where, span in one.wrong
    ]
    assert totals(results, group)[1] <= ALARMS[group], wrong


def test_no_family_of_look_alikes_raises_more_than_one(results: list[Result]) -> None:
    assert [one.family.name for one in results if one.family.negative and one.alarmed > 1] == []


def test_there_are_as_many_families_as_promised() -> None:
    names = [family.name for family in FAMILIES]
    assert len(set(names)) == len(names)
    assert sum(name.startswith("phone/cn/mobile/") for name in names) >= 17
    assert sum(name.startswith("phone/not/") for name in names) >= 52
    assert sum(name.startswith("address/not/") for name in names) >= 15


def test_every_generator_module_is_in_the_suite() -> None:
    known = set(map(id, FAMILIES))
    for path in Path(__file__).parent.glob("*.py"):
        module = importlib.import_module(f"tests.quality.{path.stem}")
        assert {family.name for family in getattr(module, "FAMILIES", ()) if id(family) not in known} == set()


def test_marks_become_spans() -> None:
    made = case(f"a{mark('phone', 'b' + mark('name', 'cd'))}e", "f")
    assert made == Case("abcde", (Span(2, 4, "name"), Span(1, 4, "phone")), "f")


def test_a_finding_is_the_labels_when_half_of_the_longer_is_shared() -> None:
    family = Family("phone/x", lambda _: "", ("phone",), 1.0)
    one = Case("0123456789", (Span(2, 8, "phone"),), "phone/x")
    result = judge(family, [(one, [Span(2, 5, "phone"), Span(0, 2, "phone"), Span(2, 8, "name")]), (one, [])])
    assert (result.recall, result.precision, result.alarms) == (0.5, 0.5, 0.5)
    assert (len(result.missed), len(result.wrong), result.passes) == (1, 1, False)


def test_check_digits_of_generators_hold() -> None:
    # Published examples: ISO/IEC 7812 (Luhn), GS1 (EAN-13), ISO 13616 (IBAN of the standard's own example bank).
    assert luhn("7992739871") == "79927398713"
    assert ean13("400638133393") == "4006381333931"
    chance = Random(1)
    for _ in range(50):
        value = iban(chance)
        assert int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1
        assert len(resident_id(chance)) == 18
        assert luhn(card(chance)[:-1])[-1].isdigit()
