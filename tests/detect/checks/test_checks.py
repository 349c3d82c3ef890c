"""Validity tests on values, each against its published numbers."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.checks import gb11643, iban
from dlp_proxy.detect.registry import CHECKS

HOLDS = {
    "luhn": ("79927398713", "4539 1488 0343 6467", "490154203237518", "4539-1488-0343-6467"),
    "gb11643": ("11010519491231002X", "11010519491231002x", "110105 19491231 002X", "110105-19491231-002X"),
    # The example of GB 32100-2015 as python-stdnum quotes it.
    "uscc": ("91350100M000100Y43", "91350100m000100y43", "91350100 M000100Y4 3", "91110000600037341L"),
    "phone-cn": ("13800138000", "+8613800138000", "008613800138000", "138-0013-8000", "(138) 0013 8000", "17491234567",
                 "16212345678", "19912345678", "14512345678", "17401234567", "17012345678x1234", "9501312345678"),
    "landline-cn": ("01062345678", "03121234567", "031212345678", "01062345678x8001", "075588881234"),
    "hotline-cn": ("4001234567", "8008101234", "95588", "10086", "12345", "4001234567x2", "16812345"),
    "phone": ("+442079460958", "+12125550123", "+442079460958x12", "+2290120211234"),
    "given-name": ("john smith", "Smith, John", "mrs. jennifer jones md", "Anna-Maria Müller"),
    "phone-plausible": ("+442079460958", "+16352387418", "+551710620674", "+496259240471x3"),
    "no-division": ("王伟", "徐静", "徐州路", ""),
    "not-repeated": ("13800138000", "abc"),
    "not-sequential": ("13800138000", "1235", "1357", "12", "", "123456788"),
    # Published test numbers of the networks.
    "card-number": ("4111111111111111", "4539 1488 0343 6467", "5555555555554444", "2221000000000009",
    "378282246310005",
                    "6011111111111117", "3530111333300000", "30569309025904", "6200000000000005", "2200123456789019"),
    # The examples of the IBAN registry.
    "iban": ("GB82WEST12345698765432", "de89370400440532013000", "NO93 8601 1117 947",
    "MT84MALT011000012345MTLCAST001S",
             "FR1420041010050500013M02606"),
    # GS1 General Specifications, USPS Publication 199, a FedEx Ground label.
    "gs1": ("106141411234567897", "03071790000523483741", "9505511069605048600624", "041441760228964"),
    "s10": ("RR123456785GB", "ee123456785cn"),
    "ups": ("1Z5R89390357567127", "1Z12345E1512345676", "1z5r89390357567127"),
    "fedex": ("986578788855", "477179081230", "9865 7878 8855"),
    "dhl": ("3318810025", "8487135506"),
    # ICAO Doc 9303 part 4, appendix A.
    "mrz": ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "l898902c36uto7408122f1204159ze184226b<<<<<10"),
    "person-name": ("王伟", "张丽丽", "欧阳修", "王先生", "欧阳女士", "艾力·买买提", "王 伟", "王伟(先生)",
    "john smith",
                    "Maria van der Berg", "o'brien, patrick"),
}  # fmt: skip
FAILS = {
    "luhn": ("79927398710", "4539 1488 0343 6466", "1", "", "0x", "abc"),
    "uscc": ("91350100M000100Y44", "91350100M000100Y4", "9135A100M000100Y43", "91350100I000100Y43", ""),
    "gb11643": ("110105194912310021", "11010519490231002X", "11010518491231002X", "00010519491231002X", "",
                "1101051949123100²X", "11010519491231002", "X10105194912310021", "161105194912310026",
                "11010521000101001X",
                "110105190002290011"),
    "phone-cn": ("12800138000", "1380013800", "138001380001", "15412345678", "14112345678", "16112345678",
                 "17912345678", "19412345678", "10086", "", "+8513800138000", "1380013800a",
                 "14412345678", "16412345678"),
    "landline-cn": ("", "0106234567x", "0106234567890", "01002345678", "02612345678", "062345678", "01066666666"),
    "hotline-cn": ("", "400123456", "40012345678", "123", "13800138000"),
    "phone": ("", "+1", "+11234567890", "442079460958", "020 7946 0958", "+4420794609581234"),
    "given-name": ("", "blue chair", "Smith, Chair", "smith john", "王伟"),
    "phone-plausible": ("", "+1", "+11234567890", "+12121234567", "442079460958", "+8620", "+4420794609581234"),
    "no-division": ("徐州", "黄石", "常德", "江苏"),
    "not-repeated": ("11111111111", "13333333333", "31313131313", "", "12"),
    "not-sequential": ("1234567890", "9876543210", "8901234", "123", "321", "1-2-3-4"),
    "card-number": ("4111111111111112", "4111111111111", "1234567812345670", "411111111111111", "0000000000000000", "",
                    "2121000000000008", "3400000000000", "62000000000000000005", "6666666666666"),
    "iban": ("GB82WEST12345698765433", "GB82WEST1234569876543", "ZZ89370400440532013000", "", "GB",
             "GB82WEST１２３45698765432"),
    "gs1": ("106141411234567896", "", "1", "abc"),
    "s10": ("RR123456786GB", "RR12345678GB", "XR123456785GB", "", "RR1234567855G"),
    "ups": ("1Z5R89390357567128", "2Z5R89390357567127", "1Z5R8939035756712", ""),
    "fedex": ("986578788856", "98657878885", ""),
    "dhl": ("3318810026", "331881002", "", "33188100255"),
    "mrz": ("L898902C37UTO7408122F1204159ZE184226B<<<<<10", "L898902C36UTO7408122F1204159ZE184226B<<<<<11", "",
    "<" * 43),
    "person-name": ("单价", "王", "欧阳", "张三李四", "待定", "先生", "用户甲", "", "john", "customer service",
    "Visual Studio Code",
                    "高级经理", "13800138000"),
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


@pytest.mark.parametrize("length", range(14, 27))
def test_an_iban_has_the_length_of_its_country_whatever_its_check_digits(length: int) -> None:
    start = f"DE89{'3704004405320130001234'[: length - 6]}"
    assert iban.holds(start + iban.check_digit(start)) is (length == 22)


def test_every_check_has_its_cases() -> None:
    assert set(HOLDS) == set(FAILS) == set(CHECKS)
