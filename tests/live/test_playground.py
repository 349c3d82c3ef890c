"""The playground in Chromium, by keys: type, see the fault at its place, mend it, see the verdict, save."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.cli.small_policy import SMALL
from tests.live.test_clients import CHROMIUM

pytestmark = pytest.mark.live

# A machine that does other things too may take its time to start a browser and a program.
expect.set_options(timeout=20_000)
BODY = "订单 SO-00000001\n订单 SO-00000002\n订单 SO-00000003\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    made = folder / "small.yaml"
    made.write_text(SMALL.replace("en: 'Stopped.'", "zh: '已拦截，请联系信息安全部。'"), encoding="utf-8")
    return made


@pytest.fixture
def address(file: Path) -> Iterator[str]:
    words = [sys.executable, "-m", "dlp_proxy.cli.main", "policy", "playground", str(file.parent)]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    try:
        yield running.stdout.readline().split()[0]
    finally:
        running.terminate()
        running.wait(20)
        running.stdout.close()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", CHROMIUM), args=["--no-sandbox"]
        )
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        wrong: list[str] = []
        asked: list[str] = []
        opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(address)
        yield opened
        assert wrong == []
        assert [url for url in asked if not url.startswith(address)] == []
        browser.close()


def test_an_author_types_sees_the_fault_mends_it_and_sees_the_verdict(page: Page, file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    expect(page.locator("#health")).to_have_text("no errors")
    page.locator("#body").fill(BODY)
    expect(page.locator("#verdict strong")).to_have_text("block")
    expect(page.locator("#trace")).to_contain_text("limit 1: 3 of 3 in this request -> REACHED: block")

    # The caret goes behind `severity: hig` of the first rule, and a letter too many is typed.
    text = page.locator("#text")
    text.focus()
    page.evaluate(
        "at => document.getElementById('text').setSelectionRange(at, at)", before.index("severity: high") + 14
    )
    page.keyboard.type("h")
    bubble = page.locator("#bubble")
    expect(bubble).to_contain_text("BAD-VALUE")
    expect(bubble).to_contain_text("did you mean")
    expect(page.locator("#paint .error")).to_have_text("highh")
    expect(page.locator("#gutter .error")).to_have_text("18")
    expect(page.locator("#problems .at")).to_have_text("small.yaml:18:15")
    expect(page.locator("#verdict")).to_contain_text("no verdict")
    mark, said = page.locator("#paint .error").bounding_box(), bubble.bounding_box()
    assert mark is not None
    assert said is not None
    # Below the marked word, and beginning where it begins.
    assert 0 <= said["y"] - (mark["y"] + mark["height"]) < 10
    assert abs(said["x"] - mark["x"]) < 4
    if shot := os.environ.get("PLAYGROUND_SHOT"):
        page.screenshot(path=shot)

    page.keyboard.press("Alt+Enter")
    expect(page.locator("#health")).to_have_text("no errors")
    expect(bubble).to_be_hidden()
    assert page.evaluate("document.getElementById('text').value") == before
    expect(page.locator("#verdict strong")).to_have_text("block")

    # Another limit, another verdict; nothing is on disk before it is asked for.
    page.evaluate(
        "at => document.getElementById('text').setSelectionRange(at, at + 1)", before.index("at_least: 3") + 10
    )
    page.keyboard.type("9")
    expect(page.locator("#verdict strong")).to_have_text("counted")
    expect(page.locator("#trace")).to_contain_text("limit 1: 3 of 9 in this request -> not reached")
    if shot:
        page.screenshot(path=shot.replace(".png", "-good.png"))
    assert file.read_text(encoding="utf-8") == before
    page.keyboard.press("Control+s")
    expect(page.locator("#health")).to_have_text("saved")
    assert file.read_text(encoding="utf-8") == before.replace("at_least: 3", "at_least: 9")


def test_curl_lines_and_tests_of_the_policies_are_requests_too(page: Page) -> None:
    page.get_by_label("curl or HAR").check()
    page.locator("#pasted").fill(
        "curl 'https://watched.example/x' -H 'content-type: text/plain' --data-raw 'SO-00000001'"
    )
    expect(page.locator("#verdict")).to_contain_text("log")
    expect(page.locator("#verdict")).to_contain_text("would block were it enforced")
    page.locator("#pasted").fill("curl https://watched.example/x -d @/etc/hostname")
    expect(page.locator("#verdict")).to_contain_text("this page reads none")
    page.get_by_label("A test of the policies").check()
    expect(page.locator("#verdict")).to_contain_text("block")
    page.locator("#trace button").first.click()
    assert page.evaluate("document.activeElement.id") == "text"
