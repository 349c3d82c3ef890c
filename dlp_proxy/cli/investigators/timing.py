"""``dlp-proxy incident timeline``: what happened, one after the other."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.asking import utc
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.incidents.casebook import standings
from dlp_proxy.incidents.named import UnknownNameError, events_named
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.incidents.timeline import Moment, timeline
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.command("timeline")
@click.argument("name", metavar="INCIDENT|CASE|EVENT")
@asking.SINCE
@asking.UNTIL
@asking.SANCTIONED
@asking.NAMES
@STATE
@JSON
def timeline_command(
    name: str,
    since: int,
    until: int,
    sanctioned: tuple[str, ...],
    names: str,
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Show the transfers of an incident or a case in order, with how many customers there were so far, and its marks.

    \b
    Example:
      dlp-proxy incident timeline case-3
    """
    staff = asking.shown_to(state, names, "timeline", name)
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        asking.within(reader, since, until)
        try:
            events = events_named(reader.connection, name, sanctioned)
        except UnknownNameError as error:
            asking.stop(str(error))
        case = standings(reader.connection).get(name)
        marked = (name, *(case.members if case else ()))
        moments = timeline(reader.connection, Selection(events, since=since, until=until), marked)
    if print_json:
        click.echo(json.dumps([_as_json(one, staff) for one in moments], ensure_ascii=False))
        return
    click.echo(f"{'time (UTC)':<20}{'customers':>10}{'new':>6}{'so far':>8}{'out':>7}  what")
    for one in moments:
        click.echo(harmless(_line(one, staff)))


def _as_json(one: Moment, staff: Staff) -> dict[str, object]:
    return {**one.as_json(), "who": staff(one.who) if one.what == "transfer" else one.who}


def _line(one: Moment, staff: Staff) -> str:
    if one.what == "blind":
        return f"{utc(one.time):<20}{'':>31}  BLIND until {utc(int(one.came))}: no proxy gave a sign of life"
    if one.what == "mark":
        return f"{utc(one.time):<20}{'':>31}  {one.where} marked by {one.who}: {one.came} ({one.why})"
    why = f": {one.why}" if one.why else ""
    counts = f"{one.customers:>10}{one.new:>6}{one.total:>8}{one.out:>7}"
    return f"{utc(one.time):<20}{counts}  {staff(one.who)} -> {one.where}  {one.came}{why}  event {one.event}"
