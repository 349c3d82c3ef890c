"""From a value as written to the value that is counted."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.normalise import NORMALISERS, normalise

CASES = [
    ("nfkc", "ＡＢ１", "AB1"),
    ("nfkc", "AB1", "AB1"),
    ("lower", "Bob@Shop", "bob@shop"),
    ("digits-only", "+86 (138)-0013a", "861380013"),
    ("strip-spaces", " a\tb\u3000c\n", "abc"),
    ("strip-punctuation", "北京，(1)-2+号。", "北京12号"),
    ("phone-cn", "8613800138000", "13800138000"),
    ("phone-cn", "008613800138000", "13800138000"),
    ("phone-cn", "+8613800138000", "13800138000"),
    ("phone-cn", "13800138000", "13800138000"),
    ("phone-cn", "86138001380001", "86138001380001"),
    ("phone-cn", "8623800138000", "8623800138000"),
    ("phone-cn", "+86 (138) 0013-8000", "13800138000"),
    ("phone-cn", "0138-0013-8000", "13800138000"),
    ("phone-cn", "17012345678转1234", "17012345678x1234"),
    ("phone-cn", "17012345678-1234", "17012345678x1234"),
    ("phone-cn", "（010）6234 5678", "01062345678"),
    ("phone-cn", "+86 10 6234 5678", "01062345678"),
    ("phone-cn", "0312-1234567-8001", "03121234567x8001"),
    ("phone-cn", "+86 400-123-4567", "4001234567"),
    ("phone-cn", "95013 12345678转12", "9501312345678x12"),
    ("phone-cn", "", ""),
    ("e164", "+44 (0)20 7946 0958 ext. 12", "+442079460958x12"),
    ("e164", "0044 20 7946 0958", "+442079460958"),
    ("e164", "(212) 555-0123", "+12125550123"),
    ("e164", "+8613800138000", "13800138000"),
    ("e164", "020 7946 0958", ""),
    ("e164", "+1 123 456 7890", ""),
    ("e164-plausible", "+44 (0)20 7946 0958", "+442079460958"),
    ("e164-plausible", "+1 (635) 238-7418 ext. 2", "+16352387418x2"),
    ("e164-plausible", "001-635-238-7418", "+16352387418"),
    ("e164-plausible", "(635) 238-7418", "+16352387418"),
    ("e164-plausible", "+55 17 1062-0674", "+551710620674"),
    ("e164-plausible", "+1 123 456 7890", ""),
    ("e164-plausible", "+86 200 290", ""),
    ("e164-plausible", "0055 17 1062 0674", ""),
    ("e164-national", "0218453671", "+33218453671"),
    ("e164-national", "020 7946 0958", "+442079460958"),
    ("e164-national", "03-1234-5678", "+81312345678"),
    ("e164-national", "13800138000", ""),
    ("e164-national", "+44 20 7946 0958", ""),
    ("address-cn", "浙江省杭州市西湖区文三路四百七十八号 3栋-1201室", "杭州西湖文三路478号3栋1201室"),
    ("address-east", "〒150-0001 東京都渋谷区神宮前三丁目1番２号 ハイツ 201号室", "東京都渋谷区神宮前3-1-2ハイツ201"),
    ("address-east", "東京都渋谷区神宮前3ー1ー2 ハイツ201", "東京都渋谷区神宮前3-1-2ハイツ201"),
    ("address-east", "(06236) 서울특별시 강남구 테헤란로 152, 101동", "서울특별시강남구테헤란로152101동"),
    ("address-cn", "杭州西湖区文三路478号3栋-1201室", "杭州西湖文三路478号3栋1201室"),
    (
        "postal",
        "742 Evergreen Terrace, Apt. 4B, Springfield, Illinois 62704",
        "742 evergreen ter apt 4b springfield il 62704",
    ),
]


@pytest.mark.parametrize(("name", "value", "expected"), CASES)
def test_each_normaliser_does_its_one_thing(name: str, value: str, expected: str) -> None:
    assert normalise(value, (name,)) == expected


def test_every_normaliser_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == set(NORMALISERS)


def test_they_run_in_the_order_given() -> None:
    assert normalise("（+86）138 0013 8000", ("nfkc", "digits-only", "phone-cn")) == "13800138000"
    assert normalise("+86 Ab", ("phone-cn", "digits-only")) == "86"
    assert normalise("A b", ()) == "A b"
