from __future__ import annotations

import json
import pickle

import pytest

from dlp_proxy.model.sensitive import Sensitive, mask, scrub

PHONE = "13800138000"


@pytest.mark.parametrize(
    "shown", [repr, str, lambda v: f"{v}", lambda v: f"{v:>20}", lambda v: json.dumps({"v": str(v)})]
)
def test_a_sensitive_value_shows_only_its_mask(shown: object) -> None:
    assert callable(shown)
    text = shown(Sensitive(PHONE))
    assert PHONE not in text
    assert "13" not in text.replace("1*********0", "").replace("13*******00", "") or "1*********0" in text


def test_a_pickle_of_a_sensitive_value_holds_no_plain_value() -> None:
    pickled = pickle.dumps(Sensitive(PHONE))
    assert PHONE.encode() not in pickled
    back = pickle.loads(pickled)  # noqa: S301 - our own bytes
    assert back.masked == mask(PHONE)
    with pytest.raises(ValueError, match="only the mask"):
        back.reveal()


def test_reveal_gives_the_plain_value() -> None:
    assert Sensitive(PHONE).reveal() == PHONE


def test_a_sensitive_value_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Sensitive(PHONE)._plain = "x"  # type: ignore[misc, unused-ignore]


@pytest.mark.parametrize("length", range(40))
def test_a_mask_keeps_the_length_and_at_most_a_third(length: int) -> None:
    plain = "x" * length
    masked = mask(plain)
    assert len(masked) == length
    assert masked.count("x") <= length / 3


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("orders-13800138000.csv", "13800138000"),
        ("a 138 0013 8000 b", "138 0013 8000"),
        ("desk 6234567, floor 2", "6234567"),
        ("mail bob@shop.example", "bob@shop"),
    ],
)
def test_scrub_masks_numbers_and_mail_addresses(name: str, gone: str) -> None:
    assert gone not in scrub(name)


def test_scrub_leaves_ordinary_names() -> None:
    for name in ("orders-2026-01.csv row 12", "row 123456 of 234567"):
        assert scrub(name) == name
