from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest

from dlp_proxy.proxy.page import Notice, as_html, as_problem, choose_language, wants_page

NASTY = "<script>alert(1)</script>\" ' & ${title} \u2028"
PAGE = Notice("blocked", "en", f"Stopped {NASTY}", "01ARYZ6S41", f"site{NASTY}", "INC-1", f"ask{NASTY}")


def test_everything_on_the_page_is_escaped() -> None:
    body, headers = as_html(PAGE)
    text = body.decode()
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;&quot; &#x27; &amp; ${title}") == 3
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_may_load_nothing_and_run_nothing() -> None:
    body, headers = as_html(PAGE)
    style = re.search(r"<style>(.*?)</style>", body.decode(), re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policy = headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"], headers["X-DLP-Proxy"]) == (
        "no-store",
        "nosniff",
        "01ARYZ6S41",
    )


def test_programs_get_a_problem_document() -> None:
    body, headers = as_problem(PAGE)
    problem = json.loads(body)
    assert headers["Content-Type"] == "application/problem+json"
    assert sorted(problem) == ["detail", "incident", "instance", "status", "title", "type"]
    assert (problem["status"], problem["instance"]) == (403, "urn:dlp-proxy:event:01ARYZ6S41")


def test_what_nobody_recorded_is_not_told_as_an_event() -> None:
    page, headers = as_html(replace(PAGE, recorded=False))
    assert headers["X-DLP-Proxy"] == "unrecorded; reference=01ARYZ6S41"
    assert '<dd id="unrecorded">01ARYZ6S41</dd>' in page.decode()
    assert 'id="event"' not in page.decode()
    assert "未确认已留存事件" in as_html(replace(PAGE, language="zh", recorded=False))[0].decode()
    body, headers = as_problem(replace(PAGE, recorded=False))
    assert headers["X-DLP-Proxy"] == "unrecorded; reference=01ARYZ6S41"
    assert json.loads(body)["instance"] == "urn:dlp-proxy:unrecorded:01ARYZ6S41"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.1, zh-Hant;q=0.2", "zh"),
        ("fr", "en"),
        ("", "en"),
        ("zh;q=0", "en"),
        (";;;,,,q=,zh;q=9,\x00", "zh"),
        ("a," * 100_000, "en"),
    ],
)
def test_the_language_is_the_readers(header: str, language: str) -> None:
    assert choose_language(header) == language


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"sec-fetch-mode": "navigate"}, True),
        ({"sec-fetch-mode": "cors", "accept": "text/html"}, False),
        ({"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, True),
        ({"accept": "*/*"}, False),
        ({}, False),
    ],
)
def test_people_get_a_page_and_programs_a_document(headers: dict[str, str], page: bool) -> None:  # noqa: FBT001
    assert wants_page(headers) is page


def test_a_language_we_do_not_speak_gets_our_english_titles() -> None:
    body, _ = as_html(Notice("blocked", "ja", "…", "E", "s"))
    assert b"This transfer was stopped" in body
