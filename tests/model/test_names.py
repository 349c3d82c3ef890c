from __future__ import annotations

import random

import pytest

from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.location import Location
from dlp_proxy.model.names import NameMask
from dlp_proxy.model.sensitive import Sensitive, mask, scrub


def finding(value: str) -> Finding:
    return Finding("d", "phone", 0, 0, 1, Location("body"), Confidence.HIGH, Sensitive(value), b"", ())


def named(name: str, *values: str) -> str:
    return NameMask(map(finding, values)).text(name)


@pytest.mark.parametrize("value", ["李", "李明", "李明明", "ACME Bt. 7"])
def test_a_value_is_masked_wherever_it_stands_in_a_name(value: str) -> None:
    masked = mask(value)
    assert value not in masked
    for name in (value, f"{value}-x", f"x-{value}", f"x-{value}-x-{value}"):
        assert named(name, value, "something else") == scrub(name.replace(value, masked))


def test_of_values_inside_each_other_the_longest_is_masked() -> None:
    assert named("for 李明明.txt", "李明", "李明明", "明") == f"for {mask('李明明')}.txt"


def test_values_are_found_as_one_by_one_they_would_be() -> None:
    chance = random.Random(5)
    for _ in range(300):
        values = {"".join(chance.choices("甲乙丙丁", k=chance.randint(1, 5))) for _ in range(chance.randint(0, 6))}
        name = "".join(chance.choices("甲乙丙丁-", k=chance.randint(0, 12)))
        expected = name
        for value in sorted(values, key=lambda one: (-len(one), one)):
            expected = expected.replace(value, mask(value))
        assert named(name, *values) == scrub(expected), (name, values)


class _Counted(str):
    """A text that notes how often another is looked for in it."""

    __slots__ = ()
    asked = 0

    def __contains__(self, other: object) -> bool:
        _Counted.asked += 1
        return super().__contains__(other)  # type: ignore[operator]


def test_as_many_names_as_values_take_no_product_of_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlp_proxy.model.names.unquote", _Counted)
    many = NameMask(finding(f"138{number:08d}") for number in range(1000))
    assert [many.text(f"client {number}") for number in range(1000)] == [f"client {number}" for number in range(1000)]
    assert _Counted.asked < 10_000
