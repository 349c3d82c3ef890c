"""The tutorial typed from top to bottom: each file written, each command run, each answer compared."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml
from click.testing import CliRunner

from dlp_proxy.cli.main import cli
from tests.docs.pages import ROOT, read

PAGE: Final = read("docs/writing-policies.md")
_PIECE: Final = re.compile(
    r"^(?P<how>Write|Add to) `(?P<file>[^`]+)`:\n\n```yaml\n(?P<text>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$"
    r"|[Cc]hange `(?P<old>[^`]+)` to `(?P<new>[^`]+)` in `(?P<where>[^`]+)`",
    re.MULTILINE | re.DOTALL,
)


def test_the_tutorial_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = {"file": 0, "change": 0, "command": 0}
    for piece in _PIECE.finditer(PAGE):
        if piece["file"]:
            path = Path(piece["file"])
            path.parent.mkdir(exist_ok=True)
            path.write_text((path.read_text() if piece["how"] == "Add to" else "") + piece["text"])
            done["file"] += 1
        elif piece["where"]:
            path = Path(piece["where"])
            assert piece["old"] in path.read_text()
            path.write_text(path.read_text().replace(piece["old"], piece["new"]))
            done["change"] += 1
        else:
            for command, expected in commands(piece["console"]):
                actual = run(command)
                assert fits(expected, actual), f"$ {command}\n--- the page\n{expected}\n--- the program\n{actual}"
                done["command"] += 1
    assert done == {"file": 3, "change": 4, "command": 17}


def commands(console: str) -> Iterator[tuple[str, str]]:
    for block in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, _, expected = block.partition("\n")
        yield command, expected


def run(command: str) -> str:
    """Run one line of a shell: `dlp-proxy` in this process, `printf` into it, and `cp`."""
    words = shlex.split(command)
    stdin = ""
    if words[0] == "printf":
        stdin, words = words[1], words[3:]
    if words[0] == "cp":
        shutil.copytree(words[2], words[3])
        return ""
    assert words[0] == "dlp-proxy"
    return CliRunner().invoke(cli, words[1:], input=io.BytesIO(stdin.encode())).output


def fits(expected: str, actual: str) -> bool:
    """Tell whether two texts are the same, where `...` stands for any lines, or any end of a line."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line.removesuffix("...")) + (".*" * line.endswith("...")) + r"\n"
        for line in expected.splitlines()
    )
    return re.fullmatch(pattern, actual) is not None


def test_the_example_of_a_workflow_is_yaml_and_the_hooks_run_commands_that_exist() -> None:
    workflow = re.search(r"```yaml\n(# \.github.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert workflow is not None
    steps = yaml.safe_load(workflow[1])["jobs"]["policies"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["dlp-policy-check", "dlp-policy-test", "dlp-policy-fmt"]
    for line in (*runs[1:], *(hook["entry"] for hook in hooks)):
        assert CliRunner().invoke(cli, [*shlex.split(line)[1:3], "--help"]).exit_code == 0
