"""The answer a stopped client gets: a page for people, RFC 9457 problem JSON for programs."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Final

LANGUAGES: Final = ("en", "zh")
HEADER: Final = "X-DLP-Proxy"
REASON_LEAST: Final = 3
REASON_MOST: Final = 500
"""Characters of a reason."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "blocked": "This transfer was stopped",
        "refused": "This address cannot be reached through the proxy",
        "withheld": "This transfer could not be recorded",
        "asked": "Please check before you send this",
        "answered": "Thank you: your answer was kept",
        "unanswered": "Your answer could not be taken",
        "choose": "Why does it have to be sent?",
        "write": "Your reason (do not name customers)",
        "more": "Anything to add? (do not name customers)",
        "go-on": "I have checked it, go on",
        "incident": "Incident",
        "event": "Reference",
        "unrecorded": "No event is known to be kept; reference in the log of the proxy",
        "site": "Destination",
        "help": "Ask",
    },
    "zh": {
        "blocked": "本次传输已被拦截",
        "refused": "无法通过代理访问该地址",
        "withheld": "本次传输无法记录",
        "asked": "发送前请确认",
        "answered": "谢谢，您的回答已记录",
        "unanswered": "无法接受您的回答",
        "choose": "为什么需要发送？",
        "write": "请说明原因（请勿写出客户信息）",
        "more": "补充说明（请勿写出客户信息）",
        "go-on": "我已确认，继续",
        "incident": "事件编号",
        "event": "参考编号",
        "unrecorded": "未确认已留存事件；代理日志中的参考编号",
        "site": "目标网站",
        "help": "咨询",
    },
}


def _content_policy(form_action: str, *more: str) -> str:
    """Return the header that lets our page load and run nothing."""
    directives = (
        "default-src 'none'",
        f"style-src 'sha256-{_STYLE_HASH}'",
        "frame-ancestors 'none'",
        f"form-action {form_action}",
        "base-uri 'none'",
        *more,
    )
    return "; ".join(directives)


_TEMPLATE: Final = Template(resources.files("dlp_proxy.proxy").joinpath("pages/page.html").read_text(encoding="utf-8"))
_FORM: Final = Template(resources.files("dlp_proxy.proxy").joinpath("pages/form.html").read_text(encoding="utf-8"))
_STYLE: Final = re.search(r"<style>(.*?)</style>", _TEMPLATE.template, re.DOTALL)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256((_STYLE.group(1) if _STYLE else "").encode()).digest()).decode()
_SAFE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _content_policy("'none'"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
"""What a form of a page is sent as."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said. Texts are plain; the page escapes them.

    `kind` picks the title: ``blocked`` by policy, ``refused`` as a destination, ``withheld`` as an
    answer, ``asked``, ``answered`` or ``unanswered``. Where nothing is known to be `recorded` nobody
    will find an event of that number, only what the log of the proxy says of it.
    """

    kind: str
    language: str
    text: str
    event: str
    site: str
    incident: str = ""
    help_contact: str = ""
    recorded: bool = True


def as_html(notice: Notice) -> tuple[bytes, dict[str, str]]:
    """Return the page and its headers."""
    words = _words(notice.language)
    return _page(notice, words), {"Content-Type": "text/html; charset=utf-8", **_headers(notice)}


def as_question(
    notice: Notice, *, origin: str, path: str, ticket: str, choices: Sequence[str], reason: bool
) -> tuple[bytes, dict[str, str]]:
    """Return the page that asks, and its headers. In its sandbox it is no page of the site: no script of that reads it.

    Args:
        origin: scheme, host and port of the site; the answer goes to `path` there.
        choices: reasons to choose from; with none, and `reason`, one must be written.
    """
    words = _words(notice.language)
    asked = ""
    if choices:
        rows = "\n".join(
            f'<label><input type="radio" name="choice" value="{html.escape(one)}" required> {html.escape(one)}</label>'
            for one in choices
        )
        asked = f"<fieldset><legend>{html.escape(words['choose'])}</legend>\n{rows}\n</fieldset>\n"
    if choices or reason:
        label, must = (words["more"], "") if choices else (words["write"], f' required minlength="{REASON_LEAST}"')
        asked += (
            f'<label for="reason">{html.escape(label)}</label>\n'
            f'<p><textarea id="reason" name="reason" maxlength="{REASON_MOST}"{must}></textarea></p>'
        )
    form = _FORM.substitute(
        action=html.escape(path),
        ticket=html.escape(ticket),
        asked=asked,
        button=html.escape(words["go-on"]),
    )
    policy = _content_policy(origin, "sandbox allow-forms")
    headers = {**_headers(notice), "Content-Security-Policy": policy}
    return _page(notice, words, form), {"Content-Type": "text/html; charset=utf-8", **headers}


def _page(notice: Notice, words: Mapping[str, str], form: str = "") -> bytes:
    facts = [
        ("site", notice.site),
        ("incident", notice.incident),
        ("event" if notice.recorded else "unrecorded", notice.event),
        ("help", notice.help_contact),
    ]
    rows = "\n".join(
        f'<dt>{html.escape(words[name])}</dt><dd id="{name}">{html.escape(value)}</dd>'
        for name, value in facts
        if value
    )
    page = _TEMPLATE.substitute(
        language=html.escape("zh-CN" if notice.language == "zh" else notice.language),
        kind=notice.kind,
        title=html.escape(words[notice.kind]),
        text=html.escape(notice.text),
        form=form,
        facts=rows,
    )
    return page.encode()


def as_problem(notice: Notice) -> tuple[bytes, dict[str, str]]:
    """Return the problem document (RFC 9457) and its headers."""
    problem = {
        "type": f"urn:dlp-proxy:{notice.kind}",
        "title": _words(notice.language)[notice.kind],
        "status": 403,
        "detail": notice.text,
        "instance": f"urn:dlp-proxy:{'event' if notice.recorded else 'unrecorded'}:{notice.event}",
    }
    if notice.incident:
        problem["incident"] = notice.incident
    body = json.dumps(problem, ensure_ascii=False).encode()
    return body, {"Content-Type": "application/problem+json", **_headers(notice)}


def _words(language: str) -> Mapping[str, str]:
    """Return our own words; a policy may have written its message in a language that we do not speak."""
    return _WORDS.get(language.lower().partition("-")[0], _WORDS["en"])


def _headers(notice: Notice) -> dict[str, str]:
    reference = notice.event if notice.recorded else f"unrecorded; reference={notice.event}"
    return {HEADER: reference, "Content-Language": notice.language, **_SAFE}


def choose_language(accept_language: str, default: str = "en") -> str:
    """Return the language of ours that an Accept-Language header (RFC 9110, 12.5.4) prefers."""
    best, best_weight = default, 0.0
    for item in accept_language.split(",")[:20]:
        tag, _, parameters = item.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        weight = _weight(parameters)
        if name in LANGUAGES and weight > best_weight:
            best, best_weight = name, weight
    return best


def _weight(parameters: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", parameters)
    return float(found.group(1)) if found else 1.0


def wants_page(headers: Mapping[str, str]) -> bool:
    """Tell whether a person will read the answer: a navigation, or a client that asks for HTML.

    Browsers say so in Sec-Fetch-Mode; only where they say nothing does Accept decide.
    """
    mode = headers.get("sec-fetch-mode", "")
    if mode:
        return mode == "navigate"
    return "text/html" in headers.get("accept", "").lower()


def can_be_asked(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a person sees the answer as a page of its own, and can send the same again.

    Browsers say so in Sec-Fetch-Mode and Sec-Fetch-Dest, but to sites without TLS they say nothing: there, what asks
    for HTML and sends what a form sends is taken for one.
    """
    if "upgrade" in headers.get("connection", "").lower():
        return False
    if mode := headers.get("sec-fetch-mode", ""):
        return mode == "navigate" and headers.get("sec-fetch-dest", "document") == "document"
    label = headers.get("content-type", "").partition(";")[0].strip().lower()
    sent_by_form = method == "GET" or (method == "POST" and label in _FORMS)
    return sent_by_form and "text/html" in headers.get("accept", "").lower()
