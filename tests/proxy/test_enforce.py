from __future__ import annotations

from dataclasses import replace

import pytest

from dlp_proxy.model.verdict import Action, Reason, Verdict
from dlp_proxy.proxy.enforce import stops
from dlp_proxy.proxy.words import words_for

REASON = Reason("orders", "bulk", Action.BLOCK, Action.BLOCK, "high", "enforce", 61, "50 in request", 50, "")


@pytest.mark.parametrize(
    ("action", "stopped"),
    [
        (Action.ALLOW, False),
        (Action.COUNTED, False),
        (Action.LOG, False),
        (Action.REDACT, True),
        (Action.COACH, True),
        (Action.BLOCK, True),
    ],
)
def test_what_must_not_leave_as_it_is_does_not(action: Action, stopped: bool) -> None:  # noqa: FBT001
    assert stops(Verdict(action, action, ())) is stopped


def words(verdict: Verdict, language: str) -> tuple[str, str]:
    return words_for(verdict, language, site="a.example", user="li.wei", incident="INC-1", help_contact="the desk")


def test_the_rules_own_message_is_shown_with_its_blanks_filled() -> None:
    message = {"en": "Ask {help} about {incident} at {site}.", "zh": "请联系 {help}，编号 {incident}。"}
    verdict = Verdict(Action.BLOCK, Action.BLOCK, (replace(REASON, message=message),))
    assert words(verdict, "zh-CN") == ("zh", "请联系 the desk，编号 INC-1。")
    assert words(verdict, "de") == ("en", "Ask the desk about INC-1 at a.example.")


def test_our_own_words_tell_no_number() -> None:
    for verdict in (
        Verdict(Action.BLOCK, Action.BLOCK, (REASON,)),
        Verdict(Action.BLOCK, Action.BLOCK, (), error="inspect: KeyError"),
        Verdict(Action.BLOCK, Action.BLOCK, (replace(REASON, policy="default", rule="unreadable"),)),
    ):
        for language in ("en", "zh"):
            said = words(verdict, language)
            assert said[0] == language
            assert not any(character.isdigit() for character in said[1])
            assert "KeyError" not in said[1]
