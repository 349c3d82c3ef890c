"""Where one customer ends and the next begins, against a model that tries every cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.flow import cut
from dlp_proxy.detect.membership import Membership
from tests.detect.made import CONTACT, ORDERED, found, membership

WORDS = st.lists(st.sampled_from([f"{kind}{n}" for kind in "paeo" for n in range(3)]), max_size=14)


def shown(text: str, gaps: tuple[int, ...] = (), window: int = 0) -> str:
    member, held = membership(text)
    words = text.split()
    return " | ".join(" ".join(words[begin:end]) for begin, end in cut(held, member, gaps, window))


@pytest.mark.parametrize(
    ("text", "gaps", "expected"),
    [
        ("p1 a1 p2 a2", (), "p1 a1 | p2 a2"),
        ("a1 p1 p2 a2", (), "a1 p1 | p2 a2"),
        ("p1 p2 a1 p3 p4 a2", (), "p1 p2 a1 | p3 p4 a2"),
        ("p1 a1 p1 a1", (), "p1 a1 p1 a1"),
        ("p1 p2 p3", (), "p1 p2 p3"),
        ("p1 a1 e2 a2", (), "p1 a1 e2 | a2"),
        ("p1 a1 e2 a2", (0, 1, 2, 1), "p1 a1 | e2 a2"),
        ("a1 p1 e2 p2", (0, 5, 1, 1), "a1 p1 e2 | p2"),
        ("a1 e1 p1 a2 p2", (0, 1, 1, 2, 1), "a1 e1 p1 | a2 p2"),
        ("p1 a1 e1 e2 p2", (0, 1, 3, 3, 1), "p1 a1 e1 | e2 p2"),
        ("", (), ""),
    ],
)
def test_a_new_customer_begins_where_another_value_comes(text: str, gaps: tuple[int, ...], expected: str) -> None:
    assert shown(text, gaps) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Big letters are the detectors of another country.
        ("p1 a1 P2 A2 p3 a3", "p1 a1 | P2 A2 | p3 a3"),
        ("p1 a1 P2 a2 p3 a3", "p1 a1 | P2 a2 | p3 a3"),
        ("p1 a1 P2 p3 a3", "p1 a1 P2 | p3 a3"),
        ("p1 P2 a1 p3 P4 a3", "p1 P2 a1 | p3 P4 a3"),
        ("p1 a1 P2 e1 p3 a3", "p1 a1 P2 e1 | p3 a3"),
        ("p1 a1 P1 A1", "p1 a1 | P1 A1"),
    ],
)
def test_a_customer_of_another_country_begins_where_the_kinds_come_again(text: str, expected: str) -> None:
    findings = [one._replace(kind=one.kind.lower()) for one in found(text)]
    of_both = replace(CONTACT, has_some=tuple("paePA"), identify_by=tuple("pePaA"))
    stretches = cut(range(len(findings)), Membership(of_both, findings))
    words = text.split()
    assert " | ".join(" ".join(words[begin:end]) for begin, end in stretches) == expected


def test_nothing_reaches_over_the_window() -> None:
    assert shown("p1" + " " * 20 + "a1", window=20) == "p1 a1"
    assert shown("p1" + " " * 21 + "a1", window=20) == "p1 | a1"


def test_the_window_begins_behind_the_longest_value() -> None:
    findings = found("a1 p1" + " " * 30 + "e1")
    findings[0] = findings[0]._replace(end=20)
    assert cut([0, 1, 2], Membership(CONTACT, findings), window=20) == [(0, 3)]


def model(words: list[str], gaps: list[int], needed: int) -> list[tuple[int, int]]:
    """Say the rule as plainly as it can be said, without regard to time."""

    def complete(begin: int, end: int) -> bool:
        kinds = {word[0] for word in words[begin:end]}
        return len(kinds) >= 2 if needed else "o" in kinds and len(kinds) > 1

    stretches = []
    first = 0
    for place, word in enumerate(words):
        same = [at for at in range(first, place) if words[at][0] == word[0]]
        if not same or word in words[first:place] or not complete(first, place):
            continue
        cuts = [at for at in range(same[-1] + 1, place + 1) if complete(first, at)]
        begin = max(cuts, key=lambda at: (gaps[at], at))
        stretches.append((first, begin))
        first = begin
    return [*stretches, (first, len(words))] if words else []


@settings(max_examples=400, deadline=None)
@given(words=WORDS, data=st.data(), ordered=st.booleans())
def test_cuts_are_those_of_the_model(words: list[str], data: st.DataObject, *, ordered: bool) -> None:
    words = [word for word in words if ordered or word[0] != "o"]
    gaps = data.draw(st.lists(st.integers(0, 3), min_size=len(words), max_size=len(words)))
    member, held = membership(" ".join(words), ORDERED if ordered else CONTACT)
    assert cut(held, member, gaps) == model(words, gaps, 0 if ordered else 2)
    assert cut(held, member) == model(words, [0] * len(words), 0 if ordered else 2)
