"""Inspectors of the whole proxy that are killed at work: the message gets a verdict, others notice nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.harness import ROOT, Certificates, OriginThread, curl, running, wait_until
from tests.live.lost_inspectors import inspectors, run
from tests.live.system import System, start_system

pytestmark = pytest.mark.live

URL = "https://transfer.example/u"


@pytest.fixture
def own_system(tmp_path: Path, certificates: Certificates, world: OriginThread) -> Iterator[System]:
    with running(start_system(tmp_path / "system", certificates.ca, world, inspectors=1)) as system:
        assert isinstance(system, System)
        system.start_afresh()
        yield system


def ready(system: System) -> bool:
    """Tell whether both inspectors have built their engines: one that still builds sleeps now and then, too."""
    return "dlp_proxy_inspectors 2.0" in system.ask("/metrics")


def test_an_inspector_killed_at_work_costs_its_own_message_and_the_same_body_again_is_told(
    own_system: System, world: OriginThread, tmp_path: Path
) -> None:
    system = own_system
    body = tmp_path / "stock.csv"
    body.write_text("sku,title,price\n" + "A1,blue cotton,12.50\n" * 400_000)
    sender = ("--interface", system.sender)
    codes: list[int] = []

    def send() -> None:
        codes.append(curl(system, URL, *sender, "--data-binary", f"@{body}", check=False).code)

    for _ in range(2):
        assert wait_until(lambda: ready(system) and list(inspectors(system).values()) == ["S", "S"], 60)
        codes.clear()
        upload = threading.Thread(target=send)
        upload.start()
        assert wait_until(lambda: "R" in inspectors(system).values() and any((system.state / "spool").iterdir()))
        for pid in inspectors(system):
            os.kill(pid, signal.SIGKILL)
        others = [curl(system, URL, *sender, "--data-binary", "a short note").code for _ in range(5)]
        upload.join()
        assert (codes, others) == ([403], [200] * 5)
    assert [seen.body for seen in world.seen] == [b"a short note"] * 10
    failed = [kept.event for kept in system.events() if kept.event.body["failure"]]
    assert [event.body["coverage"]["gaps"][0]["reason"] for event in failed] == ["crashed"] * 2
    assert [(event.body["failure"]["times"], event.body["repeated_failure"]) for event in failed] == [
        (1, False),
        (2, True),
    ]
    show = [sys.executable, "-m", "dlp_proxy.cli.main", "incident", "show", failed[1].uid, "--state", str(system.state)]
    shown = subprocess.run(show, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "the same body by the same person failed 2 times" in shown
    assert wait_until(lambda: len(inspectors(system)) == 2, 60)
    assert wait_until(lambda: not any((system.state / "spool").iterdir()))


def test_others_notice_nothing_of_inspectors_killed_and_starved_at_load(tmp_path: Path) -> None:
    """Hung ones are given the seconds of an inspection, too many for here: `python -m tests.live.lost_inspectors`."""
    lines, counts = run(tmp_path, ["killed", "starved"])
    assert len(lines) == 3, lines
    assert not any(counts.values()), (counts, lines)
