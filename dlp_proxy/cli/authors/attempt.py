"""``policy try``: one pattern on a text."""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import DetectorSpec, Pattern
from dlp_proxy.detect.registry import CHECKS, STANDARD
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.policy.codes import HEAD
from dlp_proxy.policy.load import load
from dlp_proxy.policy.patterns import ORDINARY
from dlp_proxy.policy.problem import render_all
from dlp_proxy.policy.write import regex_text

_SHOWN = 50


@click.command("try")
@click.argument("pattern")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--case", type=click.Choice(["ignore", "exact"]), default="ignore", show_default=True)
@click.option("--boundary", type=click.Choice(["word", "none"]), default="word", show_default=True)
@click.option("--check", "checks", multiple=True, type=click.Choice(list(CHECKS)), help="What values must pass.")
@click.option("--show-values", is_flag=True, help="Values in plain; only on a terminal.")
def attempt(
    pattern: str, file: Path | None, case: str, boundary: str, checks: tuple[str, ...], *, show_values: bool
) -> None:
    """Run a pattern, or a built-in detector by its name, over FILE or standard input: matches, speed, slow texts.

    Exits 1 when it finds nothing or the pattern has a fault.

    \b
    Example:
      dlp-proxy policy try 'SO-\\d{8}-\\d{6}' export.csv
    """
    if show_values and not sys.stdout.isatty():
        raise click.UsageError("--show-values shows customers' data in plain: it works on a terminal only")
    spec = {one.name: one for one in STANDARD}.get(pattern)
    if spec is None:
        _refuse_faults(pattern)
        spec = DetectorSpec("pattern", "pattern", (Pattern(pattern),), boundary=boundary, case=case, checks=checks)  # type: ignore[arg-type]  # click has checked the words
    try:
        text = file.read_text(encoding="utf-8", errors="replace") if file else sys.stdin.read()
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}") from error
    detector = compile_detector(spec)
    candidates = find_in_text(text, detector)
    found = [one for one in candidates if not one.dropped]
    for one in candidates[:_SHOWN]:
        line = text.count("\n", 0, one.start) + 1
        column = one.start - text.rfind("\n", 0, one.start)
        value = one.value if show_values else Sensitive(one.value).masked
        why = f"dropped: {one.dropped}" if one.dropped else f"{one.confidence.word} ({'; '.join(one.why)})"
        click.echo(f"{line}:{column}  {value}  {why}")
    if len(candidates) > _SHOWN:
        click.echo(f"... {len(candidates) - _SHOWN} more")
    began = time.process_time()
    for compiled in detector.patterns:
        compiled.pattern.findall(ORDINARY)
    taken = max(time.process_time() - began, 1e-6)
    click.echo(f"{len(found)} found, {len(candidates) - len(found)} dropped; {len(ORDINARY) / taken / 1e6:.1f} MB/s")
    if not found:
        raise click.exceptions.Exit(PROBLEMS)


def _refuse_faults(pattern: str) -> None:
    text = f"{HEAD}detectors:\n  pattern:\n    pattern: {regex_text(pattern)}\n"
    problems = [one for one in load({"pattern": text}, dt.date.min).problems if one.code.startswith("REGEX")]
    if problems:
        click.echo(render_all(problems, {"pattern": text}))
    if any(one.severity == "error" for one in problems):
        raise click.exceptions.Exit(PROBLEMS)
