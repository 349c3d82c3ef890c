"""``dlp-proxy incident purge|hold|release``: forgetting what is due, and keeping what is still needed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, who, writer
from dlp_proxy.cli.options import JSON, STATE, why
from dlp_proxy.incidents.named import UnknownNameError, events_named
from dlp_proxy.sealing.forgetting import forget_strays
from dlp_proxy.stores.sqlite import retention
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.command("purge")
@click.option("--older-than", "days", type=click.IntRange(1), required=True, help="Days.")
@click.option("--light-older-than", "light_days", type=click.IntRange(1), help="Days for light records; else the same.")
@click.option("--dry-run", is_flag=True, help="Only count.")
@STATE
@JSON
def purge(days: int, light_days: int | None, state: Path, *, dry_run: bool, print_json: bool) -> None:
    """Forget events: their records, their fingerprints and the salt of their commitments. The log still verifies.

    What is held stays. A running proxy does this by itself, by `retention_days` and `light_retention_days`.

    \b
    Example:
      dlp-proxy incident purge --older-than 180 --light-older-than 30
    """
    rule = retention.Retention(days, light_days or days)
    with writer(state) as store:
        number = retention.due(store, rule) if dry_run else len(retention.forget_due(store, rule, who()))
        if number and not dry_run:
            forget_strays(StateDir(state), store)
    if print_json:
        click.echo(json.dumps({"forgotten": 0 if dry_run else number, "due": number if dry_run else 0}))
    else:
        click.echo(f"{number} events would be forgotten" if dry_run else f"{number} events forgotten")


@click.command("hold")
@click.argument("identifier", metavar="CASE|INCIDENT|EVENT")
@click.option("--reason", required=True, callback=why, help="Why, such as a case's number; `release` names it.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, UTC; else until it is released.")
@asking.SANCTIONED
@STATE
def hold(identifier: str, reason: str, until: dt.datetime | None, sanctioned: tuple[str, ...], state: Path) -> None:
    """Keep the events of a case, of an incident, or one event, beyond retention. What joins it later is not held.

    \b
    Example:
      dlp-proxy incident hold inc-7q3v9k2m --reason "case 2026-31" --until 2027-06-30
    """
    ends = 0 if until is None else int((until.replace(tzinfo=dt.UTC) + dt.timedelta(days=1)).timestamp() * 1000)
    if ends and ends <= dt.datetime.now(dt.UTC).timestamp() * 1000:
        raise click.UsageError(f"--until {until:%Y-%m-%d} is over: nothing would be held")
    with SqliteReader(StateDir(state).events) as reader:
        own = {kept.sequence for kept in reader.named(identifier)}  # a ring's own event is no transfer
        try:
            events = sorted(own.union(events_named(reader.connection, identifier, sanctioned)))
        except UnknownNameError as error:
            asking.stop(str(error))
    with writer(state) as store:
        kept = store.write(lambda writing: retention.hold(writing, events, reason, ends, who())).result(WRITE_SECONDS)
    click.echo(f"{kept} events held: {reason}")


@click.command("release")
@click.option("--reason", required=True, callback=why, help="That of the hold.")
@STATE
def release(reason: str, state: Path) -> None:
    """End a hold: what nothing else holds is forgotten when it is due.

    \b
    Example:
      dlp-proxy incident release --reason "case 2026-31"
    """
    with writer(state) as store:
        freed = store.write(lambda writing: retention.let_go(writing, reason, who())).result(WRITE_SECONDS)
    click.echo(f"{freed} events released: {reason}")
    if not freed:
        raise click.exceptions.Exit(PROBLEMS)
