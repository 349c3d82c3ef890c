"""The only writer of flows: does to a flow what the verdict says."""

from __future__ import annotations

from typing import assert_never

from mitmproxy import http

from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.proxy.page import Notice, as_html, as_problem, choose_language, wants_page
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded
from dlp_proxy.proxy.words import words_for

_HOP: tuple[str, ...] = ("Proxy-Authorization", "Proxy-Connection")
"""Meant for us, never for the destination."""


def stops(verdict: Verdict) -> bool:
    """Tell whether the verdict keeps a message from leaving.

    Redaction is not built: a message that must not leave as it is does not leave. Nobody can be asked yet either,
    so `coach` does what its rule says for clients that cannot be asked; one rule that says block is enough.
    """
    match verdict.action:
        case Action.ALLOW | Action.COUNTED | Action.LOG:
            return False
        case Action.COACH:
            coaching = [reason for reason in verdict.reasons if reason.effective is Action.COACH]
            return not coaching or any(reason.cannot_ask == "block" for reason in coaching)
        case Action.REDACT | Action.BLOCK:
            return True
        case never:
            assert_never(never)


class Enforcer:
    """Writes answers, and lets go what may leave."""

    def __init__(self, settings: ProxySettings) -> None:
        self._help = settings.help_contact

    def request(self, flow: http.HTTPFlow, judgement: Judgement, recorded: Recorded) -> None:
        """Answer a judged request with the block page, or let it go on."""
        passage = passage_of(flow)
        passage.uid = judgement.message.uid
        passage.recorded = judgement.worth_an_event
        passage.logged = judgement.verdict.action is Action.LOG
        if stops(judgement.verdict):
            passage.blocked = True
            _answer(flow, self._notice(flow, judgement, recorded))
        else:
            self._release(flow, unread=bool(passage.not_held))
        passage.judged = True

    def websocket(self, flow: http.HTTPFlow, judgement: Judgement) -> bool:
        """Drop a judged WebSocket message and close the socket, or let it go on. Tells whether it was stopped."""
        if not stops(judgement.verdict):
            return False
        drop_message(flow, judgement.message.uid)
        return True

    def _release(self, flow: http.HTTPFlow, *, unread: bool) -> None:
        for name in _HOP:
            flow.request.headers.pop(name, None)
        if unread:
            flow.request.stream = True

    def _notice(self, flow: http.HTTPFlow, judgement: Judgement, recorded: Recorded) -> Notice:
        message = judgement.message
        language, text = words_for(
            judgement.verdict,
            flow.request.headers.get("accept-language", ""),
            site=message.destination.site,
            user=message.principal.user,
            incident=recorded.incident,
            help_contact=self._help,
        )
        return Notice(
            kind="blocked",
            language=language,
            text=text,
            event=message.uid,
            site=message.destination.site,
            incident=recorded.incident,
            help_contact=self._help,
        )


def fail_closed(flow: http.HTTPFlow, uid: str) -> None:
    """Answer with a page that needs nothing but the uid: for when the usual way failed."""
    passage = passage_of(flow)
    passage.uid, passage.judged, passage.blocked = uid, True, True
    text = {
        "en": "The transfer could not be checked, so it was not sent.",
        "zh": "无法检查本次传输，因此未发送。",
    }
    language = choose_language(flow.request.headers.get("accept-language", ""))
    _answer(flow, Notice("blocked", language, text[language], uid, flow.request.host))


def refuse_destination(flow: http.HTTPFlow, uid: str, *, status: int = 403) -> None:
    """Answer that a destination cannot be reached, but not why: the address or the rule would map the network."""
    passage = passage_of(flow)
    passage.uid, passage.judged, passage.blocked = uid, True, True
    text = {
        "en": "The proxy does not connect to this destination.",
        "zh": "代理不会连接到该目标地址。",
    }
    language = choose_language(flow.request.headers.get("accept-language", ""))
    _answer(flow, Notice("refused", language, text[language], uid, flow.request.host), status)


def drop_message(flow: http.HTTPFlow, uid: str) -> None:
    """Keep the last WebSocket message back and have the socket closed."""
    if flow.websocket is not None and flow.websocket.messages:
        flow.websocket.messages[-1].dropped = True
    passage_of(flow).close_reason = f"stopped by policy, reference {uid}"


def forget_messages(flow: http.HTTPFlow) -> None:
    """Drop WebSocket messages that were dealt with: mitmproxy keeps every one for the flow's life."""
    if flow.websocket is not None:
        del flow.websocket.messages[:-1]


def _answer(flow: http.HTTPFlow, notice: Notice, status: int = 403) -> None:
    made = as_html(notice) if wants_page(_lower(flow)) else as_problem(notice)
    body, headers = made
    # What is left of an upload is thrown away; closing tells an HTTP/1 client not to bother.
    if flow.request.timestamp_end is None and not flow.request.is_http2:
        headers["Connection"] = "close"
    flow.request.stream = False
    flow.response = http.Response.make(status, body, headers)


def _lower(flow: http.HTTPFlow) -> dict[str, str]:
    return {name: flow.request.headers.get(name, "") for name in ("sec-fetch-mode", "accept")}
