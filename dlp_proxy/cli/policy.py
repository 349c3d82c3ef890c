"""``dlp-proxy policy``: the authors' tools."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.casework import CaseResult, run_cases
from dlp_proxy.policy.load import Loaded
from dlp_proxy.policy.places import STANDARD_PLACES
from dlp_proxy.policy.problem import Problem, render_all
from dlp_proxy.policy.write import write, write_place
from dlp_proxy.stores.policy_dir import PolicyFiles
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import check_policies

_FOLDER = click.argument(
    "folder", type=click.Path(path_type=Path), default=Path("policies"), envvar="DLP_PROXY_POLICIES", metavar="[DIR]"
)


@click.group()
def policy() -> None:
    """Check and test policies.

    \b
    Example:
      dlp-proxy policy check policies
    """


@policy.command("check")
@_FOLDER
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(folder: Path, form: str) -> None:
    """Find every mistake in a policy folder, with its place and what to write instead.

    \b
    Example:
      dlp-proxy policy check policies --format json
    """
    files, loaded = check_policies(folder)
    _print_problems(files, loaded, form)
    if loaded.policy is None:
        raise click.exceptions.Exit(PROBLEMS)


@policy.command("test")
@_FOLDER
@click.option("-k", "wanted", default="", metavar="TEXT", help="Only tests whose name holds TEXT.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def test(folder: Path, wanted: str, form: str) -> None:
    """Run the tests written in the policies, with a virtual clock and the engine of the proxy.

    \b
    Example:
      dlp-proxy policy test policies -k drip
    """
    files, loaded = check_policies(folder)
    if loaded.policy is None:
        _print_problems(files, loaded, form)
        raise click.exceptions.Exit(PROBLEMS)
    results = [one for one in run_tests(Engine(loaded.policy, passing_fingerprint(), Limits())) if wanted in one.name]
    failed = [one for one in results if not one.passed]
    if form == "json":
        shown = [
            {"path": one.path, "line": one.line, "name": one.name, "passed": one.passed, "text": one.text}
            for one in results
        ]
        click.echo(
            json.dumps(
                {"tests": shown, "passed": len(results) - len(failed), "failed": len(failed)}, ensure_ascii=False
            )
        )
    else:
        for one in results:
            click.echo(f"{'ok  ' if one.passed else 'FAIL'} {one.path}:{one.line}  {one.name}")
            if not one.passed:
                click.echo(one.text)
        click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if not results:
        click.echo("dlp-proxy: no test ran, so nothing is proved; add some under `tests:`", err=True)
    if failed or not results:
        raise click.exceptions.Exit(PROBLEMS)


@policy.command("std")
@click.argument("name", default="", metavar="[NAME]")
@click.option("--json", "print_json", is_flag=True, help="The list as one JSON array.")
def std(name: str, *, print_json: bool) -> None:
    """List the built-in detectors and lists of hosts, or print one as YAML to start your own from.

    \b
    Example:
      dlp-proxy policy std phone-cn > policies/own-phone.yaml
    """
    if (place := STANDARD_PLACES.get(f"std/{name.removeprefix('std/')}")) is not None:
        click.echo(write_place(name.removeprefix("std/"), place), nl=False)
        return
    if name:
        spec = {each.name.removeprefix("std/"): each for each in STANDARD}.get(name.removeprefix("std/"))
        if spec is None:
            names = ", ".join((*(each.name for each in STANDARD), *STANDARD_PLACES))
            raise click.BadParameter(f"nothing built in is named `{name}`; there are {names}", param_hint="NAME")
        click.echo(write(spec), nl=False)
        return
    if print_json:
        shown = [{"name": each.name, "kind": each.kind, "description": each.description} for each in STANDARD]
        shown += [
            {"name": each, "kind": "destination", "description": place.description}
            for each, place in STANDARD_PLACES.items()
        ]
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for each in STANDARD:
        click.echo(f"{each.name:<22} {each.kind:<14} {each.description}")
    for title, place in STANDARD_PLACES.items():
        click.echo(f"{title:<22} {'destination':<14} {place.description}")


def run_tests(engine: Engine) -> tuple[CaseResult, ...]:
    """Run every test of the engine's policies, each on empty windows."""
    memory = [Windows()]

    def forget() -> None:
        memory[0] = Windows()

    def judge(message: Message) -> Judgement:
        return examine(message, engine, memory[0])

    return run_cases(engine.policy, judge, forget)


def _print_problems(files: PolicyFiles, loaded: Loaded, form: str) -> None:
    errors = sum(problem.severity == "error" for problem in loaded.problems)
    if form == "json":
        shown = {"files": len(files.texts), "problems": [_as_json(problem) for problem in loaded.problems]}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    if loaded.problems:
        click.echo(render_all(loaded.problems, files.texts) + "\n")
    click.echo(f"{len(files.texts)} files, {errors} errors, {len(loaded.problems) - errors} warnings")


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "width": problem.width,
        "message": problem.message,
        "help": problem.help,
        "first_here": asdict(problem.first_here) if problem.first_here else None,
    }
