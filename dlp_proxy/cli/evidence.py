"""``dlp-proxy evidence``: what sealed evidence there is, whether it is whole, and deleting it for ever."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.held import account, audit_of, held_in
from dlp_proxy.cli.options import JSON, STATE, why
from dlp_proxy.sealing.check import PURGED, Held, check
from dlp_proxy.sealing.forgetting import YOUNG_SECONDS
from dlp_proxy.sealing.vault import Vault, blob_path, shares_path
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir

_AGE: Final = re.compile(r"(\d{1,5})([dh])")
_SECONDS: Final = {"d": 24 * 3600.0, "h": 3600.0}


@click.group()
def evidence() -> None:
    """List, verify and purge sealed evidence. Needs no key.

    \b
    Example:
      dlp-proxy evidence verify
    """


@evidence.command("list")
@STATE
@JSON
def list_evidence(state: Path, *, print_json: bool) -> None:
    """List events with evidence, and those for which none could be kept.

    \b
    Example:
      dlp-proxy evidence list --json | jq -r '.[] | select(.kept == "none").why'
    """
    folder = StateDir(state)
    rows = [(one, _is_here(folder, one)) for one in held_in(folder)]
    if print_json:
        facts = [{"event": one.event, "time": one.time, "here": here, **one.pointer.as_json()} for one, here in rows]
        click.echo(json.dumps(facts))
        return
    if not rows:
        click.echo("no evidence")
    for one, here in rows:
        at = dt.datetime.fromtimestamp(one.time, dt.UTC)
        says = f"{one.pointer.kept}, {one.pointer.body} bytes of the body, sealed to {len(one.pointer.sealed_to)} keys"
        if one.pointer.kept == "none":
            says = f"NOT KEPT: {one.pointer.why}"
        click.echo(
            f"{one.event}  {at:%Y-%m-%d %H:%M:%S}  {says}{'' if here or one.pointer.kept == 'none' else ', gone'}"
        )


@evidence.command("verify")
@STATE
@JSON
def verify(state: Path, *, print_json: bool) -> None:
    """Compare every sealed content and every file of shares with what its event says. Exits 1 when one is not so.

    \b
    Example:
      dlp-proxy evidence verify
    """
    folder = StateDir(state)
    found = check(folder, held_in(folder), audit_of(folder))
    if print_json:
        faults = [one._asdict() for one in found.faults]
        facts = {"whole": found.whole, "purged": found.purged, "not_kept": found.not_kept}
        click.echo(json.dumps({**facts, "faults": faults, "stray": found.stray}))
    else:
        for one in found.faults:
            click.echo(f"{one.place} {one.says}  (event {one.event})")
        for path in found.stray:
            click.echo(f"stray: {path} belongs to no event: a proxy was stopped in between, or somebody put it there")
        click.echo(
            f"{found.whole} whole, {len(found.faults)} not, {found.purged} purged, {found.not_kept} never kept, "
            f"{len(found.stray)} stray"
        )
    if found.faults:
        raise click.exceptions.Exit(PROBLEMS)


@evidence.command("purge")
@click.option("--older-than", default="", metavar="30d", help="Evidence of events before that: days or hours.")
@click.option("--event", default="", help="Evidence of this event.")
@click.option("--stray", is_flag=True, help="Files that no event points to, an hour old or more.")
@click.option("--reason", required=True, callback=why, help="Why; kept with the entry.")
@STATE
@JSON
def purge(older_than: str, event: str, reason: str, state: Path, *, stray: bool, print_json: bool) -> None:
    """Delete evidence for ever: the shares of its key first, so that no copy of the sealed content opens either.

    By age what is held (`incident hold`) stays; named by --event it goes.

    The events stay, with the hash of what there was. Backups that hold the shares must age with them.

    \b
    Example:
      dlp-proxy evidence purge --older-than 30d --reason "retention of bodies"
    """
    if sum(map(bool, (older_than, event, stray))) != 1:
        raise click.UsageError("give one of --older-than, --event and --stray")
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why, for whoever reads the log later")
    folder = StateDir(state)
    before = time.time() - _age(older_than) if older_than else 0.0
    vault, audit = Vault(folder), audit_of(folder)
    purged = 0
    held = set() if event else _on_hold(folder)
    if stray:
        purged = _purge_stray(folder, reason)
    else:
        for one in held_in(folder, event):
            if (
                one.event in held
                or one.pointer.kept == "none"
                or not _is_here(folder, one)
                or (older_than and one.time >= before)
            ):
                continue
            # The entry comes first: evidence that is gone without one is a fault.
            audit.append(PURGED, account(), one.event, {"blob": one.pointer.blob, "reason": reason.strip()})
            purged += vault.forget(one.event, one.pointer.blob)
    if print_json:
        click.echo(json.dumps({"purged": purged}))
    else:
        click.echo(f"purged: {purged}")
    if event and not purged:
        click.echo(f"dlp-proxy: there is no evidence of {event} here", err=True)
        raise click.exceptions.Exit(PROBLEMS)


def _on_hold(folder: StateDir) -> set[str]:
    """Return the events that somebody keeps beyond retention."""
    with SqliteReader(folder.events) as reader:
        rows = reader.connection.execute(
            "SELECT uid FROM event JOIN hold ON hold.event = event.sequence WHERE until = 0 OR until > ?",
            (time.time_ns() // 1_000_000,),
        )
        return {uid for (uid,) in rows}


def _purge_stray(folder: StateDir, reason: str) -> int:
    audit = audit_of(folder)
    count = 0
    for name in check(folder, held_in(folder), audit).stray:
        path = folder.path / name
        if time.time() - path.stat().st_mtime >= YOUNG_SECONDS:
            audit.append("evidence.stray", account(), name, {"reason": reason.strip()})
            path.unlink()
            count += 1
    return count


def _is_here(folder: StateDir, one: Held) -> bool:
    return one.pointer.kept != "none" and (
        shares_path(folder, one.event).exists() or blob_path(folder, one.pointer.blob).exists()
    )


def _age(text: str) -> float:
    found = _AGE.fullmatch(text.strip())
    if not found:
        raise click.UsageError(f"--older-than is {text!r}, but must be days or hours, e.g. 30d or 12h")
    return int(found[1]) * _SECONDS[found[2]]
