"""``dlp-proxy bypass``: what was passed on unopened, by whom, and how much."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


@click.group()
def bypass() -> None:
    """Tell what was passed on unopened, by the bypass file.

    \b
    Example:
      dlp-proxy bypass show --days 7
    """


@bypass.command("show")
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="How far back.")
@click.option("--user", default="", help="Only of this person.")
@STATE
@JSON
def show(days: int, user: str, state: Path, *, print_json: bool) -> None:
    """Add up the bytes of each person at each entry. Connections that are open are not in it yet.

    \b
    Example:
      dlp-proxy bypass show --user li.na@corp.example
    """
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    with SqliteReader(StateDir(state).events) as reader:
        for event in _ended(reader, time.time() - days * 24 * 3600, user):
            body = event.body
            found = sums.setdefault(
                (event.user, body["entry"]),
                {"user": event.user, "entry": body["entry"], "owner": body["owner"], "connections": 0}
                | {"sent": 0, "received": 0, "last": 0.0},
            )
            found["connections"] += 1
            found["sent"] += body["sent"]
            found["received"] += body["received"]
            found["last"] = max(found["last"], event.time)
    rows = sorted(sums.values(), key=lambda one: (-one["sent"], one["user"], one["entry"]))
    if print_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        click.echo(f"nothing was passed on unopened in {days} days")
    for one in rows:
        last = dt.datetime.fromtimestamp(one["last"], dt.UTC).strftime("%Y-%m-%d %H:%M")
        click.echo(
            f"{one['user']} -> {one['entry']}: {one['sent']} bytes sent, {one['received']} received, "
            f"{one['connections']} connections, last {last} UTC (owner {one['owner']})"
        )


def _ended(reader: SqliteReader, since: float, user: str) -> Iterator[Any]:
    """Yield the events of connections that ended; the columns leave few others."""
    rows = reader.connection.execute(
        "SELECT uid FROM event WHERE coverage = 'none' AND action = 'allow' AND light = 0 AND time >= ?"
        " AND (user = ? OR ? = '')",
        (round(since * 1000), user, user),
    ).fetchall()
    for (uid,) in rows:
        for kept in reader.events(uid=uid):
            if kept.event.body.get("kind") == "bypass" and kept.event.body["state"] == "ends":
                yield kept.event
