"""What was answered stays: over kill -9, over a full disk, over bad policies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, as_json, orders
from dlp_proxy.evidence.checkpoint import Verifier
from dlp_proxy.stores.sqlite.log import node_of, origin_of
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import verify_entries
from dlp_proxy.stores.state_dir import StateDir
from tests.live.harness import ROOT, Certificates, OriginThread, curl, wait_until
from tests.live.system import PEOPLE, System, start_system

pytestmark = pytest.mark.live

LI, ZHANG = "127.0.1.1", "127.0.1.2"


def test_kill_9_right_after_a_403_loses_no_event_and_no_total(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    """Twice: five uploads and five steps of a drip, all stopped, then kill -9 as soon as the last was answered."""
    drip = orders(400, seed=31)
    blocked: list[str] = []
    for turn in range(10):
        if turn % 5 == 0:
            system = start_system(tmp_path, certificates.ca, world)
        body = as_json(drip[turn * 8 : turn * 8 + 8])
        # Eight is over the coach limit of one request, so it is stopped, and attempts count.
        dripped = curl(system, "https://transfer.example/u", "--interface", LI, "--data-binary", "@-", stdin=body)
        answer = curl(
            system, "https://pan.baidu.example/u", "--interface", ZHANG, "--data-binary", "@-",
            stdin=as_csv(orders(60, seed=turn)),
        )  # fmt: skip
        if turn % 5 == 4:
            os.kill(system.process.pid, signal.SIGKILL)
            system.stop()
        assert (dripped.code, answer.code) == (403, 403)
        blocked += [dripped.headers["x-dlp-proxy"], answer.headers["x-dlp-proxy"]]
    kept = {one.event.uid: one for one in system.events()}
    assert [uid for uid in blocked if uid not in kept] == []
    assert [one.sequence for one in kept.values()] == list(range(1, 21))
    totals = [
        reason["totals"]["200 in 24h by user"]
        for one in kept.values()
        if one.event.user == PEOPLE[LI]
        for reason in one.event.body["reasons"]
        if reason["rule"] == "bulk-orders-out"
    ]
    assert totals == list(range(8, 81, 8))
    with closing(sqlite3.connect(system.state / "events.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_window_goes_on_after_a_restart(tmp_path: Path, certificates: Certificates, world: OriginThread) -> None:
    drip = orders(200, seed=41)
    codes = []
    for turn in range(2):
        system = start_system(tmp_path, certificates.ca, world)
        for number in range(25):
            some = drip[turn * 100 + number * 4 : turn * 100 + number * 4 + 4]
            words = ("https://transfer.example/u", "--interface", LI, "--data-binary", "@-")
            codes.append(curl(system, *words, stdin=as_json(some)).code)
        assert system.end() == 0
    assert codes == [200] * 49 + [403]


def test_no_record_no_release(tmp_path: Path, certificates: Certificates, world: OriginThread) -> None:
    """A store that stops taking writes: what carries findings is blocked, what carries nothing goes on.

    A clean upload has left by the time that its light record fails: its answer gives way to a page that says so.
    """
    system = start_system(tmp_path, certificates.ca, world)
    one = as_csv(orders(1, seed=1))
    words = ("https://transfer.example/u", "--interface", LI, "--data-binary", "@-")
    clean = ("https://transfer.example/clean", *words[1:])
    try:
        assert curl(system, *words, stdin=one).code == 200
        with (
            closing(sqlite3.connect(system.state / "events.db", isolation_level=None)) as lock,
            ThreadPoolExecutor(2) as others,
        ):
            lock.execute("BEGIN EXCLUSIVE")
            light = [
                others.submit(curl, system, version, *clean, stdin=b"nothing of a customer", check=False)
                for version in ("--http1.1", "--http2")
            ]
            answer = curl(system, *words, stdin=one)
            assert answer.code == 403
            assert answer.headers["x-dlp-proxy"].startswith("unrecorded; reference=")
            assert curl(system, "https://transfer.example/").code == 200
            withheld = [waiting.result() for waiting in light]
            lock.execute("ROLLBACK")
        assert [(one.version, one.code, one.exit_code) for one in withheld] == [("1.1", 503, 0), ("2", 503, 0)]
        assert all(one.headers["x-dlp-proxy"] and b"recorded" in one.body for one in withheld)
        assert "Traceback" not in system.said()
        assert wait_until(lambda: curl(system, *words, stdin=one).code == 200)
        posts = [seen for seen in world.seen if seen.method == "POST" and seen.target == "/u"]
        allowed = [kept for kept in system.events() if kept.event.action == "counted"]
        assert len(posts) == len(allowed) >= 2
    finally:
        system.stop()


def test_an_event_says_what_became_of_the_transfer(system: System) -> None:
    words = ("--interface", system.sender, "--data-binary", "@-")
    curl(system, "https://transfer.example/u", *words, stdin=as_csv(orders(1, seed=1)))
    curl(system, "https://transfer.example/u", *words, stdin=as_csv(orders(60, seed=1)))
    assert wait_until(lambda: all(kept.outcome for kept in system.events()))
    passed, stopped = system.events()
    assert passed.outcome is not None
    assert stopped.outcome is not None
    assert (passed.outcome.disposition, passed.outcome.status) == ("allowed", 200)
    assert passed.outcome.released_bytes == passed.event.body["request"]["bytes"] > 0
    assert (stopped.outcome.disposition, stopped.outcome.released_bytes) == ("blocked", 0)
    assert (passed.outcome.fate, stopped.outcome.fate) == ("accepted", "blocked")
    assert passed.event.body["decision"]["counters"], "the windows that were read"
    assert passed.event.body["identity"]["method"] == "device-map"
    assert passed.event.body["policy"].startswith("sha256:")
    assert (system.state / "policies" / f"{passed.event.body['policy'][7:]}.json").exists()


def test_bad_policies_leave_the_last_good_set_in_force(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    policies = Path(shutil.copytree(ROOT / "policies", tmp_path / "policies"))
    file = policies / "customer-orders.yaml"
    good = file.read_text()
    system = start_system(tmp_path / "proxy", certificates.ca, world, policies=policies)
    words = ("https://transfer.example/u", "--data-binary", "@-")
    try:
        file.write_text(good.replace("mode: enforce", "mode: simulate"))
        assert wait_until(lambda: system.ask("/readyz")["policy_stale"])
        stale = system.ask("/readyz")
        assert stale["ready"] is True
        assert "customer-orders.yaml:6:7: error[BAD-VALUE]" in stale["policy_stale"]
        assert "customer-orders.yaml:6:7" in system.said()
        assert curl(system, *words, "--interface", LI, stdin=as_csv(orders(60, seed=1))).code == 403
        assert curl(system, *words, "--interface", ZHANG, stdin=as_csv(orders(1, seed=1))).code == 200
        file.write_text(good)
        assert wait_until(lambda: not system.ask("/readyz")["policy_stale"])
        file.write_text(
            good.replace("at_least: 50, per: request", "at_least: 61, per: request")
            .replace("rows: 60", "rows: 61")
            .replace("count: 60", "count: 61")
            .replace("at_least: 5, per: request, action: coach", "at_least: 61, per: request, action: coach")
        )
        system.process.send_signal(signal.SIGHUP)
        before = stale["policy"]
        assert wait_until(lambda: system.ask("/readyz")["policy"] != before)
        assert curl(system, *words, "--interface", "127.0.1.3", stdin=as_csv(orders(60, seed=1))).code == 200
    finally:
        system.stop()


def test_monitor_blocks_nothing_and_tells_what_it_would_have_done(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    system = start_system(tmp_path, certificates.ca, world, monitor=True)
    try:
        words = ("https://transfer.example/u", "--data-binary", "@-")
        assert curl(system, *words, stdin=as_csv(orders(60, seed=1))).code == 200
        (kept,) = system.events()
        assert (kept.event.action, kept.event.would) == ("log", "block")
        assert system.ask("/readyz")["monitor"] is True
    finally:
        system.stop()


def test_the_operations_port_tells_the_state(system: System) -> None:
    ready = system.ask("/readyz")
    assert ready["ready"] is True
    assert ready["self_test"].startswith("blocked inside: ")
    assert system.ask("/healthz").startswith("alive\npolicy: sha256:")
    curl(
        system,
        "https://transfer.example/u",
        "--interface",
        system.sender,
        "--data-binary",
        "@-",
        stdin=as_csv(orders(60, seed=1)),
    )
    metrics = system.ask("/metrics")
    assert 'dlp_proxy_verdicts_total{action="block"}' in metrics
    assert f"PROXY 127.0.0.1:{system.port}" in system.ask("/proxy.pac")
    assert "PRIVATE" not in system.ask("/ca.pem")
    assert "BEGIN CERTIFICATE" in system.ask("/ca.pem")


def test_an_upload_in_which_nothing_is_found_is_answered_with_its_light_record_on_disk(system: System) -> None:
    words = ("--interface", system.sender, "--data-binary", "@-")
    assert curl(system, "https://transfer.example/u", *words, stdin=b"nothing to see here").code == 200
    with SqliteReader(system.state / "events.db") as reader:
        light = [kept for kept in reader.events(light=True) if kept.event.user == PEOPLE[system.sender]]
    assert [(kept.event.light, kept.event.action, kept.event.site) for kept in light] == [
        (True, "allow", "transfer.example")
    ]
    assert system.events() == []


def test_a_stop_is_orderly_and_leaves_nothing_behind(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    system = start_system(tmp_path, certificates.ca, world)
    children = Path(f"/proc/{system.process.pid}/task/{system.process.pid}/children").read_text().split()
    assert curl(system, "https://transfer.example/").code == 200
    assert system.end() == 0
    system.stop()
    assert wait_until(lambda: not any(_runs(int(child)) for child in children))
    for line in system.said().splitlines():
        assert json.loads(line)["level"] in {"info", "warning"}
    with SqliteReader(system.state / "events.db") as reader:
        verifier = Verifier(origin_of(node_of(reader.connection)), StateDir(system.state).public_key_of_log())
        report = verify_entries(reader.connection, verifier)
        verbs = [json.loads(entry)["do"] for (entry,) in reader.connection.execute("SELECT entry FROM log")]
    assert (report.fault, report.blind, report.oddities) == (None, [], [])
    assert (verbs[0], verbs[-2:]) == ("start", ["stop", "checkpoint"])


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_the_clock_of_the_window_is_the_day_not_the_process(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    """A sighting older than its window does not count after a restart."""
    system = start_system(tmp_path, certificates.ca, world)
    words = ("https://transfer.example/u", "--interface", LI, "--data-binary", "@-")
    assert curl(system, *words, stdin=as_json(orders(4, seed=51))).code == 200
    assert system.end() == 0
    with closing(sqlite3.connect(system.state / "events.db", isolation_level=None)) as connection:
        connection.execute("UPDATE sighting SET seen = ?", (time.time() - 25 * 3600,))
    system = start_system(tmp_path, certificates.ca, world)
    try:
        assert curl(system, *words, stdin=as_json(orders(4, seed=52))).code == 200
        totals = system.events()[-1].event.body["reasons"][0]["totals"]
        assert totals["200 in 24h by user"] == 4
    finally:
        system.stop()
