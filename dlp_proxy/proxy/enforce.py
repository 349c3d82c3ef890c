"""The only writer of flows: does to a flow what the verdict says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from mitmproxy import http
from mitmproxy.flow import Flow

from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.proxy.coaching import Coaching
from dlp_proxy.proxy.grpc import PERMISSION_DENIED, refusal, speaks_grpc
from dlp_proxy.proxy.page import Notice, as_html, as_problem, choose_language, wants_page
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded
from dlp_proxy.proxy.words import words_for

_HOP: tuple[str, ...] = ("Proxy-Authorization", "Proxy-Connection")
"""Meant for us, never for the destination."""
_OF_THE_BODY: tuple[str, ...] = (
    *("Content-Encoding", "Transfer-Encoding", "Content-Length", "Trailer"),
    *("Content-MD5", "Digest", "Content-Digest", "Repr-Digest"),
)
"""What is said of a body that goes on rewritten."""


def stops(verdict: Verdict) -> bool:
    """Tell whether the verdict keeps a message from leaving as it is.

    One to be redacted does not; where it can be rewritten, another leaves in its place.
    """
    match verdict.action:
        case Action.ALLOW | Action.COUNTED | Action.LOG:
            return False
        case Action.REDACT | Action.COACH | Action.BLOCK:
            return True
        case never:
            assert_never(never)


class Enforcer:
    """Writes answers, and lets go what may leave."""

    def __init__(self, settings: ProxySettings, coaching: Coaching) -> None:
        self._help = settings.help_contact
        self._coaching = coaching

    def request(self, flow: http.HTTPFlow, judgement: Judgement, recorded: Recorded) -> None:
        """Answer a judged request with the page that stops or asks, or let it go on, redacted where policy says so."""
        passage = passage_of(flow)
        passage.uid = judgement.message.uid
        passage.recorded = judgement.worth_an_event or recorded.kept
        passage.durable = recorded.durable
        passage.logged = judgement.verdict.action is Action.LOG
        redacted = judgement.redacted.body if judgement.redacted is not None else None
        if judgement.verdict.action is Action.REDACT and redacted is not None:
            _rewrite(flow.request, redacted)
            passage.rewritten = True
            self._release(flow, unread=False)
        elif judgement.verdict.action is Action.COACH and judgement.questions and judgement.message.attended:
            passage.blocked = True
            notice = replace(self._notice(flow, judgement, recorded), kind="asked")
            message = judgement.message
            _show(flow, self._coaching.page(notice, message.principal, message.destination, judgement.questions))
        elif stops(judgement.verdict):
            passage.blocked = True
            _answer(flow, self._notice(flow, judgement, recorded))
        else:
            self._release(flow, unread=bool(passage.not_held))
        passage.judged = True

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
            recorded=recorded.kept,
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
    _answer(flow, Notice("blocked", language, text[language], uid, flow.request.host, recorded=False))


def withhold(flow: http.HTTPFlow) -> None:
    """Answer in the destination's place: it has the upload, of which no record could be kept, so nobody hears of it."""
    passage_of(flow).withheld = True
    text = {
        "en": "The transfer was sent but could not be recorded: the answer is not shown. Tell whoever runs the proxy.",
        "zh": "本次传输已发送，但无法记录，因此不显示网站的回复。请告知代理管理员。",
    }
    language = choose_language(flow.request.headers.get("accept-language", ""))
    uid = passage_of(flow).uid
    _answer(flow, Notice("withheld", language, text[language], uid, flow.request.host, recorded=False), 503)


def refuse_destination(flow: http.HTTPFlow, uid: str, *, status: int = 403) -> None:
    """Answer that a destination cannot be reached, but not why: the address or the rule would map the network."""
    passage = passage_of(flow)
    passage.uid, passage.judged, passage.blocked = uid, True, True
    text = {
        "en": "The proxy does not connect to this destination.",
        "zh": "代理不会连接到该目标地址。",
    }
    language = choose_language(flow.request.headers.get("accept-language", ""))
    _answer(flow, Notice("refused", language, text[language], uid, flow.request.host, recorded=False), status)


def refuse_sender(flow: http.HTTPFlow, uid: str, status: int, headers: Mapping[str, str] | None = None) -> None:
    """Answer somebody who has not proved who they are as they must; the page does not say what was wrong with it."""
    passage = passage_of(flow)
    passage.uid, passage.judged, passage.blocked = uid, True, True
    text = {
        "en": "The proxy does not know who you are. Log in, or ask for help.",
        "zh": "代理无法确认您的身份。请登录或寻求帮助。",
    }
    language = choose_language(flow.request.headers.get("accept-language", ""))
    _answer(flow, Notice("refused", language, text[language], uid, flow.request.host, recorded=False), status)
    if flow.response is not None:
        flow.response.headers.update(headers or {})


def drop_message(flow: Flow, uid: str) -> None:
    """Keep the message of a conversation back that waits for its verdict, and have the conversation closed."""
    if isinstance(flow, http.HTTPFlow) and flow.websocket is not None and flow.websocket.messages:
        flow.websocket.messages[-1].dropped = True
    passage_of(flow).close_reason = f"stopped by policy, reference {uid}"


def forget_messages(flow: http.HTTPFlow) -> None:
    """Drop WebSocket messages that were dealt with: mitmproxy keeps every one for the flow's life."""
    if flow.websocket is not None:
        del flow.websocket.messages[:-1]


def _answer(flow: http.HTTPFlow, notice: Notice, status: int = 403) -> None:
    if speaks_grpc(flow.request):
        flow.request.stream = False
        flow.response = refusal(flow.request, PERMISSION_DENIED, f"stopped by policy, reference {notice.event}")
        return
    _show(flow, as_html(notice) if wants_page(_lower(flow)) else as_problem(notice), status)


def _show(flow: http.HTTPFlow, made: tuple[bytes, dict[str, str]], status: int = 403) -> None:
    body, headers = made
    # What is left of an upload is thrown away; closing tells an HTTP/1 client not to bother.
    if flow.request.timestamp_end is None and not flow.request.is_http2:
        headers["Connection"] = "close"
    flow.request.stream = False
    flow.response = http.Response.make(status, body, headers)


def _rewrite(request: http.Request, body: bytes) -> None:
    """Put another body into a request; what was said of the old one goes."""
    for name in _OF_THE_BODY:
        request.headers.pop(name, None)
    request.trailers = None
    request.raw_content = body
    request.headers["Content-Length"] = str(len(body))


def _lower(flow: http.HTTPFlow) -> dict[str, str]:
    return {name: flow.request.headers.get(name, "") for name in ("sec-fetch-mode", "accept")}
