"""Clients that people and programs really use: requests, aiohttp, and Chromium with a real form."""

from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path

import aiohttp
import pytest
import requests
from playwright.sync_api import sync_playwright

from tests.live.harness import SITE, OriginThread, ProxyProcess

pytestmark = pytest.mark.live

CHROMIUM = "/usr/bin/chromium"


def test_requests_gets_the_problem_and_the_origin_nothing(stand_in: ProxyProcess, origin: OriginThread) -> None:
    with requests.Session() as session:
        session.proxies = {"https": stand_in.url}
        session.trust_env = False
        session.verify = str(stand_in.ca)
        assert session.post(f"https://{SITE}/in", files={"file": ("a.csv", b"clean")}, timeout=30).status_code == 200
        answer = session.post(f"https://{SITE}/in", files={"file": ("b.csv", b"BLOCK-ME" * 100_000)}, timeout=30)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:dlp-proxy:blocked"
    assert [(seen.version, b"clean" in seen.body) for seen in origin.seen] == [("HTTP/1.1", True)]


async def test_aiohttp_gets_the_problem_and_the_origin_nothing(stand_in: ProxyProcess, origin: OriginThread) -> None:
    context = ssl.create_default_context(cafile=str(stand_in.ca))
    async with aiohttp.ClientSession() as session:
        for body, status in ((b"clean", 200), (b"BLOCK-ME", 403)):
            async with session.post(f"https://{SITE}/in", data=body, proxy=stand_in.url, ssl=context) as answer:
                assert answer.status == status
                await answer.read()
    # aiohttp closes TLS transports a moment after its session.
    await asyncio.sleep(0.25)
    assert [seen.body for seen in origin.seen] == [b"clean"]


def test_chromium_submits_a_form_and_shows_the_page(
    stand_in: ProxyProcess, origin: OriginThread, tmp_path: Path
) -> None:
    clean, marked = tmp_path / "note.txt", tmp_path / "orders.csv"
    clean.write_bytes(b"an ordinary note")
    marked.write_bytes(b"orders BLOCK-ME")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", CHROMIUM),
            args=["--no-sandbox"],
            proxy={"server": stand_in.url},
        )
        # The browser does not know the proxy's CA; that the certificate is good is tested with curl.
        context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
        page = context.new_page()
        page.goto(f"https://{SITE}/form")
        page.set_input_files("#file", clean)
        with page.expect_navigation():
            page.click("#send")
        assert '"method": "POST"' in page.content()
        page.goto(f"https://{SITE}/form")
        page.set_input_files("#file", marked)
        with page.expect_navigation() as navigation:
            page.click("#send")
        answer = navigation.value
        assert answer is not None
        (event,) = [one for one in stand_in.recorded() if one["action"] == "block"]
        assert (answer.status, answer.headers["x-dlp-proxy"]) == (403, event["uid"])
        assert page.locator("h1").inner_text() == "本次传输已被拦截"
        assert page.locator("#event").inner_text() == event["uid"]
        assert page.locator("#incident").inner_text() == "INC-2026-0001"
        assert page.evaluate("getComputedStyle(document.querySelector('main')).borderTopWidth") == "4px"
        browser.close()
    posts = [seen for seen in origin.seen if seen.method == "POST"]
    assert [(seen.version, b"an ordinary note" in seen.body) for seen in posts] == [("HTTP/2", True)]
    assert not any(b"BLOCK-ME" in seen.body for seen in origin.seen)
