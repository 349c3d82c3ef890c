"""Following the policy folder: gates that are compiled for the set in force."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.detect.prefilter import Stored
from dlp_proxy.model.limits import Limits
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.stores.state_dir import StateDir, passing_fingerprint
from dlp_proxy.wiring import following, gates
from dlp_proxy.wiring.engine import engine_parts
from dlp_proxy.wiring.following import PolicyFollower
from dlp_proxy.wiring.notify import Notifier
from dlp_proxy.wiring.policy_set import PolicySet
from tests.cli.small_policy import SMALL

TURNS = 4
PLACE = "import pathlib, sys\nkept = pathlib.Path(sys.argv[1])\nkept.parent.mkdir(exist_ok=True)\n"
"""Of a script that leaves something in the place of a gate."""


class Switches:
    """Settings under which gates are wanted for so many turns; then the follower is done."""

    def __init__(self, folder: Path) -> None:
        self.policies, self.state = folder / "policies", folder / "state"
        self.asked = 0

    @property
    def hyperscan(self) -> bool:
        self.asked += 1
        return self.asked <= TURNS


class Compiled:
    digest = "sha256:0"


class Follower:
    """A follower whose gates are compiled by a process that runs `script`, and what it took up."""

    def __init__(self, folder: Path) -> None:
        settings: Any = Switches(folder)
        settings.policies.mkdir()
        (settings.policies / "small.yaml").write_text(SMALL, encoding="utf-8")
        self.state = StateDir(settings.state)
        self.state.make()
        parts = engine_parts(settings.policies, passing_fingerprint(), Limits())
        compiled: Any = Compiled()
        self.made = PolicySet(parts, compiled)
        self.taken: list[PolicySet] = []
        self.follower = PolicyFollower(settings, self.made, self._take, self._tell, Metrics(), Notifier())

    async def _take(self, made: PolicySet) -> None:
        self.taken.append(made)

    async def _tell(self, _: str) -> None: ...


@pytest.fixture
def following_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Follower:
    made = Follower(tmp_path)
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.01)
    for module in (following, gates):
        monkeypatch.setattr(module, "hyperscan_version", "1")
    return made


def compiles(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> Path:
    """Have gates compiled by `script`; return the file that has a line for each time."""
    runs = folder / "runs"
    runs.touch()

    def command(_policies: Path, gates_folder: Path, texts: Any) -> Sequence[str]:
        kept = gates_folder / f"{gates.gate_key(texts)}.gate"
        return [sys.executable, "-c", f"print(file=open({str(runs)!r}, 'a'))\n{script}", str(kept)]

    monkeypatch.setattr(following, "command", command)
    return runs


@pytest.mark.parametrize(
    ("script", "says"),
    [
        pytest.param("", "it cannot be read back", id="none kept"),
        pytest.param(f"{PLACE}kept.write_text('{{')", "it cannot be read back", id="a broken one kept"),
        pytest.param("raise SystemExit(1)", "gate not compiled", id="it did not compile"),
    ],
)
async def test_a_gate_that_cannot_be_had_is_not_tried_again_and_again(
    following_of: Follower,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    says: str,
) -> None:
    runs = compiles(monkeypatch, tmp_path, script)
    await following_of.follower.compile_gates()
    assert runs.read_text() == "\n"
    assert following_of.taken == []
    assert following_of.follower.policies is following_of.made
    assert says in capsys.readouterr().out


async def test_a_gate_that_was_compiled_is_taken_up(
    following_of: Follower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = following_of.made
    gate = Stored((b"compiled",), (), frozenset({1}))
    gates.keep_gate(tmp_path / "ready", made.parts.texts, gate)
    (ready,) = (tmp_path / "ready").iterdir()
    runs = compiles(monkeypatch, tmp_path, f"{PLACE}kept.write_bytes(pathlib.Path({str(ready)!r}).read_bytes())")
    await following_of.follower.compile_gates()
    assert runs.read_text() == "\n"
    (taken,) = (one.parts.gate for one in following_of.taken)
    assert taken is not None
    assert taken._replace(databases=tuple(taken.databases)) == gate
    assert following_of.follower.policies is following_of.taken[0]
