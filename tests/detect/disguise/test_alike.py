"""Mobiles that a sheet wrote otherwise are found by their company; identifiers, times and sums in company are none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Final

import pytest

from dlp_proxy.cli.demo_traffic import orders
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, text_part

PHONES: Final = [one.phone for one in orders(60, seed=5)]

WAYS: Final[dict[str, Callable[[str], str]]] = {
    "two decimals": lambda one: f"{one}.00",
    "a currency": lambda one: f"¥{int(one):,}.00",
    "a currency alone": lambda one: f"￥{one}.00",
    "points for thousands": lambda one: f"{int(one):,}".replace(",", "."),
    "apostrophes for thousands": lambda one: f"{int(one):,}".replace(",", "'"),
    "spaces for thousands": lambda one: f"{int(one):,}".replace(",", " "),
    "underscores for thousands": lambda one: f"{int(one):_}",
    "underscores as they are spoken": lambda one: f"{one[0]}_{one[1:4]}_{one[4:7]}_{one[7:]}",
    "a letter in front": lambda one: f"x{one}",
    "a digit in front": lambda one: f"9{one}",
    "zeros in front": lambda one: f"000000{one}",
    "a sign": lambda one: f"-{one}",
    "percents": lambda one: f"{one}00%",
    "a zero behind": lambda one: f"{one}0",
    "behind a point": lambda one: f"0.{one}",
    "a point in it": lambda one: f"{one[:6]}.{one[6:]}",
    "a time": lambda one: f"{one[:7]}:{one[7:9]}:{one[9:]}",
    "backwards": lambda one: one[::-1],
    "without the 1": lambda one: one[1:],
    "joined to what came before": lambda one: f"K-{one[-4:]}{one}",
    "joined by a hyphen": lambda one: f"K{one[-4:]}-{one}",
    "joined by a plus": lambda one: f"K{one[-4:]}+{one}",
    "joined to what follows": lambda one: f"{one}K{one[-4:]}",
}
BY_THEMSELVES: Final = {"two decimals", "a currency alone"}
"""A cell of eleven digits with pence is read without any company."""


def found(text: str) -> list[str]:
    return [
        text[one.start : one.end]
        for one in look(text_part(text))
        if one.kind == "phone" and one.confidence >= Confidence.MEDIUM
    ]


@pytest.mark.parametrize("between", ["\n", "\tok\n", "; "])
@pytest.mark.parametrize("way", WAYS)
def test_all_are_found_in_company(way: str, between: str) -> None:
    assert len(found(between.join(WAYS[way](one) for one in PHONES))) == len(PHONES)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in {"two decimals", "a currency alone"}])
def test_few_are_not(way: str) -> None:
    assert found("\n".join(WAYS[way](one) for one in PHONES[:9])) == []


def test_numbers_without_anything_between_are_found() -> None:
    assert found("".join(PHONES)) == PHONES
    joined = "".join(f"K-{one[-4:]}{one}" for one in PHONES)
    assert len(found(joined)) == len(PHONES)


def _harmless() -> dict[str, list[str]]:
    chance = Random(11)
    number = chance.randrange
    begin = dt.datetime(2019, 3, 1, tzinfo=dt.UTC)
    moments = [begin + dt.timedelta(minutes=number(1_500_000)) for _ in range(300)]
    days = [dt.datetime(2026, 1, 18, tzinfo=dt.UTC) + dt.timedelta(seconds=number(172_800)) for _ in range(300)]
    noon = [dt.datetime(2026, 1, 1, 13, tzinfo=dt.UTC) + dt.timedelta(seconds=number(3_600)) for _ in range(300)]

    def numbers(size: int) -> list[str]:
        return [str(number(10 ** (size - 1), 10**size)) for _ in range(300)]

    return {
        **{f"{size} digits": numbers(size) for size in range(10, 20)},
        "milliseconds": [f"{int(one.timestamp())}000" for one in moments],
        "milliseconds of every kind": [f"{int(one.timestamp() * 1000) + number(1000)}" for one in moments],
        "seconds with a fraction": [f"{int(one.timestamp())}.{number(10**6):06}" for one in moments],
        "times to the millisecond": [f"{one:%Y%m%d%H%M%S}{number(1000):03}" for one in days],
        "times with a number behind": [f"{one:%Y%m%d%H%M%S}{number(10**6):06}" for one in noon],
        "orders made of times": [f"SO{one:%Y%m%d%H%M%S}{number(1000):03}" for one in days],
        "counters": [str(13_900_000_000_0 + 7 * step) for step in range(300)],
        "sums": [f"{number(10**8, 10**9)}.{number(100):02}" for _ in range(300)],
        "sums with thousands": [f"{number(10**10, 10**11):,}" for _ in range(300)],
        "degrees": [f"{chance.uniform(130, 139.9):.8f}" for _ in range(300)],
        "addresses of machines": [f"1{number(30, 99)}.{number(100, 255)}.{number(100, 255)}.{number(10, 99)}"
                                  for _ in range(300)],
        "addresses at home": [f"192.168.{number(100, 255)}.{number(10, 99)}" for _ in range(300)],
        "cards": [f"62284{number(10**11, 10**12)}" for _ in range(300)],
        "barcodes": [f"69{number(10**10, 10**11)}" for _ in range(300)],
        "versions": [f"v{number(30)}.{number(10**6)}.{number(10**4)}" for _ in range(300)],
        "identifiers of one range": [f"8{number(10**9):09}" for _ in range(300)],
        "parts": [f"AB-{number(10**11, 10**12)}-{number(10**4):04}" for _ in range(300)],
    }  # fmt: skip


HARMLESS: Final = _harmless()


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.parametrize("between", ["\n", ",a,"])
def test_other_numbers_in_company_are_none(name: str, between: str) -> None:
    text = between.join(HARMLESS[name])
    again = [one for one in look(text_part(text)) if one.why[0] == "read as numbers of one form"]
    assert again == []


def test_there_are_ways() -> None:
    assert (len(WAYS), len(HARMLESS)) == (23, 27)
