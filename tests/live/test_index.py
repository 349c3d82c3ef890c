"""Real customers only: an index that is built while the proxy runs is taken up, and so is the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_json, orders
from tests.cli.commands import dlp_proxy
from tests.live.harness import Certificates, OriginThread, curl, wait_until
from tests.live.system import start_system

pytestmark = pytest.mark.live


def test_an_index_is_taken_up_while_the_proxy_runs(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    policies, state = tmp_path / "policies", tmp_path / "proxy" / "state"
    assert dlp_proxy("policy", "new", "exact-match", policies).code == 0
    made = orders(12, seed=5)
    old, new = made[:6], made[6:]

    def build(some: list[object]) -> None:
        rows = "\n".join(["phone", *(next(cell for cell in one.cells if cell.startswith("1")) for one in some)])  # type: ignore[attr-defined]
        (tmp_path / "customers.csv").write_text(rows)
        words = ("--from", tmp_path / "customers.csv", "--columns", "phone=phone-cn")
        assert dlp_proxy("index", "build", *words, "--state", state, "--policies", policies).code == 0

    build(list(old))
    system = start_system(tmp_path / "proxy", certificates.ca, world, policies=policies)
    try:
        words = ("https://transfer.example/u", "--data-binary", "@-")
        assert curl(system, *words, stdin=as_json(new)).code == 200
        assert curl(system, *words, stdin=as_json(old)).code == 403
        build(list(new))
        assert wait_until(lambda: curl(system, *words, stdin=as_json(new)).code == 403)
        assert curl(system, *words, "--interface", "127.0.1.9", stdin=as_json(old)).code == 200
    finally:
        system.stop()
