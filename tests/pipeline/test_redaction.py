"""Values are taken out exactly: every other byte stays, and what cannot be rewritten does not leave."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.load import load
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.windows.windows import Windows
from tests.pipeline.test_language import failures

TODAY = date(2026, 11, 23)
POLICY = """
format: dlp-policy/v1
policy: prompts
owner: a@corp.example
detectors:
  phone: {pattern: '1[3-9]\\d{9}', sample: '138{n:8}', kind: phone}
  order: {pattern: 'SO-\\d{8}', boundary: word, sample: 'SO-{n:8}', kind: order-number}
rules:
  no-numbers:
    severity: medium
    when: {to: [llm.example]}
    find: [phone, order]
    action: redact
    redact: {replace_with: '[{what} removed, ask "us"]', cannot_redact: block}
    message: {en: 'Taken out.'}
tests:
  - name: a number is taken out
    request: {from: mei@corp.example, to: 'https://llm.example/', body: 'call 13800138000'}
    expect: {action: redact, rule: no-numbers, body_contains: ['call [phone removed'], body_lacks: '13800138000'}
"""
GONE = '[phone removed, ask "us"]'


def engine(text: str = POLICY) -> Engine:
    loaded = load({"a.yaml": text}, TODAY)
    assert loaded.policy is not None, loaded.problems
    return Engine(loaded.policy, passing_fingerprint())


def send(body: bytes, label: str, *more: tuple[bytes, bytes], target: str = "/api", text: str = POLICY) -> Judgement:
    message = Message(
        "u1",
        datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp(),
        "http",
        Principal("mei", "declared", "strong"),
        Destination("https", "llm.example", 443),
        "POST",
        target,
        ((b"content-type", label.encode()), *more),
        body,
    )
    return examine(message, engine(text), Windows())


def redacted(body: bytes, label: str, *more: tuple[bytes, bytes]) -> tuple[bytes, Mapping[str, int]]:
    answer = send(body, label, *more)
    assert answer.redacted is not None
    assert answer.verdict.action is Action.REDACT, answer.redacted.why
    assert answer.redacted.body is not None
    return answer.redacted.body, answer.redacted.kinds


QUOTED = json.dumps(GONE)[1:-1]
CELL = GONE.replace('"', '""')
EXACT: dict[str, tuple[str, str, str]] = {
    "text": ("text/plain", "请回复 13800138000,\r\n及 13900139000 ☎", f"请回复 {GONE},\r\n及 {GONE} ☎"),
    "a longer number stays": ("text/plain", "13800138000 and 00138001380009", f"{GONE} and 00138001380009"),
    "json": (
        "application/json",
        '{ "a":"\\u8bf7 \\"13800138000\\" \\/ \\ud83d\\ude00","n" : 13900139000, "b":[1.50, true,null, "x"]}\n',
        f'{{ "a":"\\u8bf7 \\"{QUOTED}\\" \\/ \\ud83d\\ude00","n" : "{QUOTED}", "b":[1.50, true,null, "x"]}}\n',
    ),
    "json with an escaped digit": ("application/json", '{"a":"1380013800\\u0030"}', f'{{"a":"{QUOTED}"}}'),
    "lines of json": (
        "application/x-ndjson",
        '{"a":"13800138000"}\n{"a": 13900139000}\n',
        f'{{"a":"{QUOTED}"}}\n{{"a": "{QUOTED}"}}\n',
    ),
    "json in json": (
        "application/json",
        json.dumps({"m": json.dumps({"tel": 13800138000, "k": "v"})}),
        json.dumps({"m": json.dumps({"tel": GONE, "k": "v"})}),
    ),
    "form": (
        "application/x-www-form-urlencoded",
        "q=call+13800138000%21&e=&t=%E8%AF%B7+1390013900%30",
        "q=call+%5Bphone+removed%2C+ask+%22us%22%5D%21&e=&t=%E8%AF%B7+%5Bphone+removed%2C+ask+%22us%22%5D",
    ),
    "csv": (
        "text/csv",
        'name,phone,note\r\nli,13800138000,"a ""b"", 13900139000"\r\nwu,,x\r\n',
        f'name,phone,note\r\nli,"{CELL}","a ""b"", {CELL}"\r\nwu,,x\r\n',
    ),
}


@pytest.mark.parametrize("case", EXACT)
def test_every_other_byte_stays(case: str) -> None:
    label, before, after = EXACT[case]
    body, kinds = redacted(before.encode(), label)
    assert body.decode() == after
    assert kinds["phone"] == after.count("phone") - before.count("phone")


@pytest.mark.parametrize("charset", ["gb18030", "utf-16", "utf-8-sig"])
def test_the_charset_stays(charset: str) -> None:
    text = "这是我们的客户，请您尽快回复他的电话 {} 谢谢大家，他在等我们的回答。"
    body, _ = redacted(text.format("13800138000").encode(charset), "text/plain")
    assert body == text.format(GONE).encode(charset)


def test_a_compressed_body_goes_on_plain() -> None:
    body, kinds = redacted(gzip.compress(b"call 13800138000 SO-12345678"), "text/plain", (b"Content-Encoding", b"gzip"))
    assert body == f'call {GONE} [order-number removed, ask "us"]'.encode()
    assert kinds == {"phone": 1, "order-number": 1}


MULTIPART = b'--xxxxxxxx\r\nContent-Disposition: form-data; name="a"\r\n\r\n13800138000\r\n--xxxxxxxx--\r\n'
NOT_EXACT: dict[str, tuple[bytes, str, dict[str, Any]]] = {
    "multipart": (MULTIPART, "multipart/form-data; boundary=xxxxxxxx", {}),
    "gzip file": (gzip.compress(b"13800138000"), "application/gzip", {}),
    "name of a field": (b'{"13800138000": 1}', "application/json", {}),
    "query": (b"13800138000", "text/plain", {"target": "/api?q=13900139000"}),
    "base64": (b"see MTM4MDAxMzgwMDAgMTM5MDAxMzkwMDAgMTM4MDAxMzgwMDE=", "text/plain", {}),
    "broken json": (b'{"a": "13800138000", ', "application/json", {}),
    "html": (b"<html><body><p>13800138000</p></body></html>", "text/html", {}),
}


@pytest.mark.parametrize("case", NOT_EXACT)
def test_what_cannot_be_rewritten_exactly_does_what_the_rule_says(case: str) -> None:
    body, label, more = NOT_EXACT[case]
    for says, action in (("block", Action.BLOCK), ("log", Action.LOG)):
        text = POLICY.replace("cannot_redact: block", f"cannot_redact: {says}")
        answer = send(body, label, text=text, **more)
        assert answer.verdict.action is action
        assert answer.verdict.reasons[0].settled == "cannot-redact"
        assert answer.redacted is not None
        assert answer.redacted.body is None
        assert answer.redacted.why


def test_a_rule_that_asks_for_a_size_is_not_satisfied_by_a_smaller_body() -> None:
    """The number in Base64 stays, and the rule would no longer speak of so small a body."""
    body = b"13800138000 13800138000 13800138000 \\u0031\\u0033800138000 see MTM4MDAxMzgwMDAgMTM4MDAxMzgwMDA= "
    text = POLICY.replace("[llm.example]}", "[llm.example], size: {at_least: 90B}}").replace(
        "[{what} removed, ask", "["
    )
    text = text.replace("call 13800138000", "call 13800138000" + " and so on" * 9)
    answer = send(body, "text/plain", text=text.replace("['call [phone removed']", "['call']"))
    assert answer.verdict.action is Action.BLOCK, answer.redacted


def test_of_a_body_that_was_not_looked_at_whole_that_is_why() -> None:
    answer = send(gzip.compress(b"call 13800138000 " * 20)[:-9], "text/plain", (b"Content-Encoding", b"gzip"))
    assert answer.inspection.gaps
    assert answer.verdict.action is Action.BLOCK
    assert answer.redacted is not None
    assert answer.redacted.why == "not all of it was looked at"


def test_a_signed_body_is_not_rewritten() -> None:
    answer = send(b"13800138000", "text/plain", (b"X-Amz-Content-SHA256", b"abc"))
    assert answer.verdict.action is Action.BLOCK


def test_a_rule_that_only_watches_takes_nothing_out() -> None:
    answer = send(
        b"13800138000", "text/plain", text=POLICY.replace("severity: medium", "severity: medium\n    mode: monitor")
    )
    assert (answer.verdict.action, answer.redacted) == (Action.LOG, None)


def test_what_is_taken_out_never_shows_itself() -> None:
    answer = send(b"secret 13800138000", "text/plain")
    assert "secret" not in repr(answer.redacted)


def test_tests_in_policies_ask_what_the_redacted_body_holds() -> None:
    assert failures(POLICY) == []
    wrong = POLICY.replace("body_lacks: '13800138000'", "body_lacks: 'call'").replace("['call [", "['phone [")
    (said,) = failures(wrong)
    assert "body_contains: `phone [phone removed` is not in the redacted body" in said
    assert "body_lacks: `call` is in the redacted body" in said
    archive = POLICY.replace("body: 'call", "content: archive, body: 'call").replace("action: redact, rule", "rule")
    (said,) = failures(archive)
    assert "expected a redacted body, there is none: the body is no text" in said
