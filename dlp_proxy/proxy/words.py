"""What a stopped person reads: the rule's own message, else a sentence of ours that tells nothing a probe could use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.policy.wording import message_for
from dlp_proxy.proxy.page import choose_language

_STOPPED: Final[Mapping[str, str]] = {
    "en": "This transfer was not sent, because a rule of your organisation does not allow it.",
    "zh": "根据公司规定，本次传输未发送。",
}
_UNCHECKED: Final[Mapping[str, str]] = {
    "en": "This transfer could not be checked in full, so it was not sent.",
    "zh": "无法完整检查本次传输，因此未发送。",
}
_UNRECORDED: Final[Mapping[str, str]] = {
    "en": "This transfer could not be put on record, so it was not sent. Try again later.",
    "zh": "本次传输无法记录，因此未发送。请稍后再试。",
}


def words_for(
    verdict: Verdict, accept_language: str, *, site: str, user: str, incident: str, help_contact: str
) -> tuple[str, str]:
    """Return the language and the text of the strictest reason that has a message."""
    language = choose_language(accept_language)
    if verdict.error.startswith("record") and not incident:
        return language, _UNRECORDED[language]  # there is no number to ask about
    for reason in verdict.reasons:
        if reason.effective < Action.REDACT or not reason.message:
            continue
        chosen, text = message_for(reason, accept_language, site=site, user=user, incident=incident, help_=help_contact)
        if text:
            return chosen, text
    unchecked = bool(verdict.error) or not verdict.reasons or verdict.reasons[0].policy == "default"
    return language, (_UNCHECKED if unchecked else _STOPPED)[language]
