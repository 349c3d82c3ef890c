"""The quick look for letters in place of digits says what the pattern says that it stands for."""

from __future__ import annotations

import random
import re

import pytest

from dlp_proxy.detect.disguise import letters

ROW = re.compile("[0-9OolI|ZSB]{10,}")


def held(text: str) -> bool:
    """Tell the same in the words of the definition: ten digits or letters for digits in a row, one of them a letter."""
    joined = re.sub("[-. ]", "", text)
    return letters._MIXED.search(text) is not None and any(re.search("[OolI|ZSB]", row) for row in ROW.findall(joined))


@pytest.mark.parametrize("seed", range(20))
def test_a_text_is_looked_at_closer_when_ten_stand_in_a_row(seed: int) -> None:
    chance = random.Random(seed)
    texts = ["".join(chance.choices("0123456789Ol|-. a中\n", k=chance.randrange(5, 60))) for _ in range(100)]
    said = [letters.may(text) for text in texts]
    assert said == [held(text) for text in texts]
    assert set(said) == {True, False}
