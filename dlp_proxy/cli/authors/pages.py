"""``policy docs`` and ``policy graph``."""

from __future__ import annotations

from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import FOLDER, good_policy
from dlp_proxy.policy.handbook import as_dot, as_html, uses
from dlp_proxy.policy.reference import keys, places


@click.command("docs")
@FOLDER
@click.option("--reference", is_flag=True, help="The keys of the language instead, as Markdown.")
def docs(folder: Path, *, reference: bool) -> None:
    """Print the policies as one HTML page that staff and auditors can read, or the language's reference.

    \b
    Example:
      dlp-proxy policy docs policies > policies.html
    """
    click.echo(f"{keys()}\n{places()}\n" if reference else as_html(good_policy(folder)[1]), nl=False)


@click.command("graph")
@FOLDER
@click.option("--of", "name", default="", help="Only what uses this, and what it uses.")
@click.option("--format", "form", type=click.Choice(["text", "dot"]), default="text", show_default=True)
def graph(folder: Path, name: str, form: str) -> None:
    """Show who uses what: rules, records, detectors, places and people.

    \b
    Example:
      dlp-proxy policy graph policies --of phone-cn
    """
    _, policy = good_policy(folder)
    if form == "dot":
        click.echo(as_dot(policy), nl=False)
        return
    for start, end in sorted(set(uses(policy))):
        if not name or name in {start[1], end[1]}:
            click.echo(f"{start[0]} {start[1]} -> {end[0]} {end[1]}")
