"""Rules that ask and rules that take out, with real clients; what arrived is asked of the origin."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.live.harness import Answer, Certificates, OriginThread, curl, running, wait_until
from tests.live.system import System, start_system

pytestmark = pytest.mark.live

CHROMIUM = "/usr/bin/chromium"
POLICY = """
format: dlp-policy/v1
policy: asking
owner: a@corp.example
detectors:
  phone: {pattern: '1[3-9]\\d{9}', sample: '138{n:8}', kind: phone}
  secret: {pattern: 'TOP-\\d{6}', sample: 'TOP-{n:6}', kind: secret}
rules:
  asks:
    severity: medium
    when: {to: [pan.baidu.example, transfer.example]}
    find: phone
    limits: [{at_least: 2, per: request}]
    action: coach
    coach: {ask: reason, choices: [A customer asked for it, Something else], remember: 1h, cannot_ask: block}
    message: {en: 'This holds {count} numbers.', zh: '含有 {count} 个号码。'}
  stops:
    severity: high
    when: {to: [pan.baidu.example]}
    find: secret
    action: block
    message: {en: 'Never.'}
  locked:
    severity: low
    when: {to: [another-drop.example], content: [multipart, archive]}
    action: coach
    message: {en: 'An archive?'}
  takes-out:
    severity: medium
    when: {to: [mail.qq.example]}
    find: phone
    action: redact
    redact: {replace_with: '[{what} removed]', cannot_redact: block}
    message: {en: 'Taken out.'}
tests:
  - {name: a, request: {from: a, to: 'https://pan.baidu.example/', body: '13800138000 13800138001'}, expect: {action: coach, rule: asks}}
  - {name: b, request: {from: a, to: 'https://pan.baidu.example/', body: 'TOP-123456'}, expect: {action: block, rule: stops}}
  - {name: c, request: {from: a, to: 'https://another-drop.example/', content: archive, body: 'a'}, expect: {action: coach, rule: locked}}
  - {name: d, request: {from: a, to: 'https://mail.qq.example/', body: '13800138000'}, expect: {action: redact, rule: takes-out}}
"""  # noqa: E501 - YAML in one line
TWO = b"13800138000 and 13900139000"
FORM = ("-H", "Accept: text/html", "-H", "Content-Type: text/plain")


@pytest.fixture(scope="module")
def asking(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, sites: OriginThread
) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("asking")
    (folder / "policies").mkdir()
    (folder / "policies" / "asking.yaml").write_text(POLICY)
    system = start_system(folder, certificates.ca, sites, folder / "policies")
    yield system
    system.stop()


@pytest.fixture
def proxy(asking: System, world: OriginThread) -> System:
    assert world.seen == []
    asking.start_afresh()
    return asking


def send(proxy: System, host: str, body: bytes, *words: str, path: str = "/in", sender: str = "") -> Answer:
    url = f"https://{host}.example{path}"
    return curl(proxy, url, "--interface", sender or proxy.sender, *words, "--data-binary", "@-", stdin=body)


def ticket(answer: Answer) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', answer.body.decode())
    assert found is not None, answer.body.decode()
    return unescape(found[1])


def reply(proxy: System, host: str, to: Answer, sender: str = "") -> int:
    fields = urlencode({"ticket": ticket(to), "choice": "Something else", "reason": "call 13700137000"}).encode()
    return send(proxy, host, fields, path="/.well-known/dlp-proxy/answer", sender=sender).code


def test_an_answer_lets_the_same_pass_and_nothing_else(proxy: System, world: OriginThread) -> None:
    asked = send(proxy, "pan.baidu", TWO, *FORM)
    assert (asked.code, b"This holds 2 numbers." in asked.body) == (403, True)
    assert reply(proxy, "pan.baidu", asked, sender=next(proxy.people)) == 403
    assert reply(proxy, "transfer", asked) == 403
    assert send(proxy, "pan.baidu", TWO, *FORM).code == 403
    assert reply(proxy, "pan.baidu", asked) == 200
    assert world.seen == []

    assert send(proxy, "pan.baidu", b"again: " + TWO, *FORM).code == 200
    assert send(proxy, "pan.baidu", TWO + b" 13600136000", *FORM).code == 403
    assert send(proxy, "pan.baidu", TWO + b" TOP-123456", *FORM).code == 403
    assert send(proxy, "pan.baidu", TWO, *FORM, sender=next(proxy.people)).code == 403
    assert send(proxy, "transfer", TWO, *FORM).code == 403
    assert [seen.body for seen in world.seen] == [b"again: " + TWO]

    events = [kept.event for kept in proxy.events()]
    (passed,) = [one for one in events if one.action == "log"]
    (reason,) = passed.body["reasons"]
    assert (reason["action"], reason["effective"], reason["settled"]) == ("coach", "log", "answered")
    assert reason["answer"]["by"] == passed.user
    assert reason["answer"]["reason"] == "Something else: call 1*********0"
    assert reason["answer"]["asked_in"] == asked.headers["x-dlp-proxy"]
    assert 0 <= passed.time - reason["answer"]["at"] < 60
    assert [one.action for one in events].count("block") == 1


def test_whoever_cannot_be_asked_is_stopped(proxy: System, world: OriginThread) -> None:
    answer = send(proxy, "pan.baidu", TWO, "-H", "Content-Type: application/json")
    assert (answer.code, answer.headers["content-type"]) == (403, "application/problem+json")
    script = send(proxy, "pan.baidu", TWO, *FORM, "-H", "Sec-Fetch-Mode: cors")
    assert json.loads(script.body)["type"] == "urn:dlp-proxy:blocked"
    assert [kept.event.body["reasons"][0]["settled"] for kept in proxy.events()] == ["cannot-ask"] * 2
    assert world.seen == []


@pytest.mark.parametrize("words", [(), ("-X", "GET"), ("-H", "Content-Type: application/grpc"), ("-X", "PUT")])
def test_our_own_path_never_reaches_a_site(proxy: System, world: OriginThread, words: tuple[str, ...]) -> None:
    for path in ("/.well-known/dlp-proxy/answer", "/.well-known/dlp-proxy/other?x=1"):
        answer = send(proxy, "transfer", b"x" * 100, *words, path=path)
        assert (answer.code, "x-dlp-proxy" in answer.headers) == (403, True)
    assert send(proxy, "transfer", b"x" * 3_000_000, *words, path="/.well-known/dlp-proxy/answer").code == 403
    assert world.seen == []


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_the_origin_sees_the_redacted_body(proxy: System, world: OriginThread, version: str) -> None:
    body = b'{"a": "call 13800138000", "n": 13900139000, "b": [1.50, "\\u8bf7"]}'
    for sent, words in ((body, ()), (gzip.compress(body), ("-H", "Content-Encoding: gzip"))):
        labels = (version, "-H", "Content-Type: application/json", "-H", "Content-MD5: x", *words)
        assert send(proxy, "mail.qq", sent, *labels).code == 200
    expected = b'{"a": "call [phone removed]", "n": "[phone removed]", "b": [1.50, "\\u8bf7"]}'
    assert [(seen.body, seen.complete) for seen in world.seen] == [(expected, True)] * 2
    for seen in world.seen:
        assert (seen.header("content-encoding"), seen.header("content-md5")) == ("", "")
        assert seen.header("content-length") in {"", str(len(expected))}
    assert wait_until(lambda: all(kept.outcome for kept in proxy.events()))
    for kept in proxy.events():
        assert (kept.event.action, kept.event.body["redaction"]) == (
            "redact",
            {"values": 2, "kinds": {"phone": 2}, "cannot": None},
        )
        assert kept.outcome is not None
        assert kept.outcome.released_bytes == len(expected)


def test_what_cannot_be_rewritten_does_not_leave(proxy: System, world: OriginThread, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"13800138000")
    answer = curl(proxy, "https://mail.qq.example/in", "--interface", proxy.sender, "-F", f"file=@{tmp_path / 'a.txt'}")
    assert (answer.code, world.seen) == (403, [])
    (kept,) = proxy.events()
    assert kept.event.body["reasons"][0]["settled"] == "cannot-redact"
    assert kept.event.action == "block"
    assert kept.event.body["redaction"]["cannot"]


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_a_large_table_is_redacted_as_well(proxy: System, world: OriginThread, version: str) -> None:
    """It is held in a file, and what goes on in its place is held in another, at the destination's pace."""
    numbers = (str(13_800_000_000 + 37 * number) for number in range(3600))
    rows = [f"{number},goods that nobody asks about,{'-' if number % 10 else 'PHONE'}" for number in range(36_000)]
    body = "\n".join(["id,title,phone", *rows, ""])
    sent = re.sub("PHONE", lambda _: next(numbers), body)
    assert len(sent) > 1_200_000
    assert send(proxy, "mail.qq", sent.encode(), version, "-H", "Content-Type: text/csv").code == 200
    (seen,) = world.seen
    assert (seen.complete, seen.body.decode()) == (True, body.replace("PHONE", "[phone removed]"))
    (kept,) = proxy.events()
    assert kept.event.body["redaction"] == {"values": 3600, "kinds": {"phone": 3600}, "cannot": None}
    assert wait_until(lambda: not list((proxy.state / "spool").iterdir()))


def test_what_is_too_long_to_be_rewritten_does_not_leave(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    """Bodies over 16 MiB are read in windows, and nobody holds one whole to rewrite it."""
    sent = b"goods that nobody asks about\n" * 600_000 + b"call 13800138000\n"
    assert len(sent) > 16 * 1024 * 1024
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "asking.yaml").write_text(POLICY)
    # Without its gate the time for a body of this length may not be enough.
    system = start_system(tmp_path / "one", certificates.ca, world, tmp_path / "policies", hyperscan=True)
    with running(system):
        assert wait_until(lambda: "policies taken up" in system.said(), 240), system.said()[-2000:]
        assert system.engines()[-1] == "hyperscan"
        system.start_afresh()
        assert send(system, "mail.qq", sent, "-H", "Content-Type: text/plain").code == 403
        (kept,) = system.events()
        assert kept.event.action == "block"
        assert kept.event.body["reasons"][0]["settled"] == "cannot-redact", str(kept.event.body["coverage"])
        assert kept.event.body["redaction"]["cannot"]
        assert world.seen == []


def test_chromium_shows_the_page_takes_the_reason_and_sends_again(
    proxy: System, world: OriginThread, tmp_path: Path
) -> None:
    (tmp_path / "numbers.txt").write_bytes(TWO)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", CHROMIUM), args=["--no-sandbox"], proxy={"server": proxy.url}
        )
        page = browser.new_context(ignore_https_errors=True, locale="zh-CN").new_page()
        assert upload(page, tmp_path / "numbers.txt") == 403
        assert page.locator("h1").inner_text() == "发送前请确认"
        assert "含有 2 个号码。" in page.content()
        assert page.evaluate("() => { try { return document.cookie } catch (e) { return e.name } }") == "SecurityError"
        page.click("#go-on")
        assert page.locator("#answer").count() == 1, "without a choice the browser sends nothing"
        page.check("input[value='A customer asked for it']")
        page.fill("#reason", "订单查询")
        with page.expect_navigation() as navigation:
            page.click("#go-on")
        assert navigation.value is not None
        assert (navigation.value.status, page.locator("h1").inner_text()) == (200, "谢谢，您的回答已记录")
        assert upload(page, tmp_path / "numbers.txt") == 200
        browser.close()
    posts = [seen for seen in world.seen if seen.method == "POST"]
    assert [(seen.target, TWO in seen.body) for seen in posts] == [("/upload", True)]
    answers = [kept.event.body["reasons"][0]["answer"] for kept in proxy.events() if kept.event.action == "log"]
    assert [one["reason"] for one in answers] == ["A customer asked for it: 订单查询"]


def test_a_browser_is_asked_once_about_an_archive_whatever_its_boundary(proxy: System, world: OriginThread) -> None:
    def form(boundary: str) -> tuple[bytes, tuple[str, ...]]:
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="a"; filename="a.gz"\r\n\r\n'.encode()
        body += gzip.compress(b"an archive", mtime=0) + f"\r\n--{boundary}--\r\n".encode()
        return body, ("-H", "Accept: text/html", "-H", f"Content-Type: multipart/form-data; boundary={boundary}")

    first, second = form("----WebKitFormBoundaryA1"), form("----WebKitFormBoundaryB2")
    asked = send(proxy, "another-drop", first[0], *first[1])
    assert reply(proxy, "another-drop", asked) == 200
    assert send(proxy, "another-drop", second[0], *second[1]).code == 200
    assert [seen.body for seen in world.seen] == [second[0]]


def upload(page: Page, file: Path) -> int:
    page.goto("https://pan.baidu.example/form")
    page.set_input_files("#file", file)
    with page.expect_navigation() as navigation:
        page.click("#send")
    assert navigation.value is not None
    return navigation.value.status
