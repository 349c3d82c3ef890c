"""``policy backtest``: recorded requests through two sets of policies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import good_policy
from dlp_proxy.cli.authors.replayed import Replayed, as_plain, as_rows, replay_both
from dlp_proxy.cli.authors.revision import policy_of
from dlp_proxy.cli.authors.traffic import recorded_in
from dlp_proxy.cli.exits import DIFFERENT
from dlp_proxy.replay.attempt import Feed
from dlp_proxy.replay.fates import CAVEAT, Bound


@click.command("backtest")
@click.argument("old", metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.option(
    "--traffic",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A HAR file or a flow file of mitmproxy; repeatable.",
)
@click.option("--from", "user", default="someone", show_default=True, help="Who sent what names no sender.")
@click.option("--since", default="", metavar="LENGTH", help="Only requests of the last, e.g., 14d.")
@click.option("--as-enforced", "enforced", is_flag=True, help="As if every mode were enforce.")
@click.option(
    "--fail-if",
    "fails",
    multiple=True,
    metavar="FATE>N",
    help="Exit 3 when more requests than N (0 when not written) are so, e.g. newly-allowed>0; or never. Repeatable."
    " [default: changed]",
)
@click.option(
    "--counters",
    type=click.Choice(["actual", "counterfactual"]),
    default="actual",
    show_default=True,
    help="The windows of NEW count what was attempted, or only what it lets go.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def backtest(
    old: str,
    new: Path,
    traffic: Sequence[Path],
    user: str,
    since: str,
    fails: Sequence[str],
    counters: Feed,
    form: str,
    *,
    enforced: bool,
) -> None:
    """Judge recorded requests by two policy folders: what is newly blocked or allowed, whose, where, by which rule.

    OLD is a folder, or `git:REVISION` for NEW as it was then. Requests are judged in order of time and add up in the
    windows of each folder. Exits 3 when something changes.

    \b
    Example:
      dlp-proxy policy backtest git:main policies --traffic monday.flow --fail-if 'newly-allowed>0'
    """
    try:
        bounds = [Bound(one) for one in fails or ("changed",) if one != "never"]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    messages = recorded_in(traffic, user, since)
    if not messages:
        raise click.UsageError("there is no request in it" + (f" of the last {since}" if since else ""))
    replayed = replay_both(policy_of(old, new), good_policy(new)[1], messages, enforced=enforced, feed=counters)
    if form == "json":
        click.echo(json.dumps(as_plain(replayed), ensure_ascii=False))
    else:
        click.echo("\n".join(as_rows(replayed)))
        click.echo(CAVEAT, err=True)
    counts = Counter(one.fate for one in replayed)
    moved = any(one.words == "changed" for one in bounds) and any(_moved(one) for one in replayed)
    if moved or any(one.met(counts) for one in bounds):
        raise click.exceptions.Exit(DIFFERENT)


def _moved(one: Replayed) -> bool:
    """Tell whether a rule does otherwise, though the answer is the same."""
    return any(was != becomes for was, becomes in one.rules.values())
