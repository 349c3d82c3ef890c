from __future__ import annotations

import random

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack import lines
from dlp_proxy.unpack.budget import Budget


@pytest.mark.parametrize("some", [1, 2, 7])
def test_the_lines_are_those_of_the_whole_text(some: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_SOME", some)
    chance = random.Random(some)
    for _ in range(2000):
        text = "".join(
            chance.choices("ab\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029", (9, 9, 3, 3, *[1] * 8), k=chance.randrange(20))
        )
        assert list(lines.lines_of(text, Budget(LIMITS))) == text.splitlines()
        assert lines.count_of_lines(text, Budget(LIMITS)) == len(text.splitlines())
