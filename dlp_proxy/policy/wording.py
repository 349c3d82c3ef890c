"""A rule's message, with its blanks filled, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from dlp_proxy.model.verdict import Reason

BLANKS: Final = ("count", "limit", "what", "site", "user", "incident", "help", "window")

_BLANK: Final = re.compile(r"\{(" + "|".join(BLANKS) + r")\}")
_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")
_UNITS: Final = {
    "s": ("second", "秒"),
    "m": ("minute", "分钟"),
    "h": ("hour", "小时"),
    "d": ("day", "天"),
}


def pick(message: Mapping[str, str], accept_language: str) -> tuple[str, str]:
    """Return the language and text that fits an Accept-Language header best (RFC 9110, 12.5.4).

    English when none fits, then any; two empty texts for a rule without a message.
    """
    if not message:
        return "", ""
    by_language = {language.lower(): language for language in message}
    for wanted in _wanted(accept_language):
        for known, language in by_language.items():
            if known == wanted or known.split("-")[0] == wanted.split("-")[0]:
                return language, message[language]
    language = by_language.get("en") or min(message)
    return language, message[language]


def fill(text: str, reason: Reason, *, site: str, user: str, incident: str, help_: str, language: str = "en") -> str:
    """Return `text` with its blanks filled; plain text, so whoever makes a page of it must escape it."""
    window = _window(reason.window, language)
    known = {
        "count": f"{reason.count}{'+' * reason.at_least}",
        "limit": str(reason.limit_number),
        "window": window,
        "what": ", ".join(reason.what),
        "site": site,
        "user": user,
        "incident": incident,
        "help": help_,
    }
    return _BLANK.sub(lambda blank: known[blank[1]], text)


def message_for(
    reason: Reason, accept_language: str, *, site: str, user: str, incident: str, help_: str
) -> tuple[str, str]:
    """Return the language and the finished message of a reason."""
    language, text = pick(reason.message, accept_language)
    return language, fill(text, reason, site=site, user=user, incident=incident, help_=help_, language=language)


def _wanted(header: str) -> list[str]:
    ranges = []
    for index, item in enumerate(header[:1000].split(",")):
        found = _RANGE.fullmatch(item)
        if found is not None and found[1] != "*" and float(found[2] or 1) > 0:
            ranges.append((-float(found[2] or 1), index, found[1].lower()))
    return [language for _, _, language in sorted(ranges)]


def _window(words: str, language: str) -> str:
    chinese = language.lower().startswith("zh")
    found = re.fullmatch(r"([0-9]+)([smhd])", words)
    if found is None:
        return "本次请求" if chinese else "this request"
    english, han = _UNITS[found[2]]
    if chinese:
        return f"{found[1]} {han}"
    return f"{found[1]} {english}{'' if found[1] == '1' else 's'}"
