"""The case of `docs/investigating.md` worked from alarm to bundle: each command run, each answer compared."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.cli.commands import dlp_proxy_here
from tests.docs.alarm import BODY, write_alarm
from tests.docs.pages import read, section
from tests.docs.test_tutorial import commands, fits

CASE: Final = section(read("docs/investigating.md"), "## One case, from alarm to bundle")
_CONSOLE: Final = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REQUEST: Final = re.compile(r"\b(?:rev-[a-z0-9]{12}|stf_[a-z2-7]{16})\b")
"""Numbers of requests and pseudonyms: others in each installation."""


def test_the_case_is_worked_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_alarm(tmp_path, monkeypatch)
    called = dict[str, str]()
    done = 0
    for console in _CONSOLE.findall(CASE):
        for command, expected in commands(console):
            actual = run(_REQUEST.sub(lambda found: called.get(found[0], found[0]), command), tmp_path)
            for written, made in zip(_REQUEST.findall(expected), _REQUEST.findall(actual), strict=False):
                called.setdefault(written, made)
            wanted = _REQUEST.sub(lambda found: called[found[0]], expected)
            assert fits(wanted, actual), f"$ {command}\n--- the page\n{expected}\n--- the program\n{actual}"
            done += 1
    assert done == 19
    assert (tmp_path / "orders.csv").read_bytes().endswith(BODY)
    assert "sun.qi" in (tmp_path / "report.html").read_text(encoding="utf-8")


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    stdin = ""
    if words[0] == "printf":
        stdin, words = words[1].replace("\\n", "\n"), words[3:]
    if words[0] == "sh":
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert words[0] == "dlp-proxy"
    done = dlp_proxy_here(*words[1:], stdin=stdin, cwd=folder)
    assert (done.code, done.err) == (0, ""), command
    return done.out
