"""Landlines of mainland China with what stands around them."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.scan import find_in_text
from tests.detect.shapes import standard

DETECTOR = standard("landline-cn")


def found(text: str) -> list[str]:
    return [one.value for one in find_in_text(text, DETECTOR) if not one.dropped]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("有问题请联系沈玉（+86 21 5139 9209）", "+86 21 5139 9209"),
        ("(+862184307365)", "+862184307365"),
        ("(+86)21-84307365", "(+86)21-84307365"),
        ("16537959594/023-85874453", "023-85874453"),
        ("023-55879578-28", "023-55879578-28"),
        ("0475-5855280-9，备注", "0475-5855280-9"),
    ],
)
def test_brackets_a_second_number_and_short_extensions(text: str, value: str) -> None:
    assert found(text) == [value]


@pytest.mark.parametrize(
    "text", ["/2026/023-85874453", "023-55879578-28-1", "023-55879578-28/05", "编号 0755-1234567-01X"]
)
def test_parts_of_longer_identifiers_are_none(text: str) -> None:
    assert found(text) == []
