"""``dlp-proxy incident show``: an incident, a case or an event, with all that is kept of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.asking import utc
from dlp_proxy.cli.investigators.event_lines import lines_of_event
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.incidents.casebook import CASE, Standing, standings
from dlp_proxy.incidents.grouped import Grouped, Version
from dlp_proxy.incidents.named import incident_named
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.model.harmless import harmless
from dlp_proxy.model.totals import BESIDE
from dlp_proxy.stores.ports import Kept, as_json
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.command("show")
@click.argument("identifier", metavar="INCIDENT|CASE|EVENT")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Events that are printed; --json has all."
)
@asking.SANCTIONED
@asking.GROUPING
@asking.NAMES
@STATE
@JSON
def show(
    identifier: str,
    limit: int,
    sanctioned: tuple[str, ...],
    grouping: Version,
    names: str,
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Show an incident with why it is one and with its events, a case, or one event by the number on its block page.

    \b
    Example:
      dlp-proxy incident show inc-7q3v9k2m
    """
    staff = asking.shown_to(state, names, "show", identifier)
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        one = incident_named(reader.connection, identifier, sanctioned, grouping) if "-" in identifier else None
        standing = standings(reader.connection).get(identifier)
        events = _events(reader, identifier, one)
    if not events and standing is None:
        click.echo(
            f"dlp-proxy: there is no incident or event {harmless(identifier)} in {StateDir(state).events}", err=True
        )
        raise click.exceptions.Exit(PROBLEMS)
    events = [_shown(kept, staff) for kept in events]
    if print_json:
        told: dict[str, Any] = {"id": identifier, "events": [as_json(kept) for kept in events]}
        if one is not None:
            people = [staff(user) for user in one.people]
            told["incident"] = {**one.as_json(), "people": people, "grouping": grouping}
        if standing is not None:
            told["standing"] = standing.as_json()
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _head(identifier, one, standing, staff):
        click.echo(harmless(line))
    for kept in events[:limit]:
        click.echo(harmless("\n".join(lines_of_event(kept)), lines=True))
    if len(events) > limit:
        click.echo(f"and {len(events) - limit} more events: --limit; in one line each: dlp-proxy incident timeline")


def _events(reader: SqliteReader, identifier: str, one: Grouped | None) -> list[Kept]:
    if one is None or identifier.startswith("inc-"):
        return [] if identifier.startswith(CASE) else reader.named(identifier)
    wanted = set(one.events)
    rows = reader.connection.execute(
        "SELECT uid FROM event WHERE sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence",
        (json.dumps(sorted(wanted)),),
    ).fetchall()
    return [kept for (uid,) in rows for kept in reader.named(uid)]


def _head(identifier: str, one: Grouped | None, standing: Standing | None, staff: Staff) -> Iterator[str]:
    if one is not None:
        people = ", ".join(staff(user) for user in one.people)
        kind = "transfers" if one.kind == "burst" else one.kind  # as `list` calls it
        yield f"{identifier}  {kind}: {people} -> {', '.join(one.sites[:5])}" + " and others" * (len(one.sites) > 5)
        yield f"  grouped because  {one.because}"
        yield f"  customers  {one.customers}: {one.left} left, {one.possible} possible, {one.blocked} blocked only"
        yield f"  severity   {one.severity}: " + (
            "; ".join(f"+{points} {says}" for points, says in one.terms) or "none"
        )
    if standing is not None:
        owned = f", owner {standing.owner}" * bool(standing.owner) + f", due {standing.due}" * bool(standing.due)
        yield f"{identifier}  {standing.state}{owned}{': ' * bool(standing.title)}{standing.title}"
        if standing.members:
            yield f"  members    {', '.join(standing.members)}"
        for op in standing.steps:
            yield f"  {utc(op.at)} UTC  {op.actor}: {op.verb} {op.value}  ({op.reason})"


def _shown(kept: Kept, staff: Staff) -> Kept:
    """Return an event with pseudonyms wherever it names somebody."""
    body = dict(kept.event.body)
    if "people" in body:
        body["people"] = [staff(user) for user in body["people"]]
    if "windows" in body:
        body["windows"] = [{**one, "user": staff(one.get("user", ""))} for one in body["windows"]]
    if "identity" in body:
        body["identity"] = {**body["identity"], "via": staff(body["identity"].get("via") or "")}
    if "decision" in body:
        counters = [_counter(one, kept.event.user, staff) for one in body["decision"]["counters"]]
        body["decision"] = {**body["decision"], "counters": counters}
    body["reasons"] = [
        {**one, "answer": {**one["answer"], "by": staff(one["answer"]["by"])}} if one.get("answer") else one
        for one in body.get("reasons", ())
    ]
    return replace(kept, event=replace(kept.event, user=staff(kept.event.user), body=body))


def _counter(one: Mapping[str, Any], user: str, staff: Staff) -> dict[str, Any]:
    """Return a counter that was read; whose it was is the sender, alone or beside a destination."""
    parts = [staff(part) if part == user.casefold() else part for part in one["key"].split(BESIDE)]
    people = {"people": [staff(each) for each in one["people"]]} if "people" in one else {}
    return {**one, "key": BESIDE.join(parts), **people}
