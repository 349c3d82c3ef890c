"""What a running proxy stops is sealed, and comes back byte by byte to two people together, and to nobody else."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, as_json, orders
from dlp_proxy.stores.state_dir import StateDir
from tests.cli.commands import Done, dlp_proxy_here
from tests.live.harness import Certificates, OriginThread, curl, wait_until
from tests.live.system import System, start_system
from tests.live.test_leak import PHONE, spellings

pytestmark = pytest.mark.live

PAN = "https://pan.baidu.example/u"
DROP = "https://transfer.example/u"


def staff(state: Path, folder: Path) -> None:
    """Make a key for each role; the private halves go to `folder`."""
    for role, name in (("investigator", "li"), ("approver", "dpo")):
        done = run(state, "keys", "init", "--role", role, "--name", name, "--out", folder / f"{name}.key")
        assert done.code == 0, done.err


def run(state: Path, *words: str | Path) -> Done:
    return dlp_proxy_here(*words, "--state", state)


def opened(state: Path, keys: Path, event: str) -> bytes:
    """Have li ask, dpo grant and li open; return the body."""
    asked = run(state, "reveal", "request", event, "--reason", "test", "--identity", keys / "li.key", "--json")
    assert asked.code == 0, asked.err
    uid = json.loads(asked.out)["request"]
    assert run(state, "reveal", "approve", uid, "--identity", keys / "dpo.key").code == 0
    out = keys / f"body-{uid}"
    done = run(state, "reveal", "open", uid, "--identity", keys / "li.key", "--out", out)
    assert done.code == 0, done.err
    return out.read_bytes()


def evidence_of(system: System, event: str) -> dict[str, object] | None:
    (kept,) = [one for one in system.events() if one.event.uid == event]
    found: dict[str, object] | None = kept.event.body["evidence"]
    return found


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def sealing(
    tmp_path_factory: pytest.TempPathFactory, keys: Path, certificates: Certificates, sites: OriginThread
) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("sealing")
    StateDir(folder / "state").make()
    staff(folder / "state", keys)
    system = start_system(folder, certificates.ca, sites, evidence_body_bytes=4_000_000)
    yield system
    system.stop()


@pytest.fixture
def proxy(sealing: System, world: OriginThread) -> System:
    sealing.start_afresh()
    return sealing


def send(system: System, url: str, body: bytes, *words: str) -> tuple[int, str]:
    answer = curl(system, url, "--interface", system.sender, "--data-binary", "@-", *words, stdin=body)
    return answer.code, answer.headers.get("x-dlp-proxy", "")


def test_a_blocked_upload_comes_back_byte_by_byte(proxy: System, keys: Path, world: OriginThread) -> None:
    """Small, compressed, and larger than what is held in memory."""
    csv = as_csv(orders(60, seed=5))
    for body, words in (
        (csv, ()),
        (gzip.compress(csv), ("--header", "Content-Encoding: gzip")),
        (csv + b"\n" + b"x" * 2_000_000, ()),
    ):
        code, event = send(proxy, PAN, body, *words)
        assert (code, world.seen) == (403, [])
        assert opened(proxy.state, keys, event) == body
    assert run(proxy.state, "evidence", "verify").code == 0
    assert 'dlp_proxy_evidence_total{result="sealed"} 3.0' in proxy.ask("/metrics")
    assert proxy.ask("/readyz")["evidence"] == "sealed to 1 investigators and 1 approvers"


def test_of_a_body_over_the_limit_both_ends_come_back(proxy: System, keys: Path) -> None:
    csv = as_csv(orders(60, seed=6))
    body = csv + b"\n" + b"y" * 6_000_000
    _, event = send(proxy, PAN, body)
    assert opened(proxy.state, keys, event) == body[:2_000_000] + body[-2_000_000:]
    found = evidence_of(proxy, event)
    assert found is not None
    assert (found["kept"], found["body_bytes"]) == ("ends", 4_000_000)


def test_what_trips_a_window_is_sealed_and_what_stays_under_it_is_not(proxy: System, keys: Path) -> None:
    """Of the drip only the request that was stopped is kept; the total is the one it would be without sealing."""
    slow = orders(204, seed=78)
    bodies = [as_json(slow[start : start + 4]) for start in range(0, 204, 4)]
    answers = [send(proxy, DROP, body, "--header", "Content-Type: application/json") for body in bodies]
    assert [code for code, _ in answers].index(403) == 49
    stopped = [kept for kept in proxy.events() if kept.event.action == "block"]
    assert [kept.event.uid for kept in stopped] == [event for code, event in answers if code == 403]
    assert stopped[0].event.records == 200
    assert opened(proxy.state, keys, stopped[0].event.uid) == bodies[49]
    others = [kept.event.body["evidence"] for kept in proxy.events() if kept.event.action == "counted"]
    assert len(others) > 10
    assert set(map(str, others)) == {"None"}


def test_a_customer_and_a_password_are_nowhere_in_clear(proxy: System, keys: Path) -> None:
    text = as_csv(orders(60, seed=7)).decode("gb18030") + f"\n{PHONE},x"
    csv = text.encode()
    for body in (csv, gzip.compress(csv), text.encode("gb18030"), text.encode("utf-16")):
        code, event = send(
            proxy,
            f"{PAN}?p={PHONE}",
            body,
            "--header",
            "Authorization: Basic c2VjcmV0LXdvcmQ=",
            "--cookie",
            f"c={PHONE}",
        )
        assert code == 403
        assert opened(proxy.state, keys, event) == body
    files = [path for path in proxy.state.rglob("*") if path.is_file()]
    kept = {path: path.read_bytes() for path in [*files, proxy.stderr]}
    found = [
        (str(path), one)
        for path, content in kept.items()
        for one in {*spellings(PHONE), b"c2VjcmV0LXdvcmQ="}
        if one in content
    ]
    assert found == []
    assert len(files) > 20


def test_killed_while_sealing_no_event_points_to_what_is_not_there(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    """kill -9 as soon as the sealed file is begun: after a new start everything that an event points to is whole."""
    state = tmp_path / "state"
    StateDir(state).make()
    staff(state, tmp_path)
    (tmp_path / "body").write_bytes(as_csv(orders(60, seed=9)) + b"\n" + b"z" * 2_000_000)
    system = start_system(tmp_path, certificates.ca, world)
    words = ["--interface", "127.0.1.1", "--proxy", system.url, "--cacert", str(system.ca), "--silent"]
    client = subprocess.Popen(["curl", *words, "--data-binary", f"@{tmp_path / 'body'}", PAN])
    assert wait_until(lambda: any(state.glob("blobs/.sealing-*")) or any(state.glob("shares/*/*")), 60)
    os.kill(system.process.pid, signal.SIGKILL)
    system.stop()
    client.wait()
    system = start_system(tmp_path, certificates.ca, world)
    assert list(state.glob("blobs/.sealing-*")) == []
    done = run(state, "evidence", "verify", "--json")
    assert (done.code, json.loads(done.out)["faults"]) == (0, [])
    assert world.seen == []
    system.stop()
