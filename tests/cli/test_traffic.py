"""Recorded traffic, from flow files of mitmproxy and from HAR: who sent it, what became of it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.io import FlowWriter
from mitmproxy.test.tflow import tflow, ttcpflow, twebsocketflow
from wsproto.frame_protocol import Opcode

from dlp_proxy.proxy.flow_file import FlowFile
from tests.cli.commands import dlp_proxy_here
from tests.cli.small_policy import SMALL

NOW = datetime.now(UTC).timestamp()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The small policy, and one whose limits are lower but which leaves drop.example alone."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    (old / "small.yaml").write_text(SMALL)
    changed = SMALL.replace("at_least: 3", "at_least: 2").replace("[corp.example]", "[corp.example, drop.example]")
    changed = changed.replace("https://drop.example/x/y", "https://other.example/x/y")
    (new / "small.yaml").write_text(changed)
    return old, new


def flow_file(path: Path, *sent: tuple[str, str, str, float]) -> Path:
    """Write flows of (user, address, body, seconds since the epoch)."""
    file = io.BytesIO()
    writer = FlowWriter(file)  # type: ignore[no-untyped-call]
    for user, url, body, when in sent:
        flow = tflow(req=http.Request.make("POST", url, body, [(b"content-type", b"text/plain")]))
        flow.request.timestamp_start = flow.request.timestamp_end = when
        if user:
            flow.metadata["proxyauth"] = (user, "secret")
        writer.add(flow)
    path.write_bytes(file.getvalue())
    return path


def orders(*numbers: int) -> str:
    return " ".join(f"SO-{number:08}" for number in numbers)


def test_a_flow_file_gives_who_what_and_when() -> None:
    file = io.BytesIO()
    writer = FlowWriter(file)  # type: ignore[no-untyped-call]
    flow = tflow(req=http.Request.make("PUT", "https://drop.example:8443/a?b=%E8", b"\x00body"))
    flow.request.timestamp_start = flow.request.timestamp_end = 1_700_000_000.5
    flow.metadata["proxyauth"] = ("li.na", "secret")
    writer.add(flow)
    streamed = tflow()
    streamed.request.data.content = None
    writer.add(streamed)
    talk = twebsocketflow()
    assert talk.websocket is not None
    talk.websocket.messages[0].content = b"typed"
    assert talk.websocket.messages[0].type == Opcode.BINARY
    writer.add(talk)
    writer.add(ttcpflow())
    whole = FlowFile(file.getvalue(), "", "someone")
    held = list(whole.held())
    read = [whole.message(one) for one in held]
    assert [(one.uid, one.time) for one in held] == [(one.uid, one.time) for one in read]
    first = read[0]
    assert (first.principal.user, first.principal.address) == ("li.na", "127.0.0.1")
    assert (first.destination.site, first.target, first.method) == ("drop.example:8443", "/a?b=%E8", "PUT")
    assert (first.body, first.time) == (b"\x00body", 1_700_000_000.5)
    assert [gap.reason for gap in read[1].gaps] == ["too-large"]
    assert [(one.channel, one.body) for one in read[3:]] == [
        ("websocket", b"typed"), ("websocket", b"hello text"), ("tcp", b"hello"),
    ]  # fmt: skip
    assert len({one.uid for one in read}) == len(read)
    with pytest.raises(ValueError, match="Invalid data format"):
        list(FlowFile(file.getvalue()[:-20], "", "someone").held())


def test_backtest_tells_whose_requests_where_would_end_otherwise(folders: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = folders
    flows = flow_file(
        tmp_path / "monday.flow",
        ("b", "https://drop.example/x", orders(3, 4, 5), NOW - 50),
        ("a", "https://other.example/x", orders(1, 2), NOW - 60),
        ("c", "https://other.example/x", orders(6, 7, 8), NOW - 40),
        ("d", "https://other.example/x", orders(1), NOW - 90_000),
    )
    words = ("policy", "backtest", old, new, "--traffic", flows)
    done = dlp_proxy_here(*words, "--since", "1d")
    assert done.code == 3
    assert [" ".join(line.split()) for line in done.out.splitlines()] == [
        "on 3 requests of a, b, c to 2 sites:",
        "newly blocked 1 with 2 customers (a to other.example)",
        "counted -> block by orders-out: a POST other.example/x",
        "newly allowed 1 with 3 customers (b to drop.example)",
        "block -> allow by orders-out: b POST drop.example/x",
        "unchanged 1 (c to other.example)",
        "by rule:",
        "orders-out counted 1 -> 0, block 2 (a, b to drop.example, other.example)",
    ]
    said = json.loads(dlp_proxy_here(*words, "--format", "json").out)
    assert said["fates"] == {
        "newly blocked": 1, "newly allowed": 1, "other action": 0, "other rule": 0, "unchanged": 2,
        "undecidable": 0,
    }  # fmt: skip
    assert said["rules"]["orders-out"]["people"] == ["a", "b", "c", "d"]
    assert [(one["user"], one["old"], one["new"]) for one in said["changed"]] == [
        ("a", "counted", "block"),
        ("b", "block", "allow"),
    ]
    assert "People do otherwise after a block" in done.err
    assert dlp_proxy_here(*words, "--fail-if", "newly-allowed").code == 3
    assert dlp_proxy_here(*words, "--fail-if", "newly-allowed>0").code == 3
    assert dlp_proxy_here(*words, "--fail-if", "newly-allowed>1").code == 0
    assert dlp_proxy_here(*words, "--fail-if", "other-rule").code == 0
    assert dlp_proxy_here(*words, "--fail-if", "never").code == 0
    assert dlp_proxy_here("policy", "backtest", old, old, "--traffic", flows).code == 0
    assert dlp_proxy_here(*words, "--since", "1 day").code == 2


def test_a_mode_that_only_watches_is_compared_as_if_it_were_enforced(tmp_path: Path) -> None:
    watch, strict = tmp_path / "watch", tmp_path / "strict"
    tested = (
        SMALL
        + """  - name: one is watched
    request: {from: a@corp.example, to: 'https://watched.example/x', make: {record: order, rows: 1}}
    expect: {rule: watched}
"""
    )
    for folder, text in ((watch, tested), (strict, tested.replace("mode: monitor", "mode: enforce"))):
        folder.mkdir()
        (folder / "small.yaml").write_text(text)
    flows = flow_file(tmp_path / "a.flow", ("a", "https://watched.example/x", orders(1), NOW))
    done = dlp_proxy_here("policy", "backtest", watch, strict, "--traffic", flows)
    assert "log -> block by watched" in done.out
    assert dlp_proxy_here("policy", "backtest", watch, strict, "--traffic", flows, "--as-enforced").code == 0


def test_diff_shows_what_its_changes_do_to_traffic(folders: tuple[Path, Path], tmp_path: Path) -> None:
    har = tmp_path / "monday.har"
    request = {"method": "POST", "url": "https://other.example/x", "postData": {"text": orders(1, 2)}}
    entry = {"request": request, "_user": "li.na", "startedDateTime": "2026-11-23T09:00:00+08:00"}
    har.write_text(json.dumps({"log": {"entries": [entry]}}))
    done = dlp_proxy_here("policy", "diff", *folders, "--traffic", har)
    assert done.code == 3
    assert "our-own hosts" in done.out
    assert "counted -> block by orders-out: li.na POST other.example/x" in done.out
    said = json.loads(dlp_proxy_here("policy", "diff", *folders, "--traffic", har, "--format", "json").out)
    assert said["traffic"]["fates"]["newly blocked"] == 1
    assert "traffic" not in json.loads(dlp_proxy_here("policy", "diff", *folders, "--format", "json").out)


def test_explain_reads_flow_files_and_says_what_is_none(folders: tuple[Path, Path], tmp_path: Path) -> None:
    flows = flow_file(tmp_path / "a.flow", ("", "https://other.example/x", orders(1, 2, 3), NOW))
    done = dlp_proxy_here("policy", "explain", flows, "--policies", folders[0])
    assert "from 127.0.0.1" in done.out
    assert "limit 1: 3 of 3 in this request -> REACHED: block" in done.out
    flows.write_bytes(b"GIF89a")
    done = dlp_proxy_here("policy", "explain", flows, "--policies", folders[0])
    assert done.code == 2
    assert "is no HAR and no flow file of mitmproxy" in done.err


def test_replay_judges_files_with_any_number_of_processes(folders: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = folders
    sent = [
        (f"{'abc'[number % 3]}@x", "https://other.example/x", orders(number % 7 + 1, number % 5 + 20), NOW + number)
        for number in range(24)
    ]
    flows = flow_file(tmp_path / "a.flow", *sent)
    words = ("replay", flows, "--policies", new, "--base", old, "--state", tmp_path / "none", "--json")
    one, four = (json.loads(dlp_proxy_here(*words, "--workers", count).out) for count in ("1", "4"))
    assert one == four
    backtest = json.loads(dlp_proxy_here("policy", "backtest", old, new, "--traffic", flows, "--format", "json").out)
    assert {name: count["transfers"] for name, count in one["fates"].items()} == {
        name: count for name, count in backtest["fates"].items() if count
    }
    assert one["fates"]["newly blocked"]["customers"] == backtest["customers"]["newly blocked"] > 0


def test_a_body_that_was_not_recorded_is_undecidable(folders: tuple[Path, Path], tmp_path: Path) -> None:
    file = io.BytesIO()
    flow = tflow(req=http.Request.make("POST", "https://other.example/x"))
    flow.request.data.content = None
    FlowWriter(file).add(flow)  # type: ignore[no-untyped-call]
    (tmp_path / "a.flow").write_bytes(file.getvalue())
    words = ("policy", "backtest", *folders, "--traffic", tmp_path / "a.flow", "--format", "json")
    assert json.loads(dlp_proxy_here(*words).out)["fates"]["undecidable"] == 1
