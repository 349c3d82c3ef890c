"""``dlp-proxy incident graph``: who shared destinations and customers with whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.incidents.named import UnknownNameError, events_named
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.incidents.together import MOST_ACTORS, Together, together
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.command("graph")
@click.argument("name", metavar="[INCIDENT|CASE]", default="")
@asking.SITE
@asking.SINCE
@asking.UNTIL
@click.option(
    "--most",
    type=click.IntRange(2),
    default=MOST_ACTORS,
    show_default=True,
    help="People beyond whom a destination is everybody's.",
)
@click.option(
    "--least",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Customers in common from which two people are shown.",
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows of each list.")
@asking.SANCTIONED
@asking.NAMES
@STATE
@JSON
def graph_command(
    name: str,
    site: str,
    since: int,
    until: int,
    most: int,
    least: int,
    limit: int,
    sanctioned: tuple[str, ...],
    names: str,
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Show which destinations, and accounts there, several people sent customers to, and which customers two both sent.

    It says who shared something with whom, and nothing about why: colleagues share work.

    \b
    Example:
      dlp-proxy incident graph --since 90d --sanctioned courier.example
    """
    staff = asking.shown_to(state, names, "graph", name)
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        asking.within(reader, since, until)
        try:
            events = events_named(reader.connection, name, sanctioned) if name else None
        except UnknownNameError as error:
            asking.stop(str(error))
        answer = together(reader.connection, Selection(events, "", site, since, until), sanctioned, most)
    if print_json:
        click.echo(json.dumps(_as_json(answer, staff), ensure_ascii=False))
        return
    for line in _lines(answer, staff, least, limit):
        click.echo(harmless(line))


def _as_json(answer: Together, staff: Staff) -> dict[str, object]:
    told = answer.as_json()
    for one in (*told["sites"], *told["accounts"]):
        one["people"] = [[staff(user), count] for user, count in one["people"]]
    for one in told["pairs"]:
        one["first"], one["second"] = staff(one["first"]), staff(one["second"])
    return told


def _lines(answer: Together, staff: Staff, least: int, limit: int) -> Iterator[str]:
    pairs = [one for one in answer.pairs if one.customers >= least]
    yield f"{'shared customers':>16}  shared with (destination)"
    for pair in pairs[:limit]:
        yield f"{pair.customers:>16}  {staff(pair.first)} shared with {staff(pair.second)}  ({pair.site})"
    if not pairs:
        yield f"{'-':>16}  no two people sent {least} or more of the same customers to one destination"
    yield from _rest(len(pairs), limit, "pairs")
    yield f"{'customers':>16}  shared destination: who sent how many"
    for site in answer.sites[:limit]:
        people = ", ".join(f"{staff(user)} {count}" for user, count in site.people)
        yield f"{site.customers:>16}  {site.site}: {people}"
    if not answer.sites:
        yield f"{'-':>16}  no two people sent customers to one destination"
    yield from _rest(len(answer.sites), limit, "destinations")
    yield f"{'customers':>16}  shared account at a destination: who sent how many"
    for each in answer.accounts[:limit]:
        people = ", ".join(f"{staff(user)} {count}" for user, count in each.people)
        yield f"{each.customers:>16}  {each.site} {each.account}: {people}"
    if not answer.accounts:
        yield f"{'-':>16}  no two people sent customers to one account that a message named"
    yield from _rest(len(answer.accounts), limit, "accounts")
    left_out = ", ".join(f"{site} ({count} people)" for site, count in answer.everybodys) or "none"
    yield f"left out  used by more than {answer.most} people: {left_out}"
    yield f"left out  sanctioned: {', '.join(answer.sanctioned) or 'none'}"


def _rest(count: int, limit: int, what: str) -> Iterator[str]:
    if count > limit:
        yield f"{'':>16}  and {count - limit} {what} more are not shown"
