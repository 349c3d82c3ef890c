from __future__ import annotations

import pytest

from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.words import OTHER_KEYS, OTHER_WORDS, nearest, slug


def test_other_tools_keys_lead_to_keys_that_are_there() -> None:
    assert len(OTHER_KEYS) > 40
    for (block, theirs), (ours, whose) in OTHER_KEYS.items():
        assert ours in BLOCKS[block].by_name
        assert theirs not in BLOCKS[block].by_name
        assert whose


def test_other_tools_values_lead_to_values_that_are_there() -> None:
    known = {word for block in BLOCKS.values() for key in block.keys for word in key.words}
    assert set(OTHER_WORDS.values()) - {"path"} <= known


@pytest.mark.parametrize(
    ("word", "meant"),
    [("not_too", "not_to"), ("NotTo", "not_to"), ("not-to", "not_to"), ("form", "from"), ("zzz", ""), ("", "")],
)
def test_a_slip_is_led_back(word: str, meant: str) -> None:
    assert nearest(word, ["to", "not_to", "from"]) == meant


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("Phone Number", "phone-number"),
        ("customerOrder", "customer-order"),
        ("a__b", "a-b"),
        ("2fast", "n-2fast"),
        ("订单", "a-name"),
    ],
)
def test_a_bad_name_leads_to_a_good_one(bad: str, good: str) -> None:
    assert slug(bad) == good
