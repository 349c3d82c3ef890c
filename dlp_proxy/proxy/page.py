"""The answer a stopped client gets: a page for people, RFC 9457 problem JSON for programs."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Final

LANGUAGES: Final = ("en", "zh")
HEADER: Final = "X-DLP-Proxy"

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "blocked": "This transfer was stopped",
        "refused": "This address cannot be reached through the proxy",
        "incident": "Incident",
        "event": "Reference",
        "site": "Destination",
        "help": "Ask",
    },
    "zh": {
        "blocked": "本次传输已被拦截",
        "refused": "无法通过代理访问该地址",
        "incident": "事件编号",
        "event": "参考编号",
        "site": "目标网站",
        "help": "咨询",
    },
}
_TEMPLATE: Final = Template(resources.files("dlp_proxy.proxy").joinpath("pages/block.html").read_text(encoding="utf-8"))
_STYLE: Final = re.search(r"<style>(.*?)</style>", _TEMPLATE.template, re.DOTALL)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256((_STYLE.group(1) if _STYLE else "").encode()).digest()).decode()

_SAFE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "frame-ancestors 'none'; form-action 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said. Texts are plain; the page escapes them.

    `kind` picks the title: ``blocked`` by policy, or ``refused`` as a destination.
    """

    kind: str
    language: str
    text: str
    event: str
    site: str
    incident: str = ""
    help_contact: str = ""


def as_html(notice: Notice) -> tuple[bytes, dict[str, str]]:
    """Return the page and its headers."""
    words = _words(notice.language)
    facts = [
        ("site", notice.site),
        ("incident", notice.incident),
        ("event", notice.event),
        ("help", notice.help_contact),
    ]
    rows = "\n".join(
        f'<dt>{html.escape(words[name])}</dt><dd id="{name}">{html.escape(value)}</dd>'
        for name, value in facts
        if value
    )
    page = _TEMPLATE.substitute(
        language=html.escape("zh-CN" if notice.language == "zh" else notice.language),
        title=html.escape(words[notice.kind]),
        text=html.escape(notice.text),
        facts=rows,
    )
    return page.encode(), {"Content-Type": "text/html; charset=utf-8", **_headers(notice)}


def as_problem(notice: Notice) -> tuple[bytes, dict[str, str]]:
    """Return the problem document (RFC 9457) and its headers."""
    problem = {
        "type": f"urn:dlp-proxy:{notice.kind}",
        "title": _words(notice.language)[notice.kind],
        "status": 403,
        "detail": notice.text,
        "instance": f"urn:dlp-proxy:event:{notice.event}",
    }
    if notice.incident:
        problem["incident"] = notice.incident
    body = json.dumps(problem, ensure_ascii=False).encode()
    return body, {"Content-Type": "application/problem+json", **_headers(notice)}


def _words(language: str) -> Mapping[str, str]:
    """Return our own words; a policy may have written its message in a language that we do not speak."""
    return _WORDS.get(language.lower().partition("-")[0], _WORDS["en"])


def _headers(notice: Notice) -> dict[str, str]:
    return {HEADER: notice.event, "Content-Language": notice.language, **_SAFE}


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
