"""Postcodes lie in their regions."""

from __future__ import annotations

import pytest
import regex

from dlp_proxy.detect.postal import regions


@pytest.mark.parametrize(
    "text",
    [
        "IL 62701",
        "Illinois 62701-1234",
        "NY, 10012",
        "N.Y. 10012",
        "NEW YORK 10012",
        "DC 20500",
        "PR 00901",
        "AE 09012",
    ],
)
def test_a_zip_code_lies_in_its_state(text: str) -> None:
    assert regex.fullmatch(regions.STATE_ZIP, text) is not None


@pytest.mark.parametrize("text", ["IL 10012", "NY 62701", "OK 98052", "IL 6270", "IL 627011"])
def test_a_zip_code_of_another_state_does_not(text: str) -> None:
    assert regex.fullmatch(regions.STATE_ZIP, text) is None


@pytest.mark.parametrize(
    "text", ["SW1A 1AA", "RG1 2AB", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "EC1V 4US", "ST42AA"]
)
def test_every_form_of_bs_7666_is_a_british_postcode(text: str) -> None:
    assert regex.fullmatch(regions.BRITISH, text) is not None


@pytest.mark.parametrize("text", ["ZZ1 1AA", "SW1A 1CA", "QQ9 9QQ", "A1 12B", "WK30 1AB"])
def test_what_royal_mail_does_not_use_is_none(text: str) -> None:
    assert regex.fullmatch(regions.BRITISH, text) is None


def test_canadian_and_australian_codes_lie_in_their_regions() -> None:
    assert regex.fullmatch(regions.PROVINCE_CODE, "ON M5V 1A1") is not None
    assert regex.fullmatch(regions.PROVINCE_CODE, "BC M5V 1A1") is None
    assert regex.fullmatch(regions.CANADIAN, "D1A 1A1") is None
    assert regex.fullmatch(regions.AUSTRALIAN_CODE, "NSW 2000") is not None
    assert regex.fullmatch(regions.AUSTRALIAN_CODE, "NSW 3000") is None
    assert regex.fullmatch(regions.AUSTRALIAN_CODE, "NT 0800") is not None
