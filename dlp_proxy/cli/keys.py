"""``dlp-proxy keys``: whose public keys evidence is sealed to."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any, Final, cast

import click

from dlp_proxy.cli.held import account, audit_of
from dlp_proxy.cli.options import JSON, STATE, why
from dlp_proxy.model.harmless import harmless
from dlp_proxy.sealing.identity import make_identity, write_identity
from dlp_proxy.sealing.people import DAY, ROLES, PeopleFolder, PublicKey, Role
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir

_ROLE: Final = click.option(
    "--role",
    type=click.Choice(ROLES),
    required=True,
    help="An investigator asks and opens, an approver grants; it takes one of each.",
)
_NAME: Final = click.option("--name", required=True, help="Whose key; nobody holds both roles.")
_OUT: Final = click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="File of the private key.  [default: NAME.key]"
)
_PASSPHRASE: Final = click.option("--passphrase", is_flag=True, help="Lock the private key with a passphrase.")
_RECIPIENT: Final = click.option(
    "--recipient", default="", metavar="age1...", help="Register this public key; the private one was made elsewhere."
)
_DAYS: Final = click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="Its life.")


@click.group()
def keys() -> None:
    """Make and list the keys that evidence is sealed to.

    \b
    Example:
      dlp-proxy keys init --role investigator --name li.na
    """


@keys.command("init")
@_ROLE
@_NAME
@_OUT
@_PASSPHRASE
@_RECIPIENT
@_DAYS
@STATE
def init(role: str, name: str, out: Path | None, recipient: str, days: int, state: Path, *, passphrase: bool) -> None:
    """Make a key for a person in a role, or register the public key that they made on a machine of their own.

    \b
    Example:
      dlp-proxy keys init --role approver --name dpo --days 730 --passphrase
    """
    folder = StateDir(state)
    folder.make()
    key = _add(folder, cast("Role", role), name, recipient, out, days, passphrase=passphrase)
    for other in ROLES:
        if other in PeopleFolder(folder.people).people().missing(time.time()):
            click.echo(f"nothing can be sealed yet: no {other} has a key")
    click.echo(f"from now on evidence is sealed to {key.name} too; what was sealed before is not")


@keys.command("rotate")
@_ROLE
@_NAME
@_OUT
@_PASSPHRASE
@_RECIPIENT
@_DAYS
@STATE
def rotate(role: str, name: str, out: Path | None, recipient: str, days: int, state: Path, *, passphrase: bool) -> None:
    """Give a person a new key in place of theirs. The old private key still opens what was sealed to it: keep it.

    \b
    Example:
      dlp-proxy keys rotate --role investigator --name li.na --out li.na-2027.key
    """
    folder = StateDir(state)
    old = _in_force(folder, role, name)
    _add(folder, cast("Role", role), name, recipient, out, days, passphrase=passphrase)
    for one in old:
        _retire(folder, one, "replaced by a new key")


@keys.command("retire")
@_ROLE
@_NAME
@click.option("--reason", required=True, callback=why, help="Why; kept with the entry.")
@STATE
def retire(role: str, name: str, reason: str, state: Path) -> None:
    """Seal nothing to a person any more, and let them ask and grant nothing: they left, or their key is lost.

    \b
    Example:
      dlp-proxy keys retire --role approver --name dpo --reason "left the company"
    """
    folder = StateDir(state)
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why, for whoever reads the log later")
    for one in _in_force(folder, role, name):
        _retire(folder, one, reason.strip())
    for other in PeopleFolder(folder.people).people().missing(time.time()):
        click.echo(f"from now on no evidence is kept: no {other} has a key")


@keys.command("list")
@STATE
@JSON
def list_keys(state: Path, *, print_json: bool) -> None:
    """List whose keys evidence is sealed to, and those of earlier times. Public keys only; no private one is here.

    \b
    Example:
      dlp-proxy keys list --json | jq -r '.[] | select(.state == "in force").fingerprint'
    """
    now = time.time()
    people = PeopleFolder(StateDir(state).people).people()
    if print_json:
        click.echo(json.dumps([_as_json(one, now) for one in people.keys], ensure_ascii=False))
        return
    if not people.keys:
        click.echo("no keys: nobody could open evidence, so none is kept; `dlp-proxy keys init` makes one")
        return
    click.echo(f"{'role':<13}{'name':<24}{'fingerprint':<26}{'from':<12}{'until':<12}state")
    for one in people.keys:
        state_of = one.state(now) + " (DEMO: its private key lies beside the others)" * one.demo
        click.echo(
            f"{one.role:<13}{harmless(one.name):<24}{one.fingerprint:<26}{_day(one.created):<12}{_day(one.expires):<12}{state_of}"
        )
    for role in people.missing(now):
        click.echo(f"nothing can be sealed: no {role} has a key in force")


def _add(
    folder: StateDir, role: Role, name: str, recipient: str, out: Path | None, days: int, *, passphrase: bool
) -> PublicKey:
    name = name.strip()
    if not name or name != harmless(name):
        raise click.UsageError("--name must be a name, without control characters")
    if recipient and (out is not None or passphrase):
        raise click.UsageError("--recipient registers a public key: there is no private one to write")
    secret = None if recipient else make_identity()
    now = time.time()
    public = secret.recipient if secret is not None else recipient.strip()
    key = PublicKey(name, role, public, now, now + days * DAY)
    path = out or Path(f"{name.replace('/', '-').lstrip('.')}.key")
    if secret is not None:
        if path.resolve().is_relative_to(folder.path.resolve()):
            raise StoreError(f"{path} is in the state folder: private keys must not lie where evidence lies")
        words = _new_passphrase() if passphrase else ""
        register = PeopleFolder(folder.people)
        register.check(key)
        write_identity(path, secret, words)
    audit_of(folder).append(
        "key.added", account(), key.fingerprint, {"name": name, "role": role, "until": round(key.expires)}
    )
    PeopleFolder(folder.people).add(key)
    click.echo(f"{role} {name}: public key {key.recipient}")
    click.echo(f"fingerprint {key.fingerprint}, until {_day(key.expires)}")
    if secret is not None:
        click.echo(
            f"private key in {path}{', locked' if passphrase else ''}: take it to {name}'s machine and off this one"
        )
    return key


def _new_passphrase() -> str:
    words: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    return words


def _in_force(folder: StateDir, role: str, name: str) -> list[PublicKey]:
    found = [
        one
        for one in PeopleFolder(folder.people).people().keys
        if (one.role, one.name.casefold()) == (role, name.strip().casefold()) and not one.retired
    ]
    if not found:
        raise StoreError(f"there is no {role} {harmless(name)} with a key: `dlp-proxy keys list`")
    return found


def _retire(folder: StateDir, key: PublicKey, reason: str) -> None:
    audit_of(folder).append(
        "key.retired", account(), key.fingerprint, {"name": key.name, "role": key.role, "reason": reason}
    )
    PeopleFolder(folder.people).retire(key, time.time())
    click.echo(f"retired {key.role} {key.name}: {key.fingerprint}")


def _as_json(one: PublicKey, now: float) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "fingerprint": one.fingerprint,
        "recipient": one.recipient,
        "created": one.created,
        "expires": one.expires,
        "state": one.state(now),
        "demo": one.demo,
    }


def _day(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d")
