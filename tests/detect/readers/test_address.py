"""What makes a street an address, and how sure."""

from __future__ import annotations

import random
from time import process_time

import pytest

from dlp_proxy.detect.readers import address
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, objects, standard, table

DETECTOR = standard("address")


def confidence(text: str) -> Confidence | None:
    found = [one for one in find_in_text(text, DETECTOR) if not one.dropped]
    return max((one.confidence for one in found), default=None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Fire crews saw 123 Main St yesterday", Confidence.LOW),
        ("Fire crews saw 123 Main St Apt 4 yesterday", Confidence.MEDIUM),
        ("Fire crews saw 123 Main St, Springfield, IL yesterday", Confidence.HIGH),
        ("Ship to: 123 Main St", Confidence.HIGH),
        ("Ship to:\nJane Doe\n123 Main St", Confidence.HIGH),
        ("the courier will be at 123 Main St", Confidence.MEDIUM),
        ("Hauptstr. 5 wird gesperrt", Confidence.LOW),
        ("Anschrift: Hauptstr. 5", Confidence.HIGH),
        ("Chapter 5, 10000 Maniacs", Confidence.LOW),
        ("12 people in Reno", None),
        ("Motor: 236 W, 8042 RPM Drive unit", None),
        ("in the bag 12, Melbourne VIC 3000 copies", None),
    ],
)
def test_what_stands_beside_a_street_says_how_sure_it_is(text: str, wanted: Confidence | None) -> None:
    assert confidence(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "168 rue de Verdun, 3ème étage, 93200 Saint-Denis",
        "12 bis, boulevard Pasteur, appartement 12, 51100 Reims",
        "46 route des Acacias\n3ème étage\n69002 Lyon",
        "An der alten Mühle 35-37, 80797 München",
        "Zum goldenen Hirsch 5, 01067 Dresden",
        "Locked Bag 175, Melbourne VIC 3000",
        "Private Bag 12, Parramatta NSW 2150",
    ],
)
def test_floors_names_and_boxes_as_each_country_writes_them(text: str) -> None:
    found = [(one.value, one.confidence) for one in find_in_text(text, DETECTOR) if not one.dropped]
    assert found == [(text, Confidence.HIGH)]


def test_a_field_and_a_column_with_the_name_of_an_address_raise_a_street_alone() -> None:
    in_object = look(objects({"address1": "12 Oak Rd", "note": "x"}), detectors=(DETECTOR,))
    in_row = look(table([["1", "12 Oak Rd", "x"]], ("id", "shipping_address", "note")), detectors=(DETECTOR,))
    assert [one.confidence for one in (*in_object, *in_row)] == [Confidence.HIGH] * 2


def test_an_address_over_the_cells_of_a_row_is_one_value() -> None:
    found = look(table([["1", "12 Oak Rd", "Reno", "NV", "89501"]]), detectors=(DETECTOR,))
    assert [one.value.reveal() for one in found] == ["12 Oak Rd\tReno\tNV\t89501"]


NEAR_MISSES = (
    "12 Main Oak Elm Pine Lake ", "12 Main St ", "12 Main St, Aa, Bb, ", "12 Main St Apt 4 Apt 4 ", "1234567890", "12 ",
    "IL 62701 ", "SW1A 1AA ", "Aastraße 5, ", "Via Roma Aa Bb Cc Dd 1", "po box 12 ", "address: ",
    "ship to aa bb\ncc dd\n",
    "12 rue de la de la ", "Aa Bb, Cc Dd, Ee\n", "12 Main St , , ,\t\t", '12 Main St","city":"Aa","x":"', "Flat 3, ",
    "5, 80331 Aa ", "12 Highway 5 ",
)  # fmt: skip


@pytest.mark.parametrize("piece", NEAR_MISSES)
def test_near_misses_are_read_in_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        start = process_time()
        find_in_text(text, DETECTOR)
        return process_time() - start

    seconds(1_000)
    # More than once: a collection of garbage in the middle is no growth.
    assert any(seconds(32_000) <= 3 * seconds(16_000) + 0.05 for _ in range(3))


def test_the_start_of_a_number_is_what_its_pattern_says() -> None:
    pick = random.Random(19)
    for _ in range(20_000):
        text = "".join(pick.choices("0123456789-/ NSAb,\n", k=pick.randint(1, 18)))
        at = pick.randrange(len(text))
        if text[at].isdigit():
            free = pick.randrange(at + 1)
            match = address._NUMBER.search(text, max(free, at - 14), at + 1)
            assert address._number_start(text, free, at) == (match.start() if match else at), (text, free, at)
