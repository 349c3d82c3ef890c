"""``policy fmt`` and ``policy migrate``: text of policies changed in place, and nothing else of it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import FOLDER, good_policy
from dlp_proxy.cli.exits import FINE, PROBLEMS, WRONG_USAGE
from dlp_proxy.policy.layout import UnreadableError, laid_out
from dlp_proxy.policy.migrate import migrated
from dlp_proxy.policy.write import write_all
from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.wiring.engine import today


@click.command("fmt")
@FOLDER
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when something would change.")
@click.option("--diff", "show", is_flag=True, help="Write nothing; show what would change.")
@click.option("--expand", is_flag=True, help="Write nothing; print each detector with all that `like` brings.")
@click.option(
    "--schema", type=click.Path(path_type=Path), help="Put the line in that tells editors where the schema is."
)
def fmt(folder: Path, schema: Path | None, *, only_check: bool, show: bool, expand: bool) -> None:
    """Lay policies out: keys in their order, two spaces a level, patterns in single quotes; comments stay.

    Refuses to write a file whose meaning would change. What stands in braces is left as it is.

    \b
    Example:
      dlp-proxy policy fmt policies --check
    """
    if expand:
        click.echo(_expanded(folder), nl=False)
        return
    changed: dict[str, tuple[str, str]] = {}
    unreadable = False
    for path, text in read_policies(folder).texts.items():
        try:
            made = laid_out(path, text, _relative(schema, Path(path)))
        except UnreadableError as error:
            click.echo(f"dlp-proxy: {error}", err=True)
            unreadable = True
            continue
        if made != text:
            changed[path] = (text, made)
    if show:
        _diff(changed)
    for path, (_, made) in changed.items():
        click.echo(f"{'would change' if only_check or show else 'changed'} {path}")
        if not only_check and not show:
            _write(Path(path), made)
    raise click.exceptions.Exit(WRONG_USAGE if unreadable else PROBLEMS if changed and only_check else FINE)


@click.command("migrate")
@FOLDER
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
def migrate(folder: Path, *, dry_run: bool) -> None:
    """Bring policies to the newest format, and words of other tools to ours; comments and layout stay.

    \b
    Example:
      dlp-proxy policy migrate policies --dry-run
    """
    files = read_policies(folder)
    changed: dict[str, tuple[str, str]] = {}
    for path, (text, steps) in migrated(files.texts, today(), files.fixtures).items():
        for step in steps:
            click.echo(f"{path}:{step.line}:{step.column}: {step.was} -> {step.becomes}")
        changed[path] = (files.texts[path], text)
        if not dry_run:
            _write(Path(path), text)
    if dry_run:
        _diff(changed)
    if not changed:
        click.echo("nothing to change")


def _expanded(folder: Path) -> str:
    specs = good_policy(folder)[1].detector_specs
    return write_all({name: spec for name, spec in specs.items() if not name.startswith("std/")})


def _relative(schema: Path | None, file: Path) -> str:
    return "" if schema is None else os.path.relpath(schema, file.parent).replace(os.sep, "/")


def _diff(changed: Mapping[str, tuple[str, str]]) -> None:
    for path, (old, new) in changed.items():
        lines = difflib.unified_diff(old.splitlines(), new.splitlines(), path, path, lineterm="")
        click.echo("\n".join(lines))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
