"""A value that many customers share names none of them."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.identity import identities
from dlp_proxy.model.record import RecordSpec
from tests.detect.made import CONTACT, ORDERED, membership


def named(text: str, spec: RecordSpec = CONTACT) -> str:
    """Return what names each of the records, such as `p1+a1 p2+a2`."""
    member, _ = membership(text.replace("+", " "), spec)
    records: list[list[int]] = []
    at = 0
    for record in text.split():
        size = record.count("+") + 1
        records.append(list(range(at, at + size)))
        at += size
    return " ".join(identity.decode() for identity in identities(records, member))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p1+a1 p2+a2", "p1 p2"),
        ("p1+a1 p1+a1 p1+a1 p1+a1 p1+a1", "p1 p1 p1 p1 p1"),
        ("p1+a1 p1+a2", "p1 p1"),
        ("p1+a1 p1+a2 p1+a3", "p1 p1 p1"),
        ("p1+a1 p1+a2 p1+a3 p1+a4", "a1 a2 a3 a4"),
        ("p1+a1+e1 p1+a2+e2", "e1 e2"),
        ("p1+a1+e1 p1+a1+e2", "p1 p1"),
        ("p1+a1+e1 p1+a2+e2 p1+a1+e1", "e1 e2 e1"),
        ("p1+a1+e1 p1+a1+e2 p1+a2+e3", "p1 p1 p1"),
        ("p0+p1+a1 p0+p2+a2", "p1 p2"),
        ("p0+p1+a1 p0+p2+a2 p0+p3+a3 p0+p4+a4 p0+p5+a5", "p1 p2 p3 p4 p5"),
        ("p1+a1 p1+a2 p1+a3 p1+a4 p2+a1 p2+a2 p2+a3 p2+a4 p3+a1 p4+a1 p5+a1", "p1 a2 a3 a4 p2 a2 a3 a4 p3 p4 p5"),
    ],
)
def test_contacts(text: str, expected: str) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("o1+p1 o2+p1 o3+p1 o4+p1 o5+p1", "o1 o2 o3 o4 o5"),
        ("o1+p1 o1+p2 o1+p3 o1+p4", "p1 p2 p3 p4"),
        ("o0+p0+a1 o0+p0+a2 o0+p0+a3 o0+p0+a4", "a1 a2 a3 a4"),
        ("o1+p1 o1+p1 o1+p1 o1+p1", "o1 o1 o1 o1"),
    ],
)
def test_orders(text: str, expected: str) -> None:
    assert named(text, ORDERED) == expected


def test_where_all_is_shared_the_rarest_value_names() -> None:
    text = " ".join(f"p{filler}+p1{n}" for n in range(8) for filler in range(5))
    assert len(set(named(text).split())) == 8
