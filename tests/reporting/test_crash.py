"""Exports that are killed: `python -m tests.reporting.crash 100` does it a hundred times."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.commands import ROOT


def test_a_killed_export_leaves_a_whole_bundle_or_none() -> None:
    # A process of its own: it forks, which must not be done beside the threads of other tests.
    words = [sys.executable, "-m", "tests.reporting.crash", "4"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("Deaths(times=4, ")) == (0, True), done.stderr
