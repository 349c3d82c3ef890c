"""ruff holds the pure rooms pure, in the editor."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT

IMPURE = ("import time", "import random", "import os", "import socket", "import sqlite3", "import logging")


def _codes(room: str, text: str) -> list[str]:
    name = ROOT / "dlp_proxy" / room / "unwritten.py"
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json", "--select", "TID251"]
    done = subprocess.run(
        [*command, "--stdin-filename", name, "-"], input=text, capture_output=True, text=True, check=False, cwd=ROOT
    )
    return [problem["code"] for problem in json.loads(done.stdout)]


@pytest.mark.parametrize("room", ["model", "unpack", "detect", "policy"])
def test_what_is_impure_is_refused_in_a_pure_room(room: str) -> None:
    assert _codes(room, "\n".join(IMPURE) + "\n") == ["TID251"] * len(IMPURE)


def test_other_rooms_may_use_it() -> None:
    assert _codes("stores", "\n".join(IMPURE) + "\n") == []
