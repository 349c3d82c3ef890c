from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import pytest

from dlp_proxy.detect.detector import DetectorSpec
from dlp_proxy.model.message import Message
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.verdict import Action, Reason, Verdict
from dlp_proxy.policy.casework import messages_of, run_cases
from dlp_proxy.policy.made import make_body, make_rows, zipped

HEAD = """\
format: dlp-policy/v1
policy: p
mode: monitor
detectors:
  order: {pattern: 'SO-\\d{8}', sample: 'SO-{n:8}', examples: {match: [SO-00000001]}}
  phone: {pattern: '1\\d{10}', sample: '138{n:8}', examples: {match: ['13800138000']}}
records:
  customer-order: {has: order, has_some: {of: [phone]}, identify_by: order}
rules:
  bulk: {severity: high, find: customer-order, action: log, message: {en: 'Stopped {count}.', zh: 已阻止}}
tests:
"""


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    redacted: Redacted | None = None


def policy_of(world: Any, tests: str, fixtures: dict[str, bytes] | None = None) -> Any:
    loaded = world.load(HEAD + tests, fixtures=fixtures)
    assert loaded.policy is not None, loaded.problems
    return loaded.policy


def messages(world: Any, tests: str, fixtures: dict[str, bytes] | None = None) -> list[Message]:
    policy = policy_of(world, tests, fixtures)
    return [message for _, message, _ in messages_of(policy, policy.tests[0])]


def one(request: str) -> str:
    return f"  - {{name: t, request: {{{request}}}, expect: {{action: allow}}}}\n"


def test_a_request_becomes_a_message(world: Any) -> None:
    (message,) = messages(
        world, one("from: a@b, to: 'https://X.example:8443/up?q=1', body: hello, filename: 'a\"b.txt'")
    )
    assert message.uid == "test-1"
    assert (message.principal.user, message.principal.method) == ("a@b", "declared")
    assert (message.destination.host, message.destination.port, message.target) == ("x.example", 8443, "/up?q=1")
    assert (message.method, message.channel, message.body) == ("POST", "http", b"hello")
    assert message.header("content-type") == "text/plain; charset=utf-8"
    assert message.header("content-disposition") == 'attachment; filename="a\\"b.txt"'


def test_a_websocket_address_makes_a_websocket_message(world: Any) -> None:
    (message,) = messages(world, one("from: a, to: 'wss://chat.example', body: hello"))
    assert (message.channel, message.destination.port, message.target) == ("websocket", 443, "/")


def test_a_fixture_is_sent_as_it_is(world: Any) -> None:
    (message,) = messages(
        world, one("from: a, to: 'https://x.example', body_file: fixtures/f.bin"), {"fixtures/f.bin": b"\0\1"}
    )
    assert message.body == b"\0\1"


def test_unreadable_is_a_gap_of_the_message(world: Any) -> None:
    (message,) = messages(world, one("from: a, to: 'https://x.example', unreadable: encrypted"))
    assert [gap.reason for gap in message.gaps] == ["encrypted"]


def test_an_archive_is_a_real_zip_of_what_was_made(world: Any) -> None:
    request = (
        "from: a, to: 'https://x.example', content: archive, filename: o.csv, make: {record: customer-order, rows: 2}"
    )
    (message,) = messages(world, one(request))
    with zipfile.ZipFile(BytesIO(message.body)) as archive:
        assert archive.read("o.csv").decode().splitlines() == [
            "order,phone",
            "SO-00000001,13800000001",
            "SO-00000002,13800000002",
        ]


def test_the_clock_is_virtual_and_repeats_make_new_records(world: Any) -> None:
    steps = """\
  - name: t
    steps:
      - repeat: 3
        every: 10m
        request: {from: a, to: 'https://x.example', make: {record: customer-order, rows: 2, as: json}}
      - {request: {from: a, to: 'https://x.example'}}
      - {at: 2d, request: {from: a, to: 'https://x.example'}, expect: {action: allow}}
"""
    found = messages(world, steps)
    assert [message.time - found[0].time for message in found] == [0, 600, 1200, 1201, 172800]
    orders = [row["order"] for message in found[:3] for row in json.loads(message.body)]
    assert orders == [f"SO-{n:08}" for n in range(1, 7)]
    assert [message.uid for message in found] == [f"test-{n}" for n in range(1, 6)]


def verdict(action: Action, **changes: Any) -> Verdict:
    fields: dict[str, Any] = {
        "policy": "p", "rule": "bulk", "action": action, "effective": action, "severity": "high", "mode": "enforce",
        "count": 60, "what": {"customer-order": 60}, "totals": {"50 in this request": 60},
        "message": {"en": "Stopped {count}.", "zh": "已阻止"},
    }  # fmt: skip
    return Verdict(action, action, (Reason(**(fields | changes)),))


def run(world: Any, expect: str, answer: Verdict) -> tuple[Any, int]:
    resets: list[int] = []
    policy = policy_of(world, f"  - {{name: t, request: {{from: a, to: 'https://x.example'}}, expect: {{{expect}}}}}\n")
    (result,) = run_cases(policy, lambda _: Answer(answer), lambda: resets.append(1))
    return result, len(resets)


@pytest.mark.parametrize(
    "expect",
    ["action: block", "rule: bulk", "count: 60", "action: block, rule: bulk, count: 60", "message_contains: Stopped 60",
     "message_contains: 已阻止"],
)  # fmt: skip
def test_what_is_as_expected_passes(world: Any, expect: str) -> None:
    result, resets = run(world, expect, verdict(Action.BLOCK))
    assert (result.passed, result.text, result.messages, resets) == (True, "", 1, 1)


def test_a_failing_test_says_where_what_and_why(world: Any) -> None:
    result, _ = run(world, "action: coach, count: 50", verdict(Action.BLOCK, exception="partner"))
    assert (result.path, result.line) == ("policies/0.yaml", 12)
    assert result.text == (
        "     step 1  action: expected coach, got block\n"
        "     step 1  count: expected 50, got 60\n"
        "     bulk (policies/0.yaml:10) block, exception partner: 60 customer-order; 60 of 50 in this request"
    )


@pytest.mark.parametrize(
    ("expect", "answer", "line"),
    [
        ("rule: bulk", Verdict(Action.ALLOW, Action.ALLOW), "rule: expected bulk, got none"),
        ("count: 1", Verdict(Action.ALLOW, Action.ALLOW), "count: expected 1, got 0"),
        ("rule: bulk", verdict(Action.BLOCK, rule="other"), "rule: expected bulk, got other"),
        ("message_contains: nothing", verdict(Action.BLOCK), "message_contains: no message of bulk holds `nothing`"),
    ],
)
def test_each_kind_of_difference_is_told(world: Any, expect: str, answer: Verdict, line: str) -> None:
    result, _ = run(world, expect, answer)
    assert result.failures[0] == f"step 1  {line}"


def test_a_rule_that_was_weaker_than_the_answer_did_not_give_it(world: Any) -> None:
    weak = verdict(Action.LOG).reasons
    strong = verdict(Action.BLOCK, rule="other").reasons
    result, _ = run(world, "rule: bulk", Verdict(Action.BLOCK, Action.BLOCK, (*strong, *weak)))
    assert not result.passed


def test_windows_are_fresh_for_each_test(world: Any) -> None:
    calls: list[str] = []
    policy = policy_of(world, one("from: a, to: 'https://x.example'") * 2)

    def examine(message: Message) -> Answer:
        calls.append(message.uid)
        return Answer(Verdict(Action.ALLOW, Action.ALLOW))

    results = run_cases(policy, examine, lambda: calls.append("reset"))
    assert calls == ["reset", "test-1", "reset", "test-1"]
    assert [result.passed for result in results] == [True, True]


RECORD = RecordSpec("r", ("order",), ("phone",), 1, ("row",), 300, ("order",))
SPECS = {
    "order": DetectorSpec("order", "order", sample="SO-{n:4}"),
    "phone": DetectorSpec("phone", "phone", sample="138{n:8}"),
}


def test_a_start_goes_on_where_earlier_rows_ended() -> None:
    assert make_rows(RECORD, SPECS, 4) == make_rows(RECORD, SPECS, 2) + make_rows(RECORD, SPECS, 2, start=2)


def test_each_layout_holds_the_same_values() -> None:
    assert make_body(RECORD, SPECS, 1).body == b"order,phone\r\nSO-0001,13800000001\r\n"
    assert json.loads(make_body(RECORD, SPECS, 1, "json").body) == [{"order": "SO-0001", "phone": "13800000001"}]
    assert parse_qs(make_body(RECORD, SPECS, 1, "form").body.decode()) == {
        "order": ["SO-0001"],
        "phone": ["13800000001"],
    }
    assert make_body(RECORD, SPECS, 2, "text").body.decode() == (
        "order: SO-0001\nphone: 13800000001\n\norder: SO-0002\nphone: 13800000002\n"
    )


def test_a_detector_without_a_sample_cannot_make_records(world: Any) -> None:
    with pytest.raises(ValueError, match="`phone` has no `sample`"):
        make_rows(RECORD, SPECS | {"phone": DetectorSpec("phone", "phone")}, 1)


def test_a_zip_is_the_same_bytes_each_time() -> None:
    assert zipped("a", b"x") == zipped("a", b"x")
