"""``dlp-proxy incident verify``: whether what is kept is what was recorded."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.evidence.checkpoint import Checkpoint, NoteError, Verifier, checkpoint_of, verifier_of
from dlp_proxy.evidence.timestamp import TimestampError, stamped
from dlp_proxy.evidence.verify import Fault, LogReport
from dlp_proxy.incidents.casebook import verify_steps
from dlp_proxy.model.harmless import harmless
from dlp_proxy.reporting.bundle.strict import RefusedError
from dlp_proxy.reporting.bundle.verify import verify_bundle
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.log import node_of, origin_of
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import Contents, verify_contents, verify_entries
from dlp_proxy.stores.state_dir import StateDir

ONLY_ITSELF: Final = 2
"""Exit: nothing contradicts itself, but nobody outside vouches for it."""


@click.command("verify")
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@click.option("--log", "whole_log", is_flag=True, help="The log of --state, and all that it vouches for.")
@click.option("--anchor", "anchors", multiple=True, type=click.Path(path_type=Path), help="A checkpoint kept outside.")
@click.option("--key", default="", help="Verifier key that was kept outside; else the one in --state.")
@click.option("--tsr", type=click.Path(path_type=Path), help="Time stamp of the (one) anchor, RFC 3161.")
@click.option("--ca", type=click.Path(path_type=Path), help="Certificates of time stamp authorities, PEM.")
@STATE
@JSON
def verify(
    bundle: Path | None,
    anchors: tuple[Path, ...],
    key: str,
    tsr: Path | None,
    ca: Path | None,
    state: Path,
    *,
    whole_log: bool,
    print_json: bool,
) -> None:
    """Verify a bundle, or the log and all that is kept under it; name the first thing that was changed.

    A bundle needs neither --state nor anything else of the machine that it is from.

    Exits 0 when an anchor from outside agrees, 1 when something was changed, 2 when nothing contradicts itself but no
    anchor was given: whoever rules this machine could have made all of it anew.

    \b
    Example:
      dlp-proxy incident verify --log --anchor /media/legal/2026-11-28.note
      dlp-proxy incident verify case-1 --anchor /media/legal/2026-11-28.note
    """
    if whole_log == (bundle is not None):
        raise click.UsageError("verify a BUNDLE, or the --log")
    if bundle is not None:
        if tsr is not None:
            raise click.UsageError("--tsr is about the --log; of a bundle, openssl ts verifies it")
        _verify_bundle(bundle, anchors, key, print_json=print_json)
        return
    began = time.monotonic()
    with SqliteReader(StateDir(state).events) as reader:
        reader.connection.execute("BEGIN")
        verifier = _verifier(key, state, origin_of(node_of(reader.connection)))
        outside, fault = _outside(anchors, verifier)
        when = _stamped(anchors, tsr, ca)
        report = LogReport(fault) if fault else verify_entries(reader.connection, verifier, outside)
        read = time.monotonic()
        contents = Contents() if report.fault else verify_contents(reader.connection)
        if not report.fault and not contents.fault:
            contents = replace(contents, fault=verify_steps(reader.connection))
        open_ends = _open_ends(reader)
    fault = report.fault or contents.fault
    answer = _answer(report, contents, verifier, when, open_ends)
    answer["seconds"] = {"log": round(read - began, 3), "contents": round(time.monotonic() - read, 3)}
    if print_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for line in _lines(report, contents, fault, answer):
            click.echo(line)
    if fault:
        raise click.exceptions.Exit(PROBLEMS)
    if not report.anchored:
        raise click.exceptions.Exit(ONLY_ITSELF)


def _verify_bundle(bundle: Path, anchors: Sequence[Path], key: str, *, print_json: bool) -> None:
    known = _told(key) if key else None
    try:
        notes = [(path.name, path.read_text(encoding="utf-8")) for path in anchors]
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"cannot read an anchor: {error}") from error
    try:
        found = verify_bundle(bundle, known, notes)
    except RefusedError as refused:
        says = {"ok": False, "file": refused.file, "says": refused.says}
        text = f"CHANGED  {harmless(str(refused))}"
        click.echo(json.dumps(says, ensure_ascii=False) if print_json else text)
        raise click.exceptions.Exit(PROBLEMS) from refused
    except OSError as error:
        raise StoreError(f"cannot read the bundle {bundle}: {error}") from error
    digest = sha256(found.key.der).hexdigest()
    answer: dict[str, Any] = {"ok": True, "vouched": found.vouched, "anchored": found.anchored, "files": found.files}
    answer |= {"events": found.events, "entries": found.entries, "key": str(found.key), "key_sha256": digest}
    if print_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(
            f"bundle   {found.files} files, each as it was signed; {found.events} events as the log commits to them"
        )
        click.echo(f"log      {found.key.name}: {found.entries} entries, all in the log of {found.checkpoint.size}")
        click.echo(f"key      {found.key}  (SHA-256 {digest})")
        if found.anchored:
            click.echo(
                f"ok       an anchor from outside vouches for entries 1 to {found.anchored}, and the log goes on"
            )
        elif found.vouched:
            click.echo("ok       it was signed with the key that you were told")
        else:
            click.echo("self-consistent only: compare the key, or give --anchor or --key from outside")
    if not found.vouched:
        raise click.exceptions.Exit(ONLY_ITSELF)


def _verifier(key: str, state: Path, origin: str) -> Verifier:
    if not key:
        return Verifier(origin, StateDir(state).public_key_of_log())
    return _told(key)


def _told(key: str) -> Verifier:
    try:
        return verifier_of(key)
    except NoteError as error:
        raise click.UsageError(str(error)) from error


def _outside(anchors: Sequence[Path], verifier: Verifier) -> tuple[list[Checkpoint], Fault | None]:
    """Return the checkpoints of anchor files; one that the log's key did not sign is a fault, not wrong usage."""
    found = []
    for path in anchors:
        try:
            found.append(checkpoint_of(path.read_text(encoding="utf-8"), verifier))
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"cannot read the anchor {path}: {error}") from error
        except NoteError as error:
            return [], Fault("forged", "anchor", 0, f"anchor {path.name}: {error}; the log's key is another one now")
    return found, None


def _stamped(anchors: Sequence[Path], tsr: Path | None, ca: Path | None) -> str:
    """Return when an authority stamped the anchor.

    Raises:
        StoreError: the stamp cannot be believed.
    """
    if tsr is None:
        return ""
    if ca is None or len(anchors) != 1:
        raise click.UsageError("--tsr needs the one --anchor that was stamped, and --ca with who is to be trusted")
    try:
        return stamped(anchors[0], tsr, ca)
    except TimestampError as error:
        click.echo(f"dlp-proxy: the time stamp is not good: {error}", err=True)
        raise click.exceptions.Exit(PROBLEMS) from error


def _open_ends(reader: SqliteReader) -> int:
    (number,) = reader.connection.execute(
        "SELECT count(*) FROM event e LEFT JOIN outcome o ON o.uid = e.uid WHERE o.uid IS NULL"
    ).fetchone()
    return int(number)


def _answer(report: LogReport, contents: Contents, verifier: Verifier, when: str, open_ends: int) -> dict[str, Any]:
    fault = report.fault or contents.fault
    return {
        "ok": fault is None,
        "anchored": report.anchored,
        "fault": asdict(fault) if fault else None,
        "log": verifier.name,
        "key": str(verifier),
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "signed": report.signed,
        "stamped": when or None,
        "events": contents.events,
        "forgotten": contents.forgotten,
        "postings": contents.postings,
        "outcomes": contents.outcomes,
        "unknown_outcomes": open_ends,
        "blind": [{"from": first, "to": last} for first, last in report.blind],
        "oddities": report.oddities,
    }


def _lines(report: LogReport, contents: Contents, fault: Fault | None, answer: dict[str, Any]) -> list[str]:
    chain = f"{report.entries} entries in one chain; {report.checkpoints} checkpoints, the last over {report.signed}"
    lines = [f"log      {answer['log']}: {chain}"]
    if not report.fault and not contents.fault:
        lines.append(
            f"kept     {contents.events} events with {contents.postings} postings and {contents.outcomes} outcomes,"
            f" all as written; {contents.forgotten} events were forgotten by retention"
        )
    if answer["unknown_outcomes"]:
        lines.append(
            f"unknown  {answer['unknown_outcomes']} events have no outcome: under way, or the proxy was killed"
        )
    lines += [f"blind    {_utc(first)} to {_utc(last)}: no proxy gave a sign of life" for first, last in report.blind]
    lines += [f"odd      {one}" for one in report.oddities]
    if fault:
        return [*lines, f"CHANGED  {fault.kind}, {fault.where} {fault.number}: {fault.says}"]
    if report.anchored:
        stamped_at = f", stamped {answer['stamped']}" if answer["stamped"] else ""
        return [*lines, f"ok       an anchor from outside vouches for entries 1 to {report.anchored}{stamped_at}"]
    alone = "self-consistent only: no anchor from outside was given, and whoever rules this machine can make a log anew"
    return [*lines, alone]


def _utc(milliseconds: int) -> str:
    return dt.datetime.fromtimestamp(milliseconds // 1000, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
