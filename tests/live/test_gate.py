"""The proxy with Hyperscan: it begins without, has its gate compiled beside it, takes it up, and keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, as_json, orders
from tests.live.harness import Certificates, OriginThread, curl, running, wait_until
from tests.live.system import System, start_system
from tests.small_policy import small_policies

pytestmark = pytest.mark.live


def test_a_gate_is_compiled_beside_the_proxy_and_kept(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    (tmp_path / "orders.csv").write_bytes(as_csv(orders(60, seed=41)))
    (tmp_path / "one.json").write_bytes(as_json(orders(1, seed=42)))
    policies = small_policies(tmp_path / "policies")
    for expected in (["regex", "hyperscan"], ["hyperscan"]):
        with running(start_system(tmp_path / "one", certificates.ca, world, policies, hyperscan=True)) as system:
            assert isinstance(system, System)
            system.start_afresh()
            assert wait_until(lambda proxy=system: proxy.engines()[-1:] == ["hyperscan"], 240), system.said()[-2000:]
            assert system.engines() == expected
            world.seen.clear()
            url = "https://pan.baidu.example/u"
            stopped = curl(system, url, "--interface", system.sender, "--data-binary", f"@{tmp_path / 'orders.csv'}")
            passed = curl(system, url, "--interface", system.sender, "--data-binary", f"@{tmp_path / 'one.json'}")
            assert (stopped.code, passed.code, len(world.seen)) == (403, 200, 1)
            assert [kept.event.records for kept in system.events()] == [60, 1]
            assert system.end() == 0
        (tmp_path / "one" / "stderr.txt").write_text("")
