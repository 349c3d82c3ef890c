"""``dlp-proxy incident``: what was stopped, logged and counted."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.stores.ports import IncidentRow, Kept, as_json
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir

_STATE = click.option(
    "--state", type=click.Path(path_type=Path), default=Path("state"), envvar="DLP_PROXY_STATE", show_default=True
)
_JSON = click.option("--json", "print_json", is_flag=True, help="JSON, for programs.")


@click.group()
def incident() -> None:
    """Read what was stopped, logged and counted.

    \b
    Example:
      dlp-proxy incident list
    """


@incident.command("list")
@_STATE
@_JSON
@click.option("--limit", default=50, show_default=True, help="How many, newest first.")
def list_incidents(state: Path, *, print_json: bool, limit: int) -> None:
    """List incidents, newest first: transfers of one person that one rule acted on.

    \b
    Example:
      dlp-proxy incident list --json | jq -r '.[].incident'
    """
    with SqliteReader(StateDir(state).events) as reader:
        rows = list(reader.incidents(limit))
    if print_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    if not rows:
        click.echo("no incidents")
        return
    click.echo(f"{'incident':<14}{'last (UTC)':<21}{'action':<8}{'customers':>9} {'events':>6}  who -> where  (rule)")
    for row in rows:
        click.echo(_line(row))


@incident.command("show")
@click.argument("identifier", metavar="INCIDENT|EVENT")
@_STATE
@_JSON
def show(identifier: str, state: Path, *, print_json: bool) -> None:
    """Show an incident with its events, or one event by the number on its block page.

    \b
    Example:
      dlp-proxy incident show inc-7q3v9k2m
    """
    by = {"incident": identifier} if identifier.startswith("inc-") else {"uid": identifier}
    with SqliteReader(StateDir(state).events) as reader:
        events = list(reader.events(**by))
    if not events:
        click.echo(f"dlp-proxy: there is no incident or event {identifier} in {StateDir(state).events}", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    if print_json:
        click.echo(json.dumps({"id": identifier, "events": [as_json(one) for one in events]}, ensure_ascii=False))
        return
    for kept in events:
        click.echo("\n".join(_lines(kept)))


def _line(row: IncidentRow) -> str:
    sites = ", ".join(row.sites[:3]) + (f" and {len(row.sites) - 3} more" if len(row.sites) > 3 else "")
    return (
        f"{row.incident:<14}{_utc(row.last):<21}{row.action:<8}{row.records:>9} {row.events:>6}"
        f"  {row.user} -> {sites}  ({row.rule})"
    )


def _lines(kept: Kept) -> list[str]:
    event, body = kept.event, kept.event.body
    identity, request, coverage = body["identity"], body["request"], body["coverage"]
    lines = [
        f"event {event.uid}  number {kept.sequence}  {_utc(event.time)} UTC"
        + (f"  {kept.incident}" * bool(kept.incident)),
        f"  who      {event.user}  (by {identity['method']}, {identity['strength']}; from {identity['address']})",
        f"  where    {request['method']} {request['scheme']}://{event.site}{request['path']}",
        f"  what     {request['http_version']}, {request['bytes']} bytes {request['content']}",
        f"  verdict  {event.action}" + (f" (would: {event.would})" if event.would != event.action else ""),
    ]
    if body["error"]:
        lines.append(f"  error    {body['error']}: the exception policy decided")
    least = "at least " * bool(coverage.get("at_least"))
    for reason in body["reasons"]:
        limit = f", limit {reason['limit']}" if reason["limit"] else ""
        excused = f", exception {reason['exception']}" if reason["exception"] else ""
        came_to = f"{reason['action']}, {least}{reason['count']} customers{limit}{excused}"
        lines.append(f"  rule     {reason['rule']} ({reason['policy']}): {came_to}")
    if body["findings"]:
        lines.append(f"  found    {least}" + ", ".join(f"{count} {kind}" for kind, count in body["findings"].items()))
    lines += [
        f"           {one['masked']}  {one['detector']}, {one['confidence']}  {one['location']}"
        for one in body["examples"][:5]
    ]
    stopped = "; the rest was not looked at, as this was enough to block" * bool(coverage.get("at_least"))
    lines.append(f"  coverage {coverage['inspected']}{stopped}")
    lines += [f"  gap      {gap['reason']} at {gap['location']}: {gap['detail']}" for gap in coverage["gaps"]]
    outcome = kept.outcome
    lines.append(
        "  outcome  unknown: the proxy stopped before it could tell"
        if outcome is None
        else f"  outcome  {outcome.disposition}, {outcome.released_bytes} bytes released"
        + (f", the destination answered {outcome.status}" if outcome.status else "")
    )
    return lines


def _utc(time: float) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
