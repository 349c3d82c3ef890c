"""``dlp-proxy incident drip``: how one person's customers add up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.incidents.drip import Drip, drip
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.command("drip")
@click.argument("user")
@asking.SITE
@asking.SINCE
@asking.UNTIL
@asking.SANCTIONED
@asking.NAMES
@STATE
@JSON
def drip_command(
    user: str,
    site: str,
    since: int,
    until: int,
    sanctioned: tuple[str, ...],
    names: str,
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Show day by day how many different customers somebody had sent so far, beside those who do the same work.

    USER is a name or a pseudonym. Blocked transfers do not count. Peers are shown from five people on.

    \b
    Example:
      dlp-proxy incident drip stf_5mcqkx2unjhq6owv --since 90d --sanctioned courier.example
    """
    staff = asking.shown_to(state, names, "drip", user=user)
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        who = asking.person(reader, staff, user)
        asking.within(reader, since, until)
        answer = drip(reader.connection, who, Selection(None, "", site, since, until), sanctioned)
    if print_json:
        click.echo(json.dumps({**answer.as_json(), "user": staff(answer.user)}, ensure_ascii=False))
        return
    for line in _lines(answer, staff):
        click.echo(harmless(line))


def _lines(answer: Drip, staff: Staff) -> Iterator[str]:
    yield f"{staff(answer.user)}, compared with {answer.peers} people ({answer.peers_are})"
    yield f"{'day (UTC)':<12}{'new':>6}{'customers':>11}{'times':>8}{'blocked':>9}{'peers median':>14}{'p95':>7}"
    for one in answer.steps:
        peers = f"{one.median:>14}{one.p95:>7}" if one.median is not None else f"{'-':>14}{'-':>7}"
        yield f"{one.day:<12}{one.new:>6}{one.customers:>11}{one.records:>8}{one.blocked:>9}{peers}"
    if not answer.steps:
        yield "nothing with customers in it was sent"
    reached = ", ".join(f"{count} on day {days}" for count, days in answer.days_to.items())
    yield f"reached   {reached or 'not even 10'}"
    quiet = f"{answer.longest_quiet_days} days at most between two with transfers"
    yield f"quiet     {quiet}; {answer.median_a_day} new customers on a middling day"
