"""Two identities are one customer when one record holds both, and false ties hide nobody."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.ties import customers
from tests.detect.made import found


def counted(text: str) -> list[str]:
    """Return the customers of records such as `o1+p1 p1+a1`; the first value of each names it."""
    records = []
    at = 0
    for record in text.split():
        values = record.split("+")
        records.append((values[0].encode(), tuple(range(at, at + len(values)))))
        at += len(values)
    return [identity.decode() for identity in customers(records, found(text.replace("+", " ")))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("o1+p1 p1+a1", "o1"),
        ("p1+a1 o1+p1", "o1|p1"),
        ("o1+p1 o2+p2 p1+a1 p2+a2", "o1 o2"),
        ("o1+a1 p1+e1 o1+p1", "o1"),
        ("o1+a1 p1+a1", "o1 p1"),
        ("o1+p1 o2+p1 p1+a1", "o1 o2"),
        ("o1+p1 o2+p1 o3+p1 p1+a1", "o1 o2 o3"),
        ("o1+p1 o2+p1 o3+p1 o4+p1 p1+a1", "o1 o2 o3 o4 p1"),
        ("o1+p1+p2+p3 p1+a1 p2+a2 p3+a3", "p1 p2 p3"),
        ("o1+p1+p2 o2+p2+p3 o3+p3+p1 p1+a1 p2+a1 p3+a1", "o1 o2 o3"),
        ("p1+a1 p2+a2", "p1 p2"),
        ("", ""),
    ],
)
def test_ties(text: str, expected: str) -> None:
    assert " ".join(counted(text)) in expected.split("|")


VALUES = st.builds(lambda kind, n: f"{kind}{n}", st.sampled_from("ope"), st.integers(0, 6))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=4, unique=True), max_size=14))
def test_ties_are_those_of_the_model(made: list[list[str]]) -> None:
    names = list(dict.fromkeys(values[0] for values in made))
    edges = {(values[0], other) for values in made for other in values[1:] if other in names}
    edges |= {(two, one) for one, two in edges}
    shared = {
        name for name in names if max(Counter(other[0] for one, other in edges if one == name).values(), default=0) > 3
    }
    groups = [{name} for name in names]
    for one, two in edges:
        if one not in shared and two not in shared:
            first, second = (next(each for each in groups if name in each) for name in (one, two))
            if first is not second:
                groups.remove(second)
                first |= second
    expected = sum(max(Counter(name[0] for name in each).values()) for each in groups)
    got = counted(" ".join("+".join(values) for values in made))
    assert len(got) == expected
    assert len(got) >= max(Counter(name[0] for name in names).values(), default=0)
    assert set(got) <= set(names)
