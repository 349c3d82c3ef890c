"""Starters through the real proxy: three people who send the same customers to one place, and a planted customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import Order, as_json, orders
from tests.cli.commands import dlp_proxy
from tests.live.harness import Certificates, OriginThread, curl
from tests.live.system import PEOPLE, System, start_system

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, sites: OriginThread
) -> Iterator[tuple[System, Path]]:
    """Return a proxy with the starters `ring` and `canaries`, and its policies."""
    folder = tmp_path_factory.mktemp("ring")
    policies = folder / "policies"
    for name in ("ring", "canaries"):
        assert dlp_proxy("policy", "new", name, policies).code == 0
    (folder / "planted.csv").write_text("phone\n13912345678\n")
    words = ("--name", "canaries", "--from", folder / "planted.csv", "--columns", "phone=phone-cn")
    assert dlp_proxy("index", "build", *words, "--state", folder / "state", "--policies", policies).code == 0
    system = start_system(folder, certificates.ca, sites, policies)
    yield system, policies
    system.stop()


def send(system: System, source: str, some: list[Order], host: str = "pan.baidu.example") -> int:
    words = ("--interface", source, "--data-binary", "@-")
    return curl(system, f"https://{host}/u", *words, stdin=as_json(some)).code


def test_three_people_who_send_the_same_customers_to_one_place_are_a_ring(
    watched: tuple[System, Path], world: OriginThread
) -> None:
    system, policies = watched
    some = orders(30, seed=77)
    li, wang, zhao, couple = (f"127.0.1.{number}" for number in (11, 12, 13, 14))
    assert send(system, li, some[:6]) == 200
    assert send(system, wang, some[1:8]) == 200
    assert send(system, couple, some[:4]) == 200  # four in common with Li are chance
    assert send(system, zhao, some[:7], "mail.qq.example") == 200  # the same customers elsewhere
    assert send(system, zhao, some[2:9]) == 403
    assert send(system, li, some[20:21]) == 403  # whoever is in it sends nothing there any more
    assert send(system, li, some[20:21], "mail.qq.example") == 200
    assert send(system, couple, some[21:22]) == 200
    assert len(world.seen) == 6

    names = [PEOPLE[one] for one in (li, wang, zhao)]
    (ring,) = [kept for kept in system.events() if kept.event.body.get("kind") == "ring"]
    assert (ring.event.user, ring.event.action, ring.event.rule) == (names[2], "block", "ring")
    assert (ring.event.body["people"], ring.event.body["place"]) == (names, "file-drops")
    assert ring.event.records == ring.event.body["shared"] == 7  # two of them sent each of these
    (closing,) = [kept for kept in system.events() if kept.event.uid == ring.event.body["joined_by"]]
    assert (closing.event.action, closing.event.records) == ("block", 7)

    told = dlp_proxy("incident", "list", "--names", "a test", "--state", system.state)
    assert f"ring of 3: {', '.join(names)} -> pan.baidu.example  (ring)" in told.out
    (row,) = [
        one
        for one in json.loads(dlp_proxy("incident", "list", "--names", "a test", "--state", system.state, "--json").out)
        if one["kind"] == "ring"
    ]
    shown = dlp_proxy("incident", "show", "--names", "a test", row["incident"], "--state", system.state).out
    assert f"  who      3 people: {', '.join(names)}\n  where    file-drops, last pan.baidu.example" in shown
    assert "  limit 3 people sharing 5 in 30d by destination, severity critical" not in shown.splitlines()[0]

    explained = dlp_proxy("policy", "explain", row["incident"], "--state", system.state, "--policies", policies)
    assert (explained.code, f"explain {closing.event.uid}" in explained.out) == (0, True)

    whose = ("--user", names[0], "--state", system.state, "--policies", policies)
    assert "3 of 3 people sharing 5 in 30d by destination -> block, at its limit until" in (
        dlp_proxy("window", "show", *whose).out
    )
    assert dlp_proxy("window", "reset", *whose, "--reason", "asked her manager").code == 0
    assert dlp_proxy("policy", "exception", "list", policies, "--state", system.state).code == 0
    assert send(system, li, some[20:21]) == 200
    assert send(system, wang, some[22:23]) == 200  # two are left, who share with nobody else


def test_a_single_planted_customer_is_stopped(watched: tuple[System, Path], world: OriginThread) -> None:
    system, _ = watched
    words = ("--interface", "127.0.1.20", "--data-binary")
    assert curl(system, "https://transfer.example/post", *words, "call 13912345679").code == 200
    stopped = curl(system, "https://transfer.example/post", *words, "call 139-1234-5678")
    assert stopped.code == 403
    (event,) = [kept.event for kept in system.events() if kept.event.uid == stopped.headers["x-dlp-proxy"]]
    assert (event.rule, event.records) == ("canary-seen", 1)
