"""Asking people: the page, the path that their answers come to, and what an answer must be.

The page is shown on the site's own address and answered to a path there, which never reaches the site. What makes an
answer genuine is its ticket: signed, good for half an hour, for one person, one site and the transfers asked about.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs

import structlog
from mitmproxy import http

from dlp_proxy.model.message import Destination, Principal
from dlp_proxy.model.verdict import Answer, Asking, Question
from dlp_proxy.proxy.page import REASON_LEAST, REASON_MOST, Notice, as_html, as_question, choose_language
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Steps
from dlp_proxy.proxy.seal import Seal

_log = structlog.get_logger("dlp_proxy.proxy")

OURS: Final = "/.well-known/dlp-proxy/"
_PATH: Final = f"{OURS}answer"
_TICKET: Final = "ticket"
_TICKET_SECONDS: Final = 1800
_ONCE_SECONDS: Final = 600
"""An answer of a rule without `remember` is for sending the same thing again, now."""
_LONGEST_SECONDS: Final = 24 * 3600
_BODY: Final = 64 * 1024
_NO_TEXT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories of characters that a reason does not have: they could change how a log or a page is read."""

_TEXTS: Final = {
    "answered": {
        "en": "Go back to the page you came from and send it again. It will pass if it is the same.",
        "zh": "请返回原页面并重新发送。内容相同时即可通过。",
    },
    "old": {
        "en": "This page is too old, or not yours. Go back, send again, and answer the new page.",
        "zh": "此页面已过期或不属于您。请返回重新发送，并在新页面上回答。",
    },
    "reason": {
        "en": f"Choose a reason, or write {REASON_LEAST} to {REASON_MOST} plain characters. Go back and try again.",
        "zh": f"请选择原因，或填写 {REASON_LEAST} 至 {REASON_MOST} 个普通字符的原因。请返回重试。",
    },
}
_STATUS: Final = {"answered": 200, "old": 403, "reason": 400}


def is_ours(flow: http.HTTPFlow) -> bool:
    """Tell whether a request is for us, on whatever site: it never goes there."""
    return flow.request.path.startswith(OURS)


class Coaching:
    """Writes tickets and takes answers."""

    def __init__(self, key: bytes) -> None:
        self._seal = Seal(key)

    def page(
        self, notice: Notice, who: Principal, to: Destination, questions: Sequence[Question]
    ) -> tuple[bytes, dict[str, str]]:
        """Return the page that asks, and its headers."""
        facts = {
            "uid": notice.event,
            "user": who.user,
            "site": to.site,
            "until": time.time() + _TICKET_SECONDS,
            "questions": [(one.policy, one.rule, one.mark, *one.asking) for one in questions if one.mark],
        }
        choices = next((one.asking.choices for one in questions if one.asking.choices), ())
        host = f"[{to.host}]" if ":" in to.host else to.host
        return as_question(
            notice,
            origin=f"{to.scheme}://{host}:{to.port}",
            path=_PATH,
            ticket=self._seal.sign(_TICKET, facts),
            choices=choices,
            reason=any(one.asking.ask == "reason" for one in questions),
        )

    async def answer(self, flow: http.HTTPFlow, uid: str, who: Principal, to: Destination, steps: Steps) -> None:
        """Take the answer of a person, and say that it was taken or why not."""
        passage = passage_of(flow)
        passage.uid, passage.judged, passage.blocked = uid, True, True
        if flow.request.path != _PATH or flow.request.method != "POST":
            _reply(flow, uid, to, "old")
            return
        fields = _fields(flow)
        now = time.time()
        ticket = self._seal.read(_TICKET, fields.get("ticket", ""), now)
        if ticket is None or not _may_answer(flow, ticket, who, to):
            _log.warning("answer refused", uid=uid)
            _reply(flow, uid, to, "old")
            return
        questions = [_question(one) for one in ticket["questions"]]
        text = _reason(fields, questions)
        if text is None:
            _reply(flow, uid, to, "reason")
            return
        kept = steps.mask(text) if text else ""
        await steps.answer([_answer(one, ticket, now, kept) for one in questions])
        _log.info("answer kept", uid=uid, asked_in=ticket["uid"], rules=[one.rule for one in questions])
        _reply(flow, uid, to, "answered")


def _question(facts: Sequence[Any]) -> Question:
    policy, rule, mark, ask, choices, remember = facts
    return Question(policy, rule, mark, Asking(ask, tuple(choices), remember))


def _may_answer(flow: http.HTTPFlow, ticket: dict[str, Any], who: Principal, to: Destination) -> bool:
    """Tell whether a ticket is this person's on this site, and a browser that says how it came here went here."""
    mode = flow.request.headers.get("sec-fetch-mode", "navigate")
    return mode == "navigate" and (ticket["user"], ticket["site"]) == (who.user, to.site)


def _fields(flow: http.HTTPFlow) -> dict[str, str]:
    """Return the fields of the form, each given once; none of anything that our page would not send."""
    body = flow.request.raw_content or b""
    label = flow.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    odd = passage_of(flow).not_held or passage_of(flow).held or flow.request.headers.get("content-encoding")
    if odd or len(body) > _BODY or label != "application/x-www-form-urlencoded":
        return {}
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="strict")
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _reason(fields: dict[str, str], questions: Sequence[Question]) -> str | None:
    """Return the reason given, empty where none was asked for; None when it is not one."""
    written = " ".join(fields.get("reason", "").split())
    if len(written) > REASON_MOST or any(unicodedata.category(one) in _NO_TEXT for one in written):
        return None
    choices = next((one.asking.choices for one in questions if one.asking.choices), ())
    choice = fields.get("choice", "")
    if choices:
        return f"{choice}: {written}" if choice in choices and written else choice if choice in choices else None
    needed = any(one.asking.ask == "reason" for one in questions)
    return None if needed and len(written) < REASON_LEAST else written


def _answer(one: Question, ticket: dict[str, Any], now: float, text: str) -> Answer:
    until = now + min(one.asking.remember or _ONCE_SECONDS, _LONGEST_SECONDS)
    return Answer(ticket["user"], ticket["site"], one.policy, one.rule, one.mark, now, until, text, ticket["uid"])


def _reply(flow: http.HTTPFlow, uid: str, to: Destination, what: str) -> None:
    language = choose_language(flow.request.headers.get("accept-language", ""))
    body, headers = as_html(
        Notice("answered" if what == "answered" else "unanswered", language, _TEXTS[what][language], uid, to.site)
    )
    if flow.request.timestamp_end is None and not flow.request.is_http2:
        headers["Connection"] = "close"
    flow.request.stream = False
    flow.response = http.Response.make(_STATUS[what], body, headers)
