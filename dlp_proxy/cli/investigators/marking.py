"""``dlp-proxy incident mark|resolve``: what people decide about incidents, and who hides behind a pseudonym."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, who, writer
from dlp_proxy.cli.options import JSON, STATE, why
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.incidents.casebook import CASE, STATES, VERDICTS, mark, next_case, standings
from dlp_proxy.incidents.named import UnknownNameError, events_named
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.writing import Writing
from dlp_proxy.stores.state_dir import StateDir

NEW = "new"


@click.command("mark")
@click.argument("name", metavar="INCIDENT|CASE|new")
@click.option("--as", "standing", type=click.Choice(tuple(STATES)), help="Where it stands from now on.")
@click.option("--verdict", type=click.Choice(VERDICTS), help="What it was; with --as closed.")
@click.option("--until-grown", type=click.IntRange(1), help="With --as dismissed: new again from so many customers on.")
@click.option("--owner", default="", help="Who works on it.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="Until when.")
@click.option("--note", default="", help="What is to be remembered.")
@click.option("--add", "added", multiple=True, metavar="INCIDENT|EVENT", help="A member of the case; may be repeated.")
@click.option("--remove", "removed", multiple=True, metavar="INCIDENT|EVENT", help="No member any more.")
@click.option("--title", default="", help="With `new`: what the case is about.")
@click.option("--tip", is_flag=True, help="With `new`: somebody told; nothing needs to have been detected.")
@click.option("--reason", required=True, callback=why, help="Why; it is kept, and the log commits to it.")
@asking.SANCTIONED
@STATE
@JSON
def mark_command(
    name: str,
    standing: str | None,
    verdict: str | None,
    until_grown: int | None,
    owner: str,
    due: dt.datetime | None,
    note: str,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    title: str,
    reason: str,
    sanctioned: tuple[str, ...],
    state: Path,
    *,
    tip: bool,
    print_json: bool,
) -> None:
    """Say where an incident or a case stands, put incidents and events into a case or take them out, leave a note.

    `new` opens a case. Nothing is ever changed or deleted: each step is added, with who and why.

    \b
    Example:
      dlp-proxy incident mark new --title "orders to pan.example" --add inc-7q3v9k2m --reason "409 customers"
      dlp-proxy incident mark inc-7q3v9k2m --as triaged --owner chen --reason "seen"
    """
    if standing == "closed" and verdict is None:
        raise click.UsageError(f"--as closed needs --verdict: {', '.join(VERDICTS)}")
    if until_grown and standing != "dismissed":
        raise click.UsageError("--until-grown goes with --as dismissed")
    if (title or tip) and name != NEW:
        raise click.UsageError("--title and --tip go with `new`")
    if name == NEW and not title:
        raise click.UsageError("a new case needs a --title")
    steps = [("state", standing or ""), ("verdict", verdict or ""), ("until-grown", str(until_grown or ""))]
    steps += [("owner", owner), ("due", f"{due:%Y-%m-%d}" if due else ""), ("note", note)]
    steps += [("add", one) for one in added] + [("remove", one) for one in removed]
    steps = [(verb, value) for verb, value in steps if value]
    if not steps and name != NEW:
        raise click.UsageError("say what to mark: --as, --owner, --due, --note, --add or --remove")
    _look(state, [*added, *([] if name == NEW else [name])], sanctioned)

    if name == NEW:
        steps = [("tip" if tip else "open", title), *steps]

    def apply(writing: Writing) -> tuple[str, str]:
        target = next_case(writing.connection) if name == NEW else name
        return target, mark(writing, who(), target, steps, reason)

    with writer(state) as store:
        target, against = store.write(apply).result(WRITE_SECONDS)
    if against:
        asking.stop(against)
    with SqliteReader(StateDir(state).events) as reader:
        now = standings(reader.connection)[target]
    if print_json:
        click.echo(json.dumps({"name": target, **now.as_json()}, ensure_ascii=False))
    else:
        click.echo(harmless(f"{target}: {now.state}" + f"; with {', '.join(now.members)}" * bool(now.members)))


@click.command("resolve")
@click.argument("pseudonym", metavar="stf_...")
@click.option("--reason", required=True, callback=why, help="Why the name is needed; it stands in the log.")
@STATE
@JSON
def resolve(pseudonym: str, reason: str, state: Path, *, print_json: bool) -> None:
    """Tell whose pseudonym it is. The log says who asked, for which one, and why, before the name is printed.

    \b
    Example:
      dlp-proxy incident resolve stf_5mcqkx2unjhq6owv --reason "case-3 goes to HR"
    """
    with SqliteReader(StateDir(state).events) as reader:
        name = asking.staff_of(state, hidden=False).named(reader.connection, pseudonym)
    if not pseudonym.startswith("stf_") or not name:
        asking.stop(f"nobody here is {pseudonym}")
    with writer(state) as store:
        entry = Entry("resolve", by=who(), of=pseudonym, more={"with": {"reason": reason}})
        store.log(entry).result(WRITE_SECONDS)
    click.echo(json.dumps({"pseudonym": pseudonym, "user": name}) if print_json else harmless(name))


def _look(state: Path, names: list[str], sanctioned: tuple[str, ...]) -> None:
    """See that what is named is there: a mark on a slip of the pen would never be found again."""
    with SqliteReader(StateDir(state).events) as reader:
        known = standings(reader.connection)
        for name in names:
            if name.startswith(CASE) and name in known:
                continue
            try:
                events_named(reader.connection, name, sanctioned)
            except UnknownNameError as error:
                asking.stop(str(error))
