from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.commands import POLICIES, ROOT
from tests.cli.commands import dlp_proxy_here as dlp_proxy

TEXT = "您好，订单 SO-20260115-004217 的收货电话 13800138000，地址：北京市朝阳区建国路88号"
SURE = "电话 13800138000"


def test_offsets_are_characters_of_the_given_text() -> None:
    done = dlp_proxy("detect", "--json", "--policies", POLICIES, stdin=TEXT)
    found = {one["kind"]: one for one in json.loads(done.out)["findings"]}
    assert done.code == 0
    assert set(found) == {"order-number", "phone", "address"}
    assert TEXT[found["order-number"]["start"] : found["order-number"]["end"]] == "SO-20260115-004217"
    assert TEXT[found["phone"]["start"] : found["phone"]["end"]] == "13800138000"
    assert TEXT[found["address"]["start"] : found["address"]["end"]].startswith("北京市")
    assert set(found["phone"]) == {"detector", "kind", "start", "end", "confidence", "masked"}
    assert "13800138000" not in done.out


def test_json_lines_answer_line_by_line() -> None:
    rows = [
        {"id": "a", "text": TEXT},
        {"id": 2, "text": "nothing"},
        {"id": None, "text": "call １３８００１３８０００"},
    ]
    done = dlp_proxy("detect", "--jsonl", "--policies", POLICIES, stdin="\n".join(map(json.dumps, rows)))
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, None]
    assert [len(answer["findings"]) for answer in answers] == [3, 0, 1]
    full_width = answers[2]["findings"][0]
    assert rows[2]["text"][full_width["start"] : full_width["end"]] == "１３８００１３８０００"  # type: ignore[index]


def test_without_a_policy_folder_the_built_in_detectors_are_used(tmp_path: Path) -> None:
    done = dlp_proxy("detect", "--json", stdin="电话 13800138000", cwd=tmp_path)
    assert [one["kind"] for one in json.loads(done.out)["findings"]] == ["phone"]


def test_a_bad_line_is_answered_with_its_number_and_the_rest_go_on() -> None:
    lines = [
        '{"id": 1, "text": "电话 13800138000"}',
        "",
        '{"id": 2}',
        "nonsense",
        "[" * 100_000,
        '{"id": 3, "text": "x"}',
    ]
    done = dlp_proxy("detect", "--jsonl", stdin="\n".join(lines))
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 2
    assert [(one.get("id"), one.get("line")) for one in answers] == [
        (1, None),
        (None, 3),
        (None, 4),
        (None, 5),
        (3, None),
    ]
    assert "must be an object" in answers[1]["error"]
    assert answers[2]["error"].startswith("not JSON")
    assert "line 4" in done.err


def test_bytes_that_are_no_text_are_a_bad_line() -> None:
    done = dlp_proxy("detect", "--jsonl", stdin=b'{"id": 1, "text": "\xff"}\n\xef\xbb\xbf{"id": 2, "text": "x"}')
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [one.get("line") for one in answers] == [1, None]
    assert done.code == 2


def test_half_a_surrogate_pair_is_answered() -> None:
    done = dlp_proxy("detect", "--jsonl", stdin='{"id": "\\ud800", "text": "\\ud800 电话 13800138000"}')
    answer = json.loads(done.out)
    assert (answer["id"], [one["start"] for one in answer["findings"]]) == ("\ud800", [5])
    assert done.code == 0


def test_lines_are_answered_before_more_are_read() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dlp_proxy.cli.main", "detect", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": TEXT}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(60) == 0


def test_thousands_of_lines_go_through_one_process() -> None:
    rows = "".join(
        json.dumps({"id": at, "text": f"row {at} of the table, total {at * 7}"}) + "\n" for at in range(5000)
    )
    done = dlp_proxy("detect", "--jsonl", stdin=rows)
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(5000))
    assert done.code == 0


def test_the_least_confidence_can_be_chosen() -> None:
    shown = {
        least: [
            one["confidence"]
            for one in json.loads(dlp_proxy("detect", "--json", "--confidence", least, stdin=SURE).out)["findings"]
        ]
        for least in ("low", "medium", "high")
    }
    assert shown["high"] == ["high"]
    assert set(shown["high"]) <= set(shown["medium"]) <= set(shown["low"])
    assert dlp_proxy("detect", "--confidence", "some", stdin=SURE).code == 2


def test_explain_says_why_and_what_was_dropped() -> None:
    text = f"{SURE} 身份证 110105194912310021"
    found = json.loads(dlp_proxy("detect", "--json", "--explain", stdin=text).out)
    why = {one["kind"]: one["why"] for one in found["findings"]}
    assert any("near" in reason for reason in why["phone"])
    (dropped,) = [one for one in found["dropped"] if one["kind"] == "id"]
    assert "gb11643" in dropped["reason"]
    assert "110105194912310021" not in json.dumps(found)
    as_text = dlp_proxy("detect", "--explain", stdin=text).out
    assert "dropped" in as_text
    assert "near phone" in as_text


def test_built_in_detectors_that_no_policy_is_like_run_too(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.yaml").write_text(
        "format: dlp-policy/v1\npolicy: own\nmode: monitor\ndetectors:\n  our-phone: {like: std/phone-cn}\n"
        "  badge: {pattern: 'B-\\d{6}', sample: 'B-{n:6}', examples: {match: [B-123456], no_match: [B-1]}}\n"
        "rules:\n  any: {severity: low, action: log, find: our-phone}\n"
    )
    text = "电话 13800138000，工牌 B-482913，bob@shop.example"
    found = json.loads(dlp_proxy("detect", "--json", stdin=text, cwd=tmp_path).out)["findings"]
    assert [one["detector"] for one in found] == ["our-phone", "badge", "std/email"]


def test_a_file_that_is_not_text_says_what_to_use(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\xff\xfe\x00")
    done = dlp_proxy("detect", tmp_path / "x.bin")
    assert done.code == 2
    assert "dlp-proxy scan" in done.err
