"""Validity tests on values, each against its published numbers."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.checks import gb11643
from dlp_proxy.detect.registry import CHECKS

HOLDS = {
    "luhn": ("79927398713", "4539 1488 0343 6467", "490154203237518", "4539-1488-0343-6467"),
    "gb11643": ("11010519491231002X", "11010519491231002x", "110105 19491231 002X", "110105-19491231-002X"),
    "phone-cn": ("13800138000", "+8613800138000", "008613800138000", "138-0013-8000", "(138) 0013 8000", "17491234567",
                 "16212345678", "19912345678", "14512345678", "17401234567"),
    "not-repeated": ("13800138000", "abc"),
    "not-sequential": ("13800138000", "1235", "1357", "12", "", "123456788"),
}  # fmt: skip
FAILS = {
    "luhn": ("79927398710", "4539 1488 0343 6466", "1", "", "0x", "abc"),
    "gb11643": ("110105194912310021", "11010519490231002X", "11010518491231002X", "00010519491231002X", "",
                "1101051949123100²X", "11010519491231002", "X10105194912310021", "161105194912310026",
                "11010521000101001X",
                "110105190002290011"),
    "phone-cn": ("12800138000", "1380013800", "138001380001", "15412345678", "14112345678", "16112345678",
                 "17412345678",
                 "17912345678", "19412345678", "10086", "", "+8513800138000", "1380013800a",
                 "14412345678", "16412345678"),
    "not-repeated": ("11111111111", "13333333333", "31313131313", "", "12"),
    "not-sequential": ("1234567890", "9876543210", "8901234", "123", "321", "1-2-3-4"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in HOLDS.items() for value in values])
def test_a_valid_value_passes(name: str, value: str) -> None:
    assert CHECKS[name](value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in FAILS.items() for value in values])
def test_an_invalid_value_does_not(name: str, value: str) -> None:
    assert not CHECKS[name](value)


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_digit_never_passes_gb11643(place: int) -> None:
    right = "110105194912310021"
    right = right[:17] + gb11643.check_digit(right[:17])
    changed = [right[:place] + digit + right[place + 1 :] for digit in "0123456789" if digit != right[place]]
    assert [value for value in changed if gb11643.holds(value)] == []


@pytest.mark.parametrize("start", ["11010520000229001", "81000019491231002", "91000019491231002", "71000019000101002"])
def test_a_leap_day_and_residence_permits_pass(start: str) -> None:
    assert gb11643.holds(start + gb11643.check_digit(start))


@pytest.mark.parametrize("date", ["19490229", "19001301", "19000100", "18991231", "21000101", "19480231"])
def test_a_date_that_never_was_fails_whatever_its_check_digit(date: str) -> None:
    start = f"110105{date}002"
    assert not gb11643.holds(start + gb11643.check_digit(start))


@pytest.mark.parametrize(
    "province", ["10", "16", "20", "24", "30", "38", "40", "47", "55", "60", "66", "72", "84", "90"]
)
def test_a_province_that_is_none_fails_whatever_its_check_digit(province: str) -> None:
    start = f"{province}010519491231002"
    assert not gb11643.holds(start + gb11643.check_digit(start))


def test_every_check_has_its_cases() -> None:
    assert set(HOLDS) == set(FAILS) == set(CHECKS)
