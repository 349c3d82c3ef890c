"""Eleven digits without a name are judged by the numbers beside them."""

from __future__ import annotations

import random

import pytest

from dlp_proxy.detect.phones.company import company
from dlp_proxy.detect.phones.evidence import evidence
from tests.samples.customers import customers

PHONES = [one.phone for one in customers(60)]


def _said(text: str, phones: list[str]) -> list[str]:
    return [evidence(text, text.index(one), text.index(one) + 11) for one in phones]


@pytest.mark.parametrize("mark", ["^", "*", "::", " - ", "~"])
def test_numbers_between_the_same_marks_are_a_column(mark: str) -> None:
    text = "\n".join(f"Wei{mark}{phone}{mark}Springfield" for phone in PHONES)
    assert _said(text, PHONES) == ["phone"] * 60


@pytest.mark.parametrize(
    "text", ["\n".join(PHONES), ", ".join(PHONES), f"WHERE tel_no IN ({','.join(PHONES)})", f"[{','.join(PHONES)}]"]
)
def test_a_long_list_of_nothing_but_mobiles_needs_no_name(text: str) -> None:
    assert _said(text, PHONES) == ["phone"] * 60


def test_a_name_may_stand_on_the_line_above() -> None:
    text = "".join(f"order_id\nA{number}\nphone\n{phone}\n\n" for number, phone in enumerate(PHONES))
    assert _said(text, PHONES) == ["phone"] * 60


@pytest.mark.parametrize("head", ["", "## 客户\n\n"])
def test_lines_with_a_label_are_compared_with_those_of_their_label(head: str) -> None:
    """Numbers of orders in the lines between are no reason to take telephones for something counted."""
    text = head + "".join(f"DDH: {67 * 10**17 + n * 7919}\nDH: {phone}\nXM: 王芳\n" for n, phone in enumerate(PHONES))
    assert "counted" not in _said(text, PHONES)


@pytest.mark.parametrize("bullet", ["", "-   ", "* "])
def test_lines_of_blocks_are_compared_with_those_at_their_place(bullet: str) -> None:
    text = "".join(
        f"## 王芳\n\n{bullet}{phone}\n{bullet}建国路8号\n{bullet}{67 * 10**17 + n * 7919}\n\n"
        for n, phone in enumerate(PHONES)
    )
    assert "counted" not in _said(text, PHONES)
    counters = [str(13_800_000_000 + 977 * n) for n in range(60)]
    rising = "".join(f"{bullet}{one}\n{bullet}done\n\n" for one in counters)
    assert "phone" not in _said(rising, counters)


def test_the_name_above_a_long_column_is_the_name_of_its_end_too() -> None:
    phones = [str(13_800_000_000 + number) for number in range(3000)]
    assert set(_said("\n".join(("phone", *phones)), phones)) == {"phone"}


@pytest.mark.parametrize("mark", ["^", "\n", "::"])
def test_random_and_rising_numbers_are_no_crowd(mark: str) -> None:
    chance = random.Random(7)
    drawn = [str(chance.randrange(10**10, 2 * 10**10)) for _ in range(400)]
    rising = [str(13_900_000_000 + 3 * number) for number in range(400)]
    for numbers in (drawn, rising):
        text = f"{mark}x\n{mark}".join(numbers)
        said = [company(text, text.index(one), text.index(one) + 11) for one in numbers]
        assert "surely phones" not in said


@pytest.mark.parametrize("line", ["C(n='a', t='{}', a='b')", '{{"n": "a", "t": "{}", "a": "b"}}'])
def test_numbers_of_other_countries_in_groups_say_nothing_against_mobiles(line: str) -> None:
    values = (
        "18971091660",
        "07701 808846",
        "13095707894",
        "+49 171 23922468",
        "19862079842",
        "(303) 623-6538",
        "18692733312",
    )
    text = "\n".join(line.format(value) for value in values)
    start = text.index("13095707894")
    assert company(text, start, start + 11) != "counted"
