from __future__ import annotations

import json
from pathlib import Path

from tests.cli.commands import POLICIES, dlp_proxy

TEXT = "您好，订单 SO-20260115-004217 的收货电话 13800138000，地址：北京市朝阳区建国路88号"


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
        {"id": None, "text": "full width １３８００１３８０００"},
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


def test_a_broken_line_says_which() -> None:
    done = dlp_proxy("detect", "--jsonl", stdin='{"id": 1, "text": "x"}\n{"id": 2}\n')
    assert done.code == 2
    assert "line 2" in done.err


def test_a_file_that_is_not_text_says_what_to_use(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\xff\xfe\x00")
    done = dlp_proxy("detect", tmp_path / "x.bin")
    assert done.code == 2
    assert "dlp-proxy scan" in done.err
