"""One address is counted once, however it is written."""

from __future__ import annotations

import random

import pytest

from dlp_proxy.detect.postal.spelling import spell


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("123 Main Street, Apartment 4B, Springfield, Illinois 62701", "123 MAIN ST.\nAPT 4B\nSPRINGFIELD IL 62701"),
        ("12 North Oak Road", "12 n. oak rd"),
        ("P.O. Box 12, Reno, NV 89501", "PO BOX 12 Reno NV 89501"),
        ("Hauptstraße 5, 80331 München", "Hauptstr. 5\n80331 München"),
        ("Hauptstraße 5, 80331 Bremen", "HauptstraBe 5, 80331 Bremen"),
        ('123 Main St", "city": "Reno", "state": "NV', "123 Main St, Reno, NV"),
        ("123 Main St<br/>Reno, NV", "123 Main St\\nReno, NV"),
    ],
)
def test_spellings_of_one_address_are_one_value(one: str, other: str) -> None:
    assert spell(one) == spell(other)


def test_other_numbers_and_other_towns_are_other_values() -> None:
    texts = ["12 Oak St, Reno, NV", "13 Oak St, Reno, NV", "12 Oak St, Elko, NV", "12 Oak St Apt 1, Reno, NV"]
    assert len({spell(text) for text in texts}) == len(texts)


def test_plain_values_are_spelled_by_the_same_rules() -> None:
    """A value of ASCII goes round most of the rules: with a sign beyond ASCII behind it, it does not."""
    pick = random.Random(17)
    pieces = (
        *(
            "12",
            "Main",
            "Street",
            "North",
            "new York",
            "Illinois",
            "O'Hare",
            "St.",
            "Hauptstrasse",
            "IL",
            "62701",
            "Apt",
        ),
        *(", ", " ", "\n", "\\n", "<br>", '", "city": "', "state=", "-", "#", "."),
    )
    for _ in range(4000):
        value = "".join(pick.choices(pieces, k=pick.randint(1, 9)))
        assert spell(f"{value}\u00bf") == spell(value), value
