"""``policy check`` and ``policy explain-error``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import FOLDER
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.policy.codes import BY_NAME
from dlp_proxy.policy.reports import REPORTS
from dlp_proxy.policy.words import listed, nearest
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.wiring.engine import check_policies, today

_EVERY = 0.3


@click.command("check")
@FOLDER
@click.option("--format", "form", type=click.Choice(list(REPORTS)), default="text", show_default=True)
@click.option("--watch", is_flag=True, help="Go on, and check again after each change; Ctrl-C ends it.")
def check(folder: Path, form: str, *, watch: bool) -> None:
    """Find every mistake in a policy folder, with its place and what to write instead.

    \b
    Example:
      dlp-proxy policy check policies --format json
    """
    if watch:
        _watch(folder, form)
    if not _check(folder, form):
        raise click.exceptions.Exit(PROBLEMS)


def _check(folder: Path, form: str) -> bool:
    files, loaded = check_policies(folder)
    if shown := REPORTS[form](loaded.problems, files.texts):
        click.echo(shown)
    return loaded.policy is not None


def _watch(folder: Path, form: str) -> None:
    """Check at once and after each change. A folder that goes away, or a file that cannot be read, may come back."""
    seen: object = None
    while True:
        try:
            now = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
            if now != seen:
                if seen is not None and sys.stdout.isatty():
                    click.clear()
                _check(folder, form)
                sys.stdout.flush()
            seen = now
        except (OSError, StoreError) as error:
            click.echo(f"dlp-proxy: {error}", err=True)
        time.sleep(_EVERY)


@click.command("explain-error")
@click.argument("code", default="", metavar="[CODE]")
def explain_error(code: str) -> None:
    """Say what a code of `policy check` means, with a wrong and a right file; list the codes without one.

    \b
    Example:
      dlp-proxy policy explain-error NEVER
    """
    if not code:
        for each in BY_NAME.values():
            click.echo(f"{each.name:<14} {'warning: ' * each.warns}{each.says}")
        return
    found = BY_NAME.get(code.upper())
    if found is None:
        near = nearest(code, [name.lower() for name in BY_NAME]).upper()
        guess = f"did you mean {near}? " if near else ""
        raise click.BadParameter(f"there is no code {code}; {guess}there are {listed(BY_NAME)}", param_hint="CODE")
    click.echo(found.page.replace("TODAY", today().isoformat()), nl=False)
