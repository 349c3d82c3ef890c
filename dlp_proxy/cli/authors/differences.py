"""``policy diff``: what two sets of policies do differently."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import good_policy
from dlp_proxy.cli.authors.replayed import as_plain, as_rows, replay_both
from dlp_proxy.cli.authors.revision import policy_of
from dlp_proxy.cli.authors.traffic import recorded_in
from dlp_proxy.cli.exits import DIFFERENT
from dlp_proxy.policy.compare import compare


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.option(
    "--traffic",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Recorded requests (HAR, flow file of mitmproxy), to show what the changes do to them; repeatable.",
)
@click.option("--from", "user", default="someone", show_default=True, help="Who sent what names no sender.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: str, new: Path, traffic: Sequence[Path], user: str, form: str) -> None:
    """Show what is different in meaning: stricter, LOOSER, the same, or unclear. Layout and order are no difference.

    OLD is a folder, or `git:REVISION` for NEW as it was then. Exits 3 when something is looser or unclear, so that CI
    can ask for a second reader.

    \b
    Example:
      dlp-proxy policy diff git:main policies --traffic monday.har
    """
    before = policy_of(old, new)
    after = good_policy(new)[1]
    changes = compare(before, after)
    replayed = replay_both(before, after, recorded_in(traffic, user), enforced=False) if traffic else None
    looser = [one for one in changes if one.effect in {"LOOSER", "unclear"}]
    if form == "json":
        said = {"changes": [asdict(one) for one in changes], "looser": len(looser)}
        click.echo(json.dumps(said | ({"traffic": as_plain(replayed)} if replayed else {}), ensure_ascii=False))
    else:
        for path, some in groupby(changes, key=lambda one: one.path):
            click.echo(path)
            for one in some:
                click.echo(one.row)
        if not changes:
            click.echo("no difference in meaning")
        if replayed is not None:
            click.echo("\n".join(as_rows(replayed)))
        if looser:
            click.echo(f"{len(looser)} of {len(changes)} changes are looser or unclear; a second reader must approve")
    if looser:
        raise click.exceptions.Exit(DIFFERENT)
