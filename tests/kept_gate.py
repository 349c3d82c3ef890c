"""The gate of the shipped policies for tests, compiled once (``python -m tests.kept_gate``): it takes a minute of CPU.

`scripts/test` does so before a whole run. Where it was not done tests look without a gate: they find the same, and
take longer (`tests/detect/test_gate_soundness.py` compares both).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from dlp_proxy.detect.prefilter import Stored
from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.wiring.engine import EngineParts
from dlp_proxy.wiring.gates import command, kept_gate, with_kept_gate

ROOT: Final = Path(__file__).resolve().parents[1]
POLICIES: Final = ROOT / "policies"
FOLDER: Final = ROOT / ".venv" / "gates"
"""Beside what else is made of this code, and kept between runs."""


def gate() -> Stored | None:
    """Return the gate of the shipped policies, where somebody compiled it."""
    return kept_gate(FOLDER, read_policies(POLICIES).texts)


def gated(parts: EngineParts) -> EngineParts:
    """Return `parts` of the shipped policies with that gate."""
    return with_kept_gate(parts, FOLDER)


def give(state: Path) -> bool:
    """Put the gate where a proxy with this state folder finds it; tell whether there is one."""
    if gate() is None:
        return False
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (state / "gates").exists():
        shutil.copytree(FOLDER, state / "gates")
    return True


def main() -> int:
    if gate() is not None:
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    return subprocess.run(command(POLICIES, FOLDER, read_policies(POLICIES).texts), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
