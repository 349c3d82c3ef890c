"""``dlp-proxy window``: how close people are to limits over time, and letting somebody go."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from dlp_proxy import __version__
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import JSON, POLICIES, STATE, why
from dlp_proxy.incidents.reset import reset_event
from dlp_proxy.incidents.tallies import Tally, tallies
from dlp_proxy.policy.policy import Policy
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.stores.uid import UidMaker
from dlp_proxy.wiring.engine import good_policy

_WRITE_SECONDS: Final = 15


@click.group()
def window() -> None:
    """Show how close people are to limits over time, and let somebody go.

    \b
    Example:
      dlp-proxy window show --user li.na@corp.example
    """


@window.command("show")
@click.option("--user", default="", help="Only this person.")
@click.option("--device", default="", help="Only this device.")
@click.option("--site", default="", help="Only this site.")
@STATE
@POLICIES
@JSON
def show(user: str, device: str, site: str, state: Path, policies: Path, *, print_json: bool) -> None:
    """Show each limit over time that somebody counts towards: the total now, and when it lets go.

    \b
    Example:
      dlp-proxy window show --user li.na@corp.example
    """
    wanted = {name: value for name, value in (("user", user), ("device", device), ("site", site)) if value}
    found, now = _tallies(good_policy(policies), state, wanted)
    if print_json:
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False))
        return
    if not found:
        click.echo("nobody counts towards a limit over time" if not wanted else "counts towards no limit over time")
        return
    click.echo(f"windows stand at {_utc(now)} UTC")
    for one in sorted(found, key=lambda each: -each.total / each.at_least):
        click.echo(_line(one))


@window.command("reset")
@click.option("--user", required=True, help="Whose windows.")
@click.option("--rule", default="", help="Only those of this rule.")
@click.option("--reason", required=True, callback=why, help="Why; kept with the event.")
@STATE
@POLICIES
@JSON
def reset(user: str, rule: str, reason: str, state: Path, policies: Path, *, print_json: bool) -> None:
    """Forget what a person counted so far, so that they may go on before their windows let go.

    What happened stays in the events. The reset is an event of its own, with the reason and who asked for it.

    \b
    Example:
      dlp-proxy window reset --user li.na@corp.example --reason "checked with her manager, ticket 4711"
    """
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why, for whoever reads the event later")
    found, _ = _tallies(good_policy(policies), state, {"user": user})
    chosen = [one for one in found if rule in {"", one.rule}]
    if not chosen:
        of_rule = f" of rule {rule}" if rule else ""
        click.echo(
            f"dlp-proxy: {user} counts towards no limit over time{of_rule}; `dlp-proxy window show` lists who does",
            err=True,
        )
        raise click.exceptions.Exit(PROBLEMS)
    event = reset_event(UidMaker()(), time.time(), user, chosen, reason.strip(), getpass.getuser(), __version__)
    store = SqliteStore(StateDir(state).events)
    try:
        series = sorted({one.series for one in chosen if not one.person})
        sent = sorted({(one.series, one.person) for one in chosen if one.person})
        forgotten = store.reset_windows(series, event, sent).result(_WRITE_SECONDS)
    finally:
        store.close()
    rules = sorted({one.rule for one in chosen})
    if print_json:
        click.echo(
            json.dumps({"event": event.uid, "user": user, "rules": rules, "forgotten": forgotten}, ensure_ascii=False)
        )
        return
    click.echo(f"{user}: {forgotten} counted values of {', '.join(rules)} forgotten; event {event.uid}")


def _tallies(policy: Policy, state: Path, wanted: Mapping[str, str]) -> tuple[Sequence[Tally], float]:
    with SqliteReader(StateDir(state).events) as reader:
        return list(tallies(policy, reader, wanted)), reader.window_time()


def _as_json(one: Tally) -> dict[str, object]:
    return {
        "policy": one.policy,
        "rule": one.rule,
        "exception": one.exception or None,
        **one.who,
        "limit": one.limit,
        "action": one.action,
        "at_least": one.at_least,
        "total": one.total,
        "lets_go": one.lets_go,
    }


def _line(one: Tally) -> str:
    whose = ", ".join(one.who.values()) or "everybody together"
    state = (
        f"at its limit until {_utc(one.lets_go)} UTC"
        if one.lets_go is not None
        else f"{one.at_least - one.total} below"
    )
    excused = f" (exception {one.exception})" if one.exception else ""
    return f"  {whose}: {one.total} of {one.limit} -> {one.action}, {state}  [{one.rule}{excused}]"


def _utc(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
