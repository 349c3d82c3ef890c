"""``dlp-proxy reveal``: opening evidence, which takes an investigator who asks and an approver who grants."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.held import account, audit_of, held_in
from dlp_proxy.cli.options import JSON, STATE, why
from dlp_proxy.model.harmless import harmless
from dlp_proxy.reporting.har import har
from dlp_proxy.sealing.check import Held
from dlp_proxy.sealing.cipher import DamagedError
from dlp_proxy.sealing.desk import Opened, RevealDesk, read_text
from dlp_proxy.sealing.identity import Identity, read_identity
from dlp_proxy.sealing.reveal import Grant, RefusedError, Request, approve, read_grant, read_request
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir, replace_file

_SHOWN: Final = 64 * 1024
"""Bytes of a body that are shown on a terminal."""
_HOUR: Final = 3600.0
_KEY: Final = click.Path(path_type=Path, exists=True, dir_okay=False)
_IDENTITY: Final = click.option("--identity", type=_KEY, required=True, help="Your private key.")
_OUT: Final = click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Write it there too, to be sent."
)


@click.group("reveal")
def reveal_group() -> None:
    """Open sealed evidence: an investigator asks, an approver grants, the investigator opens.

    \b
    Example:
      dlp-proxy reveal request 01JD3K7Q0V8M2C7E5R9T1XWZ4B --reason "case 7, for the police" --identity li.na.key
    """


@reveal_group.command("request")
@click.argument("event")
@click.option("--reason", required=True, callback=why, help="Why; the approver reads it, and it is kept.")
@_IDENTITY
@_OUT
@STATE
@JSON
def request_reveal(event: str, reason: str, identity: Path, out: Path | None, state: Path, *, print_json: bool) -> None:
    """Ask for the evidence of an event.

    \b
    Example:
      dlp-proxy reveal request 01JD3K7Q0V8M2C7E5R9T1XWZ4B --reason "case 7" --identity li.na.key
    """
    with _refusals():
        one = _desk(state).request(_held(state, event), _identity(identity), reason)
        _write(out, one.text())
    if print_json:
        click.echo(json.dumps({"request": one.uid, "event": one.event, "requester": one.requester}))
        return
    click.echo(f"request {one.uid}: {harmless(one.requester)} asks for the evidence of {one.event}")
    click.echo(f"an approver answers with: dlp-proxy reveal approve {out or one.uid} --identity KEY")


@reveal_group.command("approve")
@click.argument("request")
@_IDENTITY
@click.option(
    "--hours",
    type=click.FloatRange(0, 24 * 31, min_open=True),
    default=24.0,
    show_default=True,
    help="How long it may be opened.",
)
@click.option(
    "--requester", default="", metavar="FINGERPRINT", help="Away from the proxy: the key of who asks, as they told you."
)
@_OUT
@STATE
def approve_reveal(request: str, identity: Path, hours: float, requester: str, out: Path | None, state: Path) -> None:
    """Grant a request, by its number or its file, to the one who asked and for the one event.

    On a machine without the proxy's state folder give the file that you were sent, the fingerprint that the
    investigator told you in person or by telephone, and --out for the answer.

    \b
    Example:
      dlp-proxy reveal approve rev-7q3v9k2m4xzc --identity dpo.key --hours 4
    """
    with _refusals():
        one = _request(state, request)
        click.echo(f"{harmless(one.requester)} ({one.fingerprint}) asks for the evidence of {one.event}")
        click.echo(f"reason: {harmless(one.reason)}")
        if StateDir(state).people.is_dir():
            grant = _desk(state).approve(one, _held_or_none(state, one.event), _identity(identity), hours * _HOUR)
        else:
            grant = _away(one, _identity(identity), requester, hours * _HOUR, out)
        _write(out, grant.text())
    until = dt.datetime.fromtimestamp(time.time() + hours * _HOUR, dt.UTC)
    click.echo(f"granted until {until:%Y-%m-%d %H:%M} UTC, to the key {one.fingerprint} alone, for this event alone")


@reveal_group.command("deny")
@click.argument("request")
@_IDENTITY
@click.option("--reason", required=True, callback=why, help="Why; who asked reads it, and it is kept.")
@STATE
def deny_reveal(request: str, identity: Path, reason: str, state: Path) -> None:
    """Refuse a request.

    \b
    Example:
      dlp-proxy reveal deny rev-7q3v9k2m4xzc --identity dpo.key --reason "the masked findings are enough"
    """
    with _refusals():
        one = _request(state, request)
        _desk(state).deny(one, _identity(identity), reason)
    click.echo(f"denied {one.uid}")


@reveal_group.command("open")
@click.argument("request")
@click.option(
    "--identity", type=_KEY, required=True, multiple=True, help="Your private key; earlier ones of yours too."
)
@click.option("--grant", type=_KEY, default=None, help="The approver's answer, where it came as a file.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write the body there, as it was sent.")
@click.option("--har", "as_har", is_flag=True, help="With --out: request and body as HAR, without tokens and cookies.")
@STATE
@JSON
def open_reveal(
    request: str,
    identity: Sequence[Path],
    grant: Path | None,
    out: Path | None,
    state: Path,
    *,
    as_har: bool,
    print_json: bool,
) -> None:
    """Open what was granted: show the request, and show its body or write it to a new file that only you may read.

    \b
    Example:
      dlp-proxy reveal open rev-7q3v9k2m4xzc --identity li.na.key --out orders.csv
    """
    if as_har and out is None:
        raise click.UsageError("--har needs --out: it is for other programs")
    with _refusals():
        one = _request(state, request)
        desk = _desk(state)
        answer = read_grant(_text(grant)) if grant is not None else desk.grant_of(one)
        if out is not None and (out.exists() or out.is_symlink()):
            raise StoreError(f"there is a file {out} already: give another name, nothing is overwritten")
        found = desk.open(one, answer, _held(state, one.event), [_identity(path) for path in identity], str(out or ""))
        if out is not None:
            body = iter([har(found.head, found.body)]) if as_har else found.body
            written = _write_body(out, body)
    if print_json:
        click.echo(json.dumps(found.head))
    else:
        click.echo("\n".join(_head_lines(found.head)))
    if out is not None:
        click.echo(f"{written} bytes {'of HAR' if as_har else 'of the body'} in {out}", err=print_json)
    elif not print_json:
        _show(found)


@reveal_group.command("list")
@STATE
@JSON
def list_reveals(state: Path, *, print_json: bool) -> None:
    """List requests, the oldest first, and what became of them.

    \b
    Example:
      dlp-proxy reveal list
    """
    with _refusals():
        rows = list(_desk(state).waiting())
    if print_json:
        facts = [
            {
                "request": one.request.uid,
                "event": one.request.event,
                "requester": one.request.requester,
                "reason": one.request.reason,
                "created": one.request.created,
                "state": one.state,
                "opened": one.opened,
            }
            for one in rows
        ]
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    if not rows:
        click.echo("no requests")
    for one in rows:
        asked = dt.datetime.fromtimestamp(one.request.created, dt.UTC)
        times = f", opened {one.opened} times" if one.opened else ""
        click.echo(f"{one.request.uid}  {asked:%Y-%m-%d %H:%M}  {one.state}{times}  {harmless(one.request.requester)}")
        click.echo(f"  event {one.request.event}: {harmless(one.request.reason)}")


def _away(one: Request, identity: Identity, requester: str, seconds: float, out: Path | None) -> Grant:
    """Grant where there is no register to ask: the approver says whose key it must be."""
    if not requester or out is None:
        raise RefusedError(
            "there are no keys here to compare with: give --requester, the fingerprint that the investigator told you, "
            "and --out for the answer; or give --state, the proxy's folder"
        )
    if requester.strip().lower() != one.fingerprint:
        raise RefusedError(
            f"the request is for the key {one.fingerprint}, not for {harmless(requester)}: do not grant it"
        )
    grant, _ = approve(one, identity, None, time.time(), seconds)
    return grant


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell a refusal as one sentence, exit 1."""
    try:
        yield
    except (RefusedError, DamagedError) as error:
        click.echo(f"dlp-proxy: refused: {harmless(str(error))}", err=True)
        raise click.exceptions.Exit(PROBLEMS) from error


def _desk(state: Path) -> RevealDesk:
    folder = StateDir(state)
    return RevealDesk(folder, audit_of(folder), account())


def _held(state: Path, event: str) -> Held:
    held = _held_or_none(state, event)
    if held is None:
        raise RefusedError(f"there is no event {event} with evidence: `dlp-proxy evidence list` has those that are")
    return held


def _held_or_none(state: Path, event: str) -> Held | None:
    return next(held_in(StateDir(state), event), None) if event else None


def _identity(path: Path) -> Identity:
    ask: Callable[[], str] = lambda: str(click.prompt(f"Passphrase of {path}", hide_input=True, err=True))  # noqa: E731
    return read_identity(path, ask)


def _request(state: Path, request: str) -> Request:
    path = Path(request)
    return read_request(_text(path)) if path.is_file() else _desk(state).find(request)


def _text(path: Path) -> str:
    text = read_text(path)
    if text is None:
        raise RefusedError(f"there is no file {path}")
    return text


def _write(out: Path | None, text: str) -> None:
    if out is None:
        return
    try:
        replace_file(out, text.encode())
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}") from error


def _write_body(out: Path, body: Iterator[bytes]) -> int:
    """Write a body to a new private file, in one step, and return its size."""
    waiting = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    size = 0
    try:
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in body:
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.link(waiting, out)
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}") from error
    finally:
        waiting.unlink(missing_ok=True)
    return size


def _head_lines(head: dict[str, Any]) -> list[str]:
    sender, body = head["from"], head["body"]
    at = dt.datetime.fromtimestamp(head["time"], dt.UTC)
    who = f"{sender['user']}, from {sender['address']} port {sender['port']}"
    lines = [f"{head['event']}  {at:%Y-%m-%d %H:%M:%S} UTC  {who}"]
    lines.append(f"{head['method']} {head['target']} {head['http_version']}  ({head['scheme']}://{head['site']})")
    cut = set(head["cut_headers"])
    lines += [f"{name}: {'(not kept)' if name in cut else value}" for name, value in head["headers"]]
    if body["why_not_whole"]:
        ranges = " and ".join(f"{start} to {end}" for start, end in body["kept"]) or "none"
        lines.append(f"NOT WHOLE: {body['why_not_whole']}; here are bytes {ranges} of {body['bytes']}")
    return [harmless(line) for line in lines]


def _show(found: Opened) -> None:
    body = bytearray()
    for piece in found.body:
        body += piece[: _SHOWN + 1 - len(body)]
        if len(body) > _SHOWN:
            break
    click.echo("")
    click.echo(harmless(bytes(body[:_SHOWN]).decode("utf-8", "backslashreplace"), lines=True))
    if len(body) > _SHOWN:
        click.echo(f"(the first {_SHOWN} bytes; --out writes all of it)")
