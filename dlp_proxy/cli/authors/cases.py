"""``policy test``, ``policy coverage`` and ``policy probe``: what the tests in policies show, and what they do not."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import FOLDER, engine_for_tests, good_policy, run_tests
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.case_reports import CASE_REPORTS
from dlp_proxy.policy.casework import CaseResult
from dlp_proxy.policy.edges import edges
from dlp_proxy.policy.edit import Edit, edited
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.reasons import trace
from dlp_proxy.stores.policy_dir import PolicyFiles
from dlp_proxy.windows.windows import Windows


@click.command("test")
@FOLDER
@click.option("-k", "wanted", default="", metavar="TEXT", help="Only tests whose name holds TEXT.")
@click.option("--edges", "with_edges", is_flag=True, help="Tests of each limit too: one fewer, and exactly as many.")
@click.option("--bless", is_flag=True, help="Show, as a diff, what the tests would have to expect to pass.")
@click.option("--format", "form", type=click.Choice(["text", *CASE_REPORTS]), default="text", show_default=True)
def test(folder: Path, wanted: str, form: str, *, with_edges: bool, bless: bool) -> None:
    """Run the tests written in the policies, with a virtual clock and the engine of the proxy.

    \b
    Example:
      dlp-proxy policy test policies -k drip
    """
    files, policy = good_policy(folder)
    chosen = replace(policy, tests=tuple(one for one in policy.tests if wanted in one.name))
    results = list(run_tests(engine_for_tests(chosen)))
    untried: list[str] = []
    if with_edges:
        made, untried = _edges(policy)
        results += [one for one in made if wanted in one.name]
    failed = [one for one in results if not one.passed]
    if form in CASE_REPORTS:
        if shown := CASE_REPORTS[form](results):
            click.echo(shown)
    else:
        for one in results:
            click.echo(f"{'ok  ' if one.passed else 'FAIL'} {one.path}:{one.line}  {one.name}")
            if not one.passed:
                click.echo("\n".join((one.text, *_traced(policy, one))))
        click.echo("\n".join((*untried, f"{len(results) - len(failed)} passed, {len(failed)} failed")))
    if bless:
        click.echo("\n".join(_blessed(files, failed)))
    if not results:
        click.echo("dlp-proxy: no test ran, so nothing is proved; add some under `tests:`", err=True)
    if failed or not results:
        raise click.exceptions.Exit(PROBLEMS)


def _traced(policy: Policy, failed: CaseResult) -> list[str]:
    if not isinstance(failed.judged, Judgement) or failed.message is None:
        return []
    judged = failed.judged
    return [
        f"     | {line}" for line in trace(policy, failed.message, judged.inspection, judged.matches, judged.verdict)
    ]


def _blessed(files: PolicyFiles, failed: Sequence[CaseResult]) -> Iterator[str]:
    """Yield what would have to be written, as a diff: nobody but the author says that it is right."""
    edits: dict[str, list[Edit]] = {}
    for one in failed:
        if one.expected is None or one.judged is None:
            continue
        verdict = one.judged.verdict
        first = next((each for each in verdict.reasons if each.effective == verdict.action), None)
        got = {
            "action": verdict.action.word,
            "count": str(first.count if first else 0),
            **({"rule": first.rule, "exception": first.exception} if first else {}),
        }
        for key, value in got.items():
            given = one.expected.one(key)
            if given is not None and given.scalar is not None and value and given.text != value:
                edits.setdefault(one.path, []).append(
                    Edit(given.place.line, given.place.column, given.scalar.text, value)
                )
    for path, some in edits.items():
        old = files.texts[path]
        new = edited(old, dict.fromkeys(some))
        yield from difflib.unified_diff(old.splitlines(), new.splitlines(), path, path, lineterm="", n=1)


def _edges(policy: Policy) -> tuple[list[CaseResult], list[str]]:
    engine = engine_for_tests(policy)
    moment = dt.datetime.combine(policy.checked_on, dt.time(9, tzinfo=dt.UTC)).timestamp()
    results, untried = [], []
    for edge in edges(engine.policy, moment):
        name = f"edge of {edge.rule.name} #{edge.number}: {edge.limit.words}"
        if edge.under is None or edge.one_more is None:
            untried.append(f"not tried: {name}: {edge.why_not}")
            continue
        windows = Windows()
        wrong = []
        for message, total in ((edge.under, edge.limit.at_least - 1), (edge.one_more, edge.limit.at_least)):
            wrong += _total(engine, message, windows, edge.rule.name, edge.limit.words, total)
        results.append(CaseResult(name, edge.place.path, edge.place.line, 2, tuple(wrong)))
    return results, untried


def _total(engine: Engine, message: Message, windows: Windows, rule: str, words: str, total: int) -> list[str]:
    verdict = examine(message, engine, windows).verdict
    found = [reason.totals.get(words, 0) for reason in verdict.reasons if reason.rule == rule]
    got = found[0] if found else 0
    return [] if got == total else [f"{words}: expected a total of {total}, got {got}"]
