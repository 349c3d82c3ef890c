"""``policy exception`` and ``policy promote``: from incidents to lines of YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.authors.folder import FOLDER, POLICIES, good_policy
from dlp_proxy.cli.authors.measures import survivors
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import STATE
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.edit import Edit, edited
from dlp_proxy.policy.policy import Policy, Rule
from dlp_proxy.stores.policy_dir import Pack
from dlp_proxy.stores.ports import Kept
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.engine import today

_BACK: Final = 30 * 86400
_UNUSED: Final = 60


@click.group("exception")
def exception() -> None:
    """Make exceptions of incidents, and see which are used.

    \b
    Example:
      dlp-proxy policy exception list
    """


@exception.command("list")
@FOLDER
@STATE
def list_exceptions(folder: Path, state: Path) -> None:
    """List exceptions: until when, whose, last use and how often. Those unused for 60 days are marked.

    \b
    Example:
      dlp-proxy policy exception list policies
    """
    _, policy = good_policy(folder)
    used: dict[str, list[Kept]] = {}
    for kept in events_of(state):
        for name in {reason["exception"] for reason in kept.event.body["reasons"] if reason["exception"]}:
            used.setdefault(name, []).append(kept)
    for file in policy.files:
        for block in file.blocks("exceptions"):
            click.echo(_line(block, used.get(block.name, [])))


def _line(block: Checked, used: list[Kept]) -> str:
    left = (dt.date.fromisoformat(block.text("expires")) - today()).days
    until = f"ends {block.text('expires')} ({left} days)" if left >= 0 else f"ENDED {block.text('expires')}"
    last = f"used {len(used)} times, last {_day(used[-1].event.time)}" if used else "never used here"
    old = not used or (today() - dt.datetime.fromtimestamp(used[-1].event.time, dt.UTC).date()).days > _UNUSED
    return f"{block.name:<28} {until:<32} {block.text('owner'):<28} {last}{'   UNUSED' * (old and bool(used))}"


def events_of(state: Path) -> Iterator[Kept]:
    """Yield the events of transfers; rings and resets of windows have no reasons of their own."""
    if not StateDir(state).events.exists():
        return
    with SqliteReader(StateDir(state).events) as reader:
        yield from (kept for kept in reader.events() if "reasons" in kept.event.body)


def _day(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).date().isoformat()


@click.command("promote")
@click.argument("name", metavar="RULE")
@POLICIES
@STATE
@click.option("--without-traffic", is_flag=True, help="Do not ask what it would have stopped so far.")
@click.option("--dry-run", is_flag=True, help="Show the change and write nothing.")
def promote(name: str, policies: Path, state: Path, *, without_traffic: bool, dry_run: bool) -> None:
    """Bring a rule from monitor to enforce, if its tests, the probe and what it saw so far are good enough.

    The bars are in `dlp-policy.toml` of the policy folder: days_in_monitor (7) and most_blocks_per_day (20).

    \b
    Example:
      dlp-proxy policy promote passwords-to-code-hosts
    """
    files, policy = good_policy(policies)
    rule = next((one for one in policy.rules if one.name == name), None)
    written = policy.written("rule", name)
    if rule is None or written is None:
        raise click.BadParameter(f"no rule in force or in monitor is named `{name}`", param_hint="RULE")
    if rule.mode == "enforce":
        click.echo(f"{name} is enforced already")
        return
    given = written.one("mode")
    if given is None:
        click.echo(f"dlp-proxy: `mode` stands in the file of {name}, not in the rule; change it there", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    against = [*_untested(policy, rule), *([] if without_traffic else _traffic(rule, state, files.pack))]
    text = edited(files.texts[rule.place.path], [Edit(given.place.line, given.place.column, given.text, "enforce")])
    for reason in against:
        click.echo(f"against it: {reason}")
    click.echo(f"{rule.place.path}:{given.place.line}: mode: {given.text} -> enforce")
    if against:
        raise click.exceptions.Exit(PROBLEMS)
    if not dry_run:
        Path(rule.place.path).write_text(text, encoding="utf-8", newline="\n")
        click.echo("written; its tests say `log` until now, run `dlp-proxy policy test --bless` for what they must say")


def _untested(policy: Policy, rule: Rule) -> Iterator[str]:
    expects = [block for test in policy.tests for block in test.walk() if block.kind == "expect"]
    ours = [each for each in expects if each.text("rule") == rule.name]
    if not any(each.text("action") not in {"allow", "counted"} for each in ours):
        yield "no test expects that it acts"
    neighbours = [each for each in expects if each.text("action") in {"allow", "counted"}]
    if not neighbours:
        yield "no test expects a neighbour that passes"
    survived = [one for one in survivors(policy)[0] if one.rule == rule.name]
    yield from (f"no test notices: {one.says}" for one in survived)


def _traffic(rule: Rule, state: Path, pack: Pack) -> Iterator[str]:
    seen = [
        (kept.event.time, reason["action"])
        for kept in events_of(state)
        for reason in kept.event.body["reasons"]
        if reason["rule"] == rule.name and reason["mode"] == "monitor"
    ]
    if not seen:
        yield f"nothing was seen of it in {state}; --without-traffic leaves that out"
        return
    first, last = min(seen)[0], max(seen)[0]
    days = (dt.datetime.now(dt.UTC).timestamp() - first) / 86400
    if days < pack.days_in_monitor:
        yield f"in monitor for {days:.1f} days; the bar is {pack.days_in_monitor:g}"
    blocks = sum(action == "block" for _, action in seen) / max(1.0, (last - first) / 86400)
    if blocks > pack.most_blocks_per_day:
        yield f"it would have blocked {blocks:.0f} a day; the bar is {pack.most_blocks_per_day:g}"
