"""Patterns that wait until they are asked."""

from __future__ import annotations

import pytest
import regex

from dlp_proxy.detect.late import _made, compile_all, late


def test_a_late_pattern_answers_as_any_other() -> None:
    pattern = late(r"(?P<word>\p{Lu})[0-9]")
    assert pattern.search("x A1") is not None
    assert pattern.match("x A1", 2) is not None
    assert [match["word"] for match in pattern.finditer("A1 B2")] == ["A", "B"]
    assert pattern.sub("-", "A1 B2") == "- -"


def test_nothing_is_compiled_before_it_is_asked() -> None:
    broken = late("(")
    _made.pop()
    with pytest.raises(regex.error):
        broken.search("")


def test_all_can_be_compiled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    compile_one = regex.compile

    def note(pattern: str, flags: int) -> regex.Pattern[str]:
        asked.append(pattern)
        return compile_one(pattern, flags)

    late("only this test has it")
    monkeypatch.setattr(regex, "compile", note)
    compile_all()
    assert "only this test has it" in asked
