"""What a stopped person reads."""

from __future__ import annotations

import pytest

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import by_exception_policy
from dlp_proxy.proxy.words import words_for
from tests.pipeline.test_redaction import engine


@pytest.mark.parametrize(
    ("error", "incident", "language", "says"),
    [
        ("record: StoreError", "", "en", "could not be put on record"),
        ("record: StoreError", "", "zh", "无法记录"),
        ("record: StoreError", "inc-7", "en", "quote inc-7"),
        ("inspect: ValueError", "inc-7", "en", "quote inc-7"),
    ],
)
def test_who_is_stopped_by_a_store_that_took_nothing_is_given_no_number_to_ask_about(
    error: str, incident: str, language: str, says: str
) -> None:
    who, where = Principal("li", "declared", "none"), Destination("https", "pan.example", 443)
    judged = by_exception_policy(Message("t", 1.0, "http", who, where, "POST", "/"), error, engine())
    _, text = words_for(judged.verdict, language, site="pan.example", user="li", incident=incident, help_contact="soc")
    assert says in text
