"""The page that asks, who is asked, and what an answer must be."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from mitmproxy.test import tflow, tutils

from dlp_proxy.model.message import Destination, Principal
from dlp_proxy.model.verdict import Answer, Asking, Question
from dlp_proxy.proxy.coaching import Coaching, is_ours
from dlp_proxy.proxy.page import Notice, can_be_asked

KEY = b"k" * 32
WHO = Principal("li.wei", "device-map", "weak")
TO = Destination("https", "files.example", 443)
NASTY = "<script>\"' & ${x}"
CHOOSE = Question("p", "asks", "m1", Asking("reason", ("A customer asked", NASTY), 3600))
WRITE = Question("p", "other", "m2", Asking("reason"))
CONFIRM = Question("p", "third", "m3", Asking())


@dataclass
class Kept:
    answers: list[Answer] = field(default_factory=list)

    async def answer(self, answers: Sequence[Answer]) -> None:
        self.answers += answers

    @staticmethod
    def mask(text: str) -> str:
        return text.replace("13800138000", "13*******00")


def page(*questions: Question) -> tuple[str, dict[str, str]]:
    body, headers = Coaching(KEY).page(Notice("asked", "en", f"Sure? {NASTY}", "u1", TO.site), WHO, TO, questions)
    return body.decode(), headers


def ticket(*questions: Question) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page(*questions)[0])
    assert found is not None
    return found[1]


def answered(
    fields: dict[str, str], who: Principal = WHO, to: Destination = TO, key: bytes = KEY, **headers: str
) -> tuple[int, list[Answer]]:
    request = tutils.treq(method=b"POST", path=b"/.well-known/dlp-proxy/answer", content=urlencode(fields).encode())
    request.headers["content-type"] = "application/x-www-form-urlencoded"
    for name, value in headers.items():
        request.headers[name.replace("_", "-")] = value
    flow = tflow.tflow(req=request)
    kept: Any = Kept()
    assert is_ours(flow)
    asyncio.run(Coaching(key).answer(flow, "u2", who, to, kept))
    assert flow.response is not None
    return flow.response.status_code, kept.answers


def test_everything_on_the_page_is_escaped_and_the_page_is_no_page_of_the_site() -> None:
    text, headers = page(CHOOSE)
    assert "<script" not in text
    assert text.count("&lt;script&gt;&quot;&#x27; &amp; ${x}") == 3
    policy = headers["Content-Security-Policy"]
    assert "sandbox allow-forms" in policy
    assert "form-action https://files.example:443;" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"


def test_an_answer_names_who_why_when_and_for_what() -> None:
    status, answers = answered({"ticket": ticket(CHOOSE), "choice": "A customer asked", "reason": "tel 13800138000"})
    assert status == 200
    (one,) = answers
    assert one[:5] == ("li.wei", "files.example", "p", "asks", "m1")
    assert one.text == "A customer asked: tel 13*******00"
    assert (one.asked_in, one.until - one.since) == ("u1", 3600)
    assert abs(one.since - time.time()) < 60


def test_one_answer_is_for_all_rules_that_asked_and_never_for_longer_than_a_day() -> None:
    long = WRITE._replace(asking=Asking("reason", (), 10**6))
    _, answers = answered({"ticket": ticket(long, CONFIRM), "reason": "they asked"})
    assert [(one.rule, one.mark, one.until - one.since) for one in answers] == [
        ("other", "m2", 24 * 3600),
        ("third", "m3", 600),
    ]


@pytest.mark.parametrize(
    ("question", "fields", "status"),
    [
        (CHOOSE, {}, 400),
        (CHOOSE, {"choice": "Mine"}, 400),
        (CHOOSE, {"choice": NASTY}, 200),
        (WRITE, {"reason": "  x  "}, 400),
        (WRITE, {"reason": "x" * 501}, 400),
        (WRITE, {"reason": "a\x00bc"}, 400),
        (WRITE, {"reason": "a\u202ebc"}, 400),
        (WRITE, {"reason": "line\r\nline"}, 200),
        (CONFIRM, {}, 200),
    ],
)
def test_a_reason_is_plain_text_of_a_length(question: Question, fields: dict[str, str], status: int) -> None:
    got, answers = answered({"ticket": ticket(question), **fields})
    assert (got, len(answers)) == (status, int(status == 200))
    assert not any("\n" in one.text for one in answers)


def test_an_answer_of_somebody_else_or_to_something_else_is_none() -> None:
    good = {"ticket": ticket(CONFIRM)}
    assert answered(good)[0] == 200
    for status, answers in (
        answered(good, who=Principal("wu", "device-map", "weak")),
        answered(good, to=Destination("https", "evil.example", 443)),
        answered(good, key=b"j" * 32),
        answered(good, sec_fetch_mode="cors"),
        answered(good, content_type="text/plain"),
        answered({}),
        answered({"ticket": good["ticket"][:-1] + "0" * 2}),
    ):
        assert (status, answers) == (403, [])


@pytest.mark.parametrize(
    ("method", "headers", "asked"),
    [
        ("POST", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, True),
        ("POST", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "accept": "text/html"}, False),
        ("POST", {"sec-fetch-mode": "cors", "accept": "text/html"}, False),
        ("GET", {"accept": "text/html,*/*"}, True),
        ("GET", {"accept": "*/*"}, False),
        ("POST", {"accept": "text/html", "content-type": "multipart/form-data; boundary=x"}, True),
        ("POST", {"accept": "text/html", "content-type": "application/json"}, False),
        ("PUT", {"accept": "text/html", "content-type": "text/plain"}, False),
        ("GET", {"accept": "text/html", "connection": "Upgrade"}, False),
    ],
)
def test_who_can_be_asked(method: str, headers: dict[str, str], asked: bool) -> None:  # noqa: FBT001
    assert can_be_asked(method, headers) is asked
