"""An opened request as HAR: what it was, without what would let a reader act as the person."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.reporting import har as room
from dlp_proxy.reporting.har import har
from dlp_proxy.sealing.identity import write_identity
from dlp_proxy.stores.ports import StoreError
from tests.cli.commands import dlp_proxy_here
from tests.reporting.store import CANARY, Told, uid

HEAD: dict[str, Any] = {
    "event": "01X", "time": 1_763_900_745.25, "scheme": "https", "site": "pan.example", "method": "POST",
    "target": "/up?name=a%20b&access_token=t0p&empty=", "http_version": "HTTP/1.1",
    "headers": [["Content-Type", "text/csv"], ["Cookie", "s=1"], ["X-CSRF-Token", "x"], ["X-Api-Key", "k"],
        ["A", "<b>"]],
    "body": {"bytes": 7, "kept": [[0, 7]], "why_not_whole": None},
}  # fmt: skip


def entry(content: bytes, **changes: Any) -> dict[str, Any]:
    (found,) = json.loads(har({**HEAD, **changes}, [content]))["log"]["entries"]
    assert isinstance(found, dict)
    return found


def test_secrets_are_left_out_and_the_rest_is_there() -> None:
    request = entry("电话\n".encode())["request"]
    assert request["url"] == "https://pan.example/up?name=a+b&access_token=%28left+out%29&empty="
    assert [one["value"] for one in request["headers"]] == ["text/csv", *["(left out)"] * 3, "<b>"]
    assert [one["value"] for one in request["queryString"]] == ["a b", "(left out)", ""]
    assert request["postData"] == {"mimeType": "text/csv", "params": [], "text": "电话\n"}
    assert request["cookies"] == []


def test_no_address_in_a_header_keeps_a_secret() -> None:
    came_from = [
        ["Referer", "https://pan.example/list?page=2&session_token=t0p#top"],
        ["Destination", "http://[x/?sid=1"],
    ]
    request = entry(b"", headers=came_from)["request"]
    assert [one["value"] for one in request["headers"]] == [
        "https://pan.example/list?page=2&session_token=%28left+out%29#top",
        "(left out)",
    ]


def test_what_is_no_text_stands_in_base64_and_what_is_not_whole_says_so() -> None:
    found = entry(b"\xff\x00", body={"bytes": 9, "kept": [[0, 2]], "why_not_whole": "too long"})
    assert base64.b64decode(found["request"]["postData"]["text"]) == b"\xff\x00"
    assert found["request"]["postData"]["encoding"] == "base64"
    assert found["comment"] == "event 01X; the answer is not kept; NOT WHOLE: too long"


def test_a_body_too_large_for_one_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST", 1)
    with pytest.raises(StoreError, match="without --har"):
        har(HEAD, [b"x", b"x"])


def test_evidence_that_was_granted_is_opened_as_har(told: Told, tmp_path: Path) -> None:
    for name in ("li", "dpo"):
        write_identity(tmp_path / f"{name}.key", told.world.identities[name])

    def reveal(*words: str | Path) -> str:
        done = dlp_proxy_here("reveal", *words, "--state", told.state.path)
        assert (done.code, done.err) == (0, "")
        return done.out

    asked = reveal("request", uid(2), "--reason", "case-1", "--identity", tmp_path / "li.key").split()[1].rstrip(":")
    reveal("approve", asked, "--identity", tmp_path / "dpo.key")
    reveal("open", asked, "--identity", tmp_path / "li.key", "--out", tmp_path / "o.har", "--har")
    text = (tmp_path / "o.har").read_text(encoding="utf-8")
    assert CANARY in json.loads(text)["log"]["entries"][0]["request"]["postData"]["text"]
    assert "secret-cookie" not in text
    shutil.rmtree(told.state.reveals)
    assert dlp_proxy_here("reveal", "open", asked, "--identity", tmp_path / "li.key", "--har").code == 2
