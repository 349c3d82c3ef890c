"""Mobiles cut over columns are found in the company of sixteen rows; other figures side by side are none."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

import pytest

from dlp_proxy.cli.demo_traffic import orders
from tests.detect.shapes import look, text_part

PHONES: Final = [one.phone for one in orders(60, seed=5)]

WAYS: Final = {
    "apart": "{0}\tK-{2}\t{1}",
    "in the other order": "{1}\t{0}\tx",
    "without zeros": "{0}\tK\t{short}",
    "three and eight, apart": "{head}\tK\t{tail}",
    "three and eight, in the other order": "{tail}\t{head}\tK",
    "three pieces without zeros": "{head}\t{middle}\t{1}",
}


def found(text: str) -> int:
    return sum(one.why[0] == "read as pieces in columns" for one in look(text_part(text)))


def row(way: str, phone: str, count: int) -> str:
    return way.format(
        phone[:7], phone[7:], count, short=int(phone[7:]), head=phone[:3], tail=phone[3:], middle=int(phone[3:7])
    )


@pytest.mark.parametrize("way", WAYS)
def test_all_are_found(way: str) -> None:
    text = "\n".join(row(WAYS[way], phone, count) for count, phone in enumerate(PHONES))
    assert len([one for one in look(text_part(text)) if one.kind == "phone"]) >= len(PHONES)


def test_few_are_not() -> None:
    assert found("\n".join(row(WAYS["apart"], phone, 1) for phone in PHONES[:9])) == 0


def test_other_columns_are_none() -> None:
    chance = Random(5)
    number = chance.randrange
    tables: dict[str, Callable[[], str]] = {
        "heights and dates": lambda: f"{number(150, 199)}\tA\t{number(2000, 2027)}{number(10, 13)}{number(10, 29)}",
        "stock": lambda: f"{number(10**6, 10**7)}\tA\t{number(10**3, 10**4)}",
        "prices and counts": lambda: f"{number(1300000, 2000000)}\tA\t{number(1, 9999)}",
        "years": lambda: f"{number(1950, 1999)}\t{number(10**6, 10**7)}",
    }
    for name, make in tables.items():
        assert (name, found("\n".join(make() for _ in range(300)))) == (name, 0)
