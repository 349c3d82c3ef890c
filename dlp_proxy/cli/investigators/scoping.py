"""``dlp-proxy incident scope``: how many customers, and what is not known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.asking import utc
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.incidents.named import UnknownNameError, events_named, lost_members
from dlp_proxy.incidents.scope import Numbers, Scope, scope
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.incidents.unseen import Unseen
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.command("scope")
@click.argument("name", metavar="[INCIDENT|CASE|EVENT]", default="")
@asking.USER
@asking.SITE
@asking.ACCOUNT
@asking.SINCE
@asking.UNTIL
@click.option("--as-of", "newest", type=click.IntRange(0), default=0, help="Number of the last event to look at.")
@asking.SANCTIONED
@asking.NAMES
@STATE
@JSON
def scope_command(
    name: str,
    user: str,
    site: str,
    account: str,
    since: int,
    until: int,
    newest: int,
    sanctioned: tuple[str, ...],
    names: str,
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Count the customers of an incident, a case, a person, a destination, a time, or of all that is kept.

    Left, possible and blocked are printed together, with what could not be looked at and how it was counted.

    \b
    Example:
      dlp-proxy incident scope case-3
      dlp-proxy incident scope --account acc_3f9a1c2b7d00 --since 90d
      dlp-proxy incident scope --user stf_5mcqkx2unjhq6owv --since 90d
    """
    staff = asking.shown_to(state, names, "scope", name, user)
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        who = asking.person(reader, staff, user)
        asking.within(reader, since, until)
        events: tuple[int, ...] | None = None
        if name:
            try:
                events = events_named(reader.connection, name, sanctioned)
            except UnknownNameError as error:
                asking.stop(str(error))
        lost = lost_members(reader.connection, name, sanctioned)
        newest = asking.as_of(reader, newest)
        at = asking.account(reader, account)
        answer = scope(reader.connection, Selection(events, who, site, since, until, newest, at))
    again = Selection(None, who, site, since, until, answer.newest, account)
    command = asking.command_line(
        state, "scope", name, *asking.repeated("--sanctioned", sanctioned), selection=again, shown_user=staff(who)
    )
    if print_json:
        told = answer.as_json()
        told["people"] = {staff(one): numbers for one, numbers in told["people"].items()}
        click.echo(json.dumps({**told, "lost_members": list(lost), "command": command}, ensure_ascii=False))
        return
    for member in lost:
        click.echo(f"lost      {harmless(member)}: retention has forgotten its events; they are not counted here")
    for line in lines_of(answer, staff):
        click.echo(harmless(line))
    click.echo(f"again     {harmless(command)}")


def lines_of(answer: Scope, staff: Staff) -> Iterator[str]:
    """Yield a scope as it is read on a terminal."""
    whole = answer.whole
    yield f"customers {whole.lower} left for certain (lower bound)"
    yield f"          {whole.upper} left at most, of those seen (upper bound); {whole.possible} of them possible"
    yield f"          {whole.blocked} blocked only; {whole.attempted} different customers in all transfers"
    yield f"unknown   {'MORE IS POSSIBLE: ' * answer.unseen.any}{unseen_in_words(answer.unseen)}"
    yield f"counted   {whole.records} times sent, in {whole.transfers} transfers with customers"
    yield f"first     {utc(whole.first)} UTC, the first not blocked {utc(whole.first_out)}"
    yield f"last      {utc(whole.last)} UTC, the last not blocked {utc(whole.last_out)}"
    for why, count in answer.possible_because.items():
        yield f"possible  {count}: {why}"
    yield from _table("person", {staff(one): numbers for one, numbers in answer.people.items()})
    yield from _table("destination", answer.sites)
    yield from _table("account", answer.accounts)
    yield from _table("day (UTC)", answer.days)
    yield from _table("kind (values)", answer.kinds)
    yield f"rule      {answer.rule}"
    yield f"as of     event {answer.newest}; {utc(answer.since)} to {utc(answer.until)} UTC"


def unseen_in_words(limits: Unseen) -> str:
    """Return in one line what could not be looked at."""
    reasons = ", ".join(f"{count} {reason}" for reason, count in limits.unread.items())
    silent = sum(one.why == "silent" for one in limits.blind)
    stopped, before = limits.seconds("stopped"), limits.seconds("before")
    unkept = f", and nothing is kept of {_long(before)} before the log began" if before else ""
    return (
        f"{limits.transfers} transfers not read whole ({limits.bytes} bytes{': ' * bool(reasons)}{reasons});"
        f" blind for {_long(limits.blind_seconds)} in {silent} stretches (no proxy ran for {_long(stopped)}"
        f" more{unkept});"
        f" {limits.forgotten} events forgotten by retention"
    )


def _long(seconds: int) -> str:
    """Return a length of time for people."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}".replace(".0 ", " ")
    return f"{seconds} s"


def _table(head: str, rows: Mapping[str, Numbers]) -> Iterator[str]:
    if not rows:
        return
    wide = max(len(head), *(len(harmless(one)) for one in rows)) + 2
    counts = f"{'left':>8}{'possible':>10}{'blocked':>9}{'new':>8}{'times':>8}{'transfers':>11}"
    yield f"{head:<{wide}}{counts}  {'first (UTC)':<19}  last"
    order = rows if head.startswith("day") else sorted(rows, key=lambda one: (-rows[one].attempted, one))
    for name in order:
        one = rows[name]
        yield (
            f"{harmless(name):<{wide}}{one.left:>8}{one.possible:>10}{one.blocked:>9}{one.new:>8}{one.records:>8}"
            f"{one.transfers:>11}  {utc(one.first)}  {utc(one.last)}"
        )
