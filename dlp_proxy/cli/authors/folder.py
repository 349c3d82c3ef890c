"""The folder that a command works on, read and checked."""

from __future__ import annotations

from pathlib import Path

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.casework import CaseResult, run_cases
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.reports import as_text
from dlp_proxy.stores.policy_dir import PolicyFiles
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import check_policies

FOLDER = click.argument(
    "folder", type=click.Path(path_type=Path), default=Path("policies"), envvar="DLP_PROXY_POLICIES", metavar="[DIR]"
)
POLICIES = click.option(
    "--policies", type=click.Path(path_type=Path), default=Path("policies"), envvar="DLP_PROXY_POLICIES",
    show_default=True, help="The policy folder.",
)  # fmt: skip


def good_policy(folder: Path) -> tuple[PolicyFiles, Policy]:
    """Return the files and the policy of a folder; print its problems and exit 1 when it has errors."""
    files, loaded = check_policies(folder)
    if loaded.policy is None:
        click.echo(as_text(loaded.problems, files.texts))
        raise click.exceptions.Exit(PROBLEMS)
    return files, loaded.policy


def run_tests(engine: Engine) -> tuple[CaseResult, ...]:
    """Run every test of the engine's policies, each on empty windows."""
    memory = [Windows()]

    def forget() -> None:
        memory[0] = Windows()

    def judge(message: Message) -> Judgement:
        return examine(message, engine, memory[0])

    return run_cases(engine.policy, judge, forget)


def engine_for_tests(policy: Policy) -> Engine:
    return Engine(policy, passing_fingerprint(), Limits())
