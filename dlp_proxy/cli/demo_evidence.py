"""The demo's evidence: keys of its own, which it says loudly, and one upload opened by two people."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.demo_traffic import orders
from dlp_proxy.cli.held import account, audit_of, held_in
from dlp_proxy.sealing.check import check
from dlp_proxy.sealing.desk import RevealDesk
from dlp_proxy.sealing.identity import make_identity, read_identity, write_identity
from dlp_proxy.sealing.people import DAY, PeopleFolder, PublicKey, Role
from dlp_proxy.sealing.reveal import RefusedError
from dlp_proxy.stores.state_dir import StateDir

_STAFF: Final[tuple[tuple[str, Role], ...]] = (("demo-investigator", "investigator"), ("demo-approver", "approver"))


def make_keys(state: StateDir, folder: Path) -> None:
    """Give the demo an investigator and an approver; their private keys lie beside each other, and it is said."""
    now = time.time()
    for name, role in _STAFF:
        identity = make_identity()
        write_identity(folder / f"{name}.key", identity)
        key = PublicKey(name, role, identity.recipient, now, now + DAY, demo=True)
        audit_of(state).append("key.added", account(), key.fingerprint, {"name": name, "role": role, "demo": True})
        PeopleFolder(state.people).add(key)
    click.echo(
        "DEMO KEYS: evidence is sealed to an investigator and an approver whose private keys BOTH lie here.\n"
        "In earnest each person makes their own, elsewhere: `dlp-proxy keys init`.\n"
    )


def reveal_one(state: StateDir, folder: Path) -> list[str]:
    """Have one demo person ask for the first sealed upload, the other grant it, and tell what came out."""
    click.echo("\nsealed evidence:")
    held = list(held_in(state))
    (investigator, _), (approver, _) = _STAFF
    asks, grants = (read_identity(folder / f"{name}.key", str) for name in (investigator, approver))
    desk = RevealDesk(state, audit_of(state), account())
    checked = check(state, held, audit_of(state))
    click.echo(f"  {checked.whole} requests sealed, {len(checked.faults) + checked.not_kept} not as they should be")
    if not held or checked.not_kept or checked.faults:
        return ["evidence was not kept"]
    one = held[0]
    request = desk.request(one, asks, "demo")
    click.echo(f"  {investigator} asks for {one.event}; alone they get:")
    try:
        desk.open(request, desk.grant_of(request), one, [asks])
    except RefusedError as error:
        click.echo(f"    refused: {error}")
    grant = desk.approve(request, one, grants, 3600)
    body = b"".join(desk.open(request, grant, one, [asks]).body)
    rows = sum(number.number.encode() in body for number in orders(60, seed=2012))
    click.echo(
        f"  {approver} approves, {investigator} opens: {len(body)} bytes as they were sent, {rows} of 60 orders in it"
    )
    return [] if rows == 60 else ["the evidence is not what was sent"]
