"""``dlp-proxy incident list``: the queue."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, writer
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.incidents.casebook import STATES
from dlp_proxy.incidents.grouped import Version
from dlp_proxy.incidents.kept_grouping import keep, kept_or_grouped
from dlp_proxy.incidents.queue import Line, Order, Wanted, queue
from dlp_proxy.incidents.regrouping import World
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir

_KINDS = (
    "transfers",
    "ring",
    "drip",
    "shared-destination",
    "shared-content",
    "shared-account",
    "evasion",
    "case",
    "tip",
)
_EVERY = 1_000_000


@click.command("list")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many.")
@asking.SINCE
@asking.USER
@asking.SITE
@click.option("--min-customers", "least", default=0, help="Only with so many customers.")
@click.option("--state-is", "standing", type=click.Choice(tuple(STATES)), help="Only those that stand there.")
@click.option("--kind", type=click.Choice(_KINDS), help="Only of that kind; `transfers` is what block pages name.")
@click.option("--sort", "order", type=click.Choice(("last", "severity", "customers")), default="last")
@asking.SANCTIONED
@asking.GROUPING
@asking.NAMES
@STATE
@JSON
def list_incidents(
    limit: int,
    since: int,
    user: str,
    site: str,
    least: int,
    standing: str | None,
    kind: str | None,
    order: Order,
    sanctioned: tuple[str, ...],
    grouping: Version,
    names: str,
    state: Path,
    *,
    print_json: bool,
) -> None:
    """List incidents, newest first: what one rule acted on, and what only many transfers together show.

    Those of the second sort are slow theft, shared destinations and customers, evasion, and cases that people opened.

    \b
    Example:
      dlp-proxy incident list --since 7d --min-customers 50 --sort severity
    """
    staff = asking.shown_to(state, names, "list", user=user)
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        who = asking.person(reader, staff, user)
        wanted = Wanted(since, who, site, least, standing or "", kind or "", order)
        world, entry = kept_or_grouped(reader.connection, sanctioned, grouping)
        plain = wanted == Wanted()
        live = list(reader.incidents(limit if plain else _EVERY))
        lines = queue(reader.connection, live, world.found, wanted)
    if entry:
        _keep(state, sanctioned, world, entry, grouping)
    shown = lines[:limit]
    if print_json:
        click.echo(json.dumps([{**_as_json(one, staff), "grouping": grouping} for one in shown], ensure_ascii=False))
        return
    if not shown:
        click.echo("no incidents")
        return
    click.echo(
        f"{'incident':<28}{'last (UTC)':<21}{'action':<8}{'customers':>9} {'events':>6} {'severity':>8} "
        f" {'state':<11}who -> where  (rule or kind)"
    )
    for one in shown:
        click.echo(harmless(_line(one, staff)))
    if len(lines) > limit:
        click.echo(f"and {len(lines) - limit} more: --limit")


def _keep(state: Path, sanctioned: tuple[str, ...], world: World, entry: int, grouping: Version) -> None:
    """Keep what was grouped for the next time; where that cannot be, it is grouped again."""
    with suppress(StoreError, TimeoutError), writer(state) as store:
        store.write(lambda writing: keep(writing, sanctioned, world, entry, grouping)).result(WRITE_SECONDS)


def _as_json(one: Line, staff: Staff) -> dict[str, Any]:
    told = one.as_json()
    return {**told, "user": staff(told["user"]), "people": [staff(user) for user in told["people"]]}


def _line(one: Line, staff: Staff) -> str:
    row = one.row
    sites = ", ".join(row.sites[:3]) + (f" and {len(row.sites) - 3} more" if len(row.sites) > 3 else "")
    about = f"{_who(one, staff)} -> {sites}  ({row.rule or row.kind})" if row.sites else f"{row.kind}: {one.because}"
    return (
        f"{row.incident:<28}{_utc(row.last):<21}{row.action:<8}{row.records:>9} {row.events:>6} {one.severity:>8} "
        f" {one.standing.state:<11}{about}"
    )


def _who(one: Line, staff: Staff) -> str:
    if one.row.kind == "ring":
        return f"ring of {len(one.row.people)}: {', '.join(staff(user) for user in one.row.people)}"
    return ", ".join(staff(user) for user in one.row.people or (one.row.user,))


def _utc(time: float) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
