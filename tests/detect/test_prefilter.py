"""One look at a text: long strides over what is clean, block by block where something may be."""

from __future__ import annotations

import random

import pytest

from dlp_proxy.detect.gate import AHEAD, Blocks
from dlp_proxy.detect.needs import Need
from dlp_proxy.detect.prefilter import Choices, Prefilter, loaded, prefilter
from dlp_proxy.detect.wider import BEHIND


@pytest.fixture(scope="module")
def gate() -> Prefilter:
    made = prefilter(
        {
            1: (Choices(("[0-9]{11}",), Need(digits=11), "digits"),),
            2: (Choices(("[a-z]@[a-z]",), Need(sign="@")), Choices(("mailto",), family="words")),
            3: (Choices((r"\xe8\xb7\xaf[0-9]",), Need(beyond=True)),),
            4: (Choices(("(unclosed", "fits")),),
            5: (Choices(("(unclosed",)),),
            6: (Choices(("[0-9]F",), Need(beyond=True), "wide of what it stands for"),),
        }
    )
    assert made is not None
    return made


@pytest.mark.parametrize("seed", range(12))
def test_blocks_together_say_what_each_says_alone(seed: int, gate: Prefilter) -> None:
    pick = random.Random(seed)
    lines = ["plain words and 12 of them " * pick.randint(1, 9) + "。" * (seed % 2) for _ in range(900)]
    for value in ("13800138000", "138 0013-8000", "a@b", "mailto", "路5", "5F", "5F", "fits"):
        for _ in range(pick.randint(0, 3)):
            lines[pick.randrange(len(lines))] += value
    text = "\n".join(lines)
    spans = Blocks(text).spans
    assert len(spans) > 16
    alone: dict[int, list[int]] = {}
    for index, (start, end) in enumerate(spans):
        for number in sorted(set(gate.matching(text[max(0, start - BEHIND) : end + AHEAD]) or ())):
            alone.setdefault(number, []).append(index)
    assert gate.in_blocks(text, spans, BEHIND, AHEAD) == alone


def test_what_does_not_compile_is_left_out_or_stood_in_for(gate: Prefilter) -> None:
    assert gate.covered == {1, 2, 3, 4, 6}
    assert gate.matching("it fits") == [4]


def test_a_letter_that_is_another_one_in_another_case_says_nothing(gate: Prefilter) -> None:
    assert gate.matching("\u212a") is None
    assert gate.in_blocks("\u212a\n" * 9000, Blocks("\u212a\n" * 9000).spans, BEHIND, AHEAD) is None


@pytest.mark.parametrize("stray", "\u0130\u0131\u017f\u212a")
def test_such_a_letter_says_nothing_of_its_own_blocks_alone(gate: Prefilter, stray: str) -> None:
    lines = ["plain words and 12 of them " * 9 for _ in range(900)]
    lines[30] += "13800138000"
    lines[700] += stray
    text = "\n".join(lines)
    spans = Blocks(text).spans
    near = [index for index, (start, end) in enumerate(spans) if stray in text[max(0, start - BEHIND) : end + AHEAD]]
    assert 0 < len(near) < len(spans) / 2
    found = gate.in_blocks(text, spans, BEHIND, AHEAD)
    assert found is not None
    assert set(found) == gate.covered
    for number in gate.covered - {1}:
        assert found[number] == near
    assert set(near) < set(found[1]), "what is elsewhere is found there"


def test_needs_are_kept_with_what_they_are_needs_of(gate: Prefilter) -> None:
    again = loaded(gate.stored())
    assert again is not None
    for text in ("13800138000", "a@b", "mailto", "路5", "1", "@"):
        assert again.matching(text) == gate.matching(text)
