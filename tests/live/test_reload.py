"""Policies come into force while people send: nobody is failed, and each is judged by one whole set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.harness import Certificates, OriginThread
from tests.live.reloads import BAD, HOST, prove, reload_now, set_of
from tests.live.system import System, start_system

pytestmark = pytest.mark.live


def start(folder: Path, certificates: Certificates, sites: OriginThread) -> System:
    pins = {HOST: f"127.0.0.1:{sites.plain_port}"}
    return start_system(folder / "proxy", certificates.ca, sites, policies=folder / "policies", resolve=pins)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reloads")
    (made / "policies").mkdir()
    (made / "policies" / "set.yaml").write_text(set_of("rule-a"), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def proxy(folder: Path, certificates: Certificates, sites: OriginThread) -> Iterator[System]:
    system = start(folder, certificates, sites)
    yield system
    system.stop()


def test_reloads_at_load_fail_nobody_and_judge_nobody_by_half_a_set(proxy: System, folder: Path) -> None:
    proof = prove(proxy, folder / "policies", reloads=5)
    assert proof.wrong == []
    assert [step.stale for step in proof.steps] == [False, False, True, False, False]
    assert len({step.digest for step in proof.steps}) == 4
    assert {one.status for one in proof.sent} == {200, 403}


def test_a_total_begins_anew_when_its_meaning_changed_and_the_reload_says_so(proxy: System, folder: Path) -> None:
    file = folder / "policies" / "set.yaml"
    file.write_text(set_of("rule-a").replace("within: 24h, by: user", "within: 12h, by: user"), encoding="utf-8")
    assert reload_now(proxy)[0] == 200
    assert "drip by user" not in proxy.said()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("find: mark\n    limits: [{at_least: 60", "find: marks\n    limits: [{at_least: 60"))
    assert reload_now(proxy)[0] == 200
    assert '"totals_begun_anew": ["drip by user"]' in proxy.said()


def test_a_start_on_a_broken_folder_takes_the_set_that_was_in_force_last(
    proxy: System, folder: Path, certificates: Certificates, sites: OriginThread
) -> None:
    in_force = proxy.ask("/readyz")["policy"]
    proxy.end()
    (folder / "policies" / "set.yaml").write_text(BAD, encoding="utf-8")
    again = start(folder, certificates, sites)
    try:
        facts = again.ask("/readyz")
        assert (facts["policy"], facts["ready"]) == (in_force, True)
        assert "set.yaml:17:13: error[BAD-VALUE]" in facts["policy_stale"]
        assert "(set.yaml:17:13)" in again.ask("/healthz")
        (folder / "policies" / "set.yaml").write_text(set_of("rule-b"), encoding="utf-8")
        assert reload_now(again)[0] == 200
        assert again.ask("/readyz")["policy_stale"] is None
    finally:
        again.stop()
