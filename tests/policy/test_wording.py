from __future__ import annotations

import pytest

from dlp_proxy.model.verdict import Action, Reason
from dlp_proxy.policy.wording import fill, message_for, pick

BOTH = {"en": "english", "zh": "中文"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.1", "en"),
        ("fr,zh;q=0.5", "zh"),
        ("fr", "en"),
        ("*", "en"),
        ("zh;q=0,en", "en"),
        ("zh;q=0", "en"),
        ("en;q=0.2, zh;q=0.7", "zh"),
        ("zh ; q = 0.7", "zh"),
        (",,;;q=x,zh", "zh"),
        ("zh-Hant-TW", "zh"),
    ],
)
def test_the_language_follows_the_readers_wish(header: str, language: str) -> None:
    assert pick(BOTH, header) == (language, BOTH[language])


def test_without_english_any_language_is_better_than_none() -> None:
    assert pick({"pt-BR": "parado", "zh": "停"}, "en") == ("pt-BR", "parado")
    assert pick({}, "en") == ("", "")


def reason(**changes: object) -> Reason:
    fields: dict[str, object] = {
        "policy": "p", "rule": "r", "action": Action.BLOCK, "effective": Action.BLOCK, "severity": "high",
        "mode": "enforce", "count": 60, "limit_number": 50, "what": {"customer-order": 58, "phone-cn": 2},
    }  # fmt: skip
    return Reason(**(fields | changes))  # type: ignore[arg-type]


def test_every_blank_is_filled() -> None:
    text = "{count}|{limit}|{window}|{what}|{site}|{user}|{incident}|{help}"
    filled = fill(text, reason(), site="x.example", user="a@b", incident="i-1", help_="desk")
    assert filled == "60|50|this request|customer-order, phone-cn|x.example|a@b|i-1|desk"


def test_a_count_of_what_was_not_read_to_its_end_says_so() -> None:
    assert fill("{count}", reason(at_least=True), site="", user="", incident="", help_="") == "60+"


@pytest.mark.parametrize(
    ("window", "language", "words"),
    [("24h", "en", "24 hours"), ("1d", "en", "1 day"), ("7d", "zh-CN", "7 天"), ("", "zh", "本次请求")],
)
def test_a_window_is_written_out(window: str, language: str, words: str) -> None:
    found = fill("{window}", reason(window=window), site="", user="", incident="", help_="", language=language)
    assert found == words


def test_what_the_sender_chose_is_never_read_as_a_blank() -> None:
    filled = fill("{user} {count}", reason(), site="", user="{help}", incident="", help_="secret")
    assert filled == "{help} 60"


def test_a_reason_gives_its_finished_message() -> None:
    made = reason(message={"en": "{count} stopped", "zh": "已阻止 {count} 条"})
    assert message_for(made, "zh", site="", user="", incident="", help_="") == ("zh", "已阻止 60 条")
