"""``dlp-proxy forward``: events to a company's own systems."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import signal
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final, TextIO

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import JSON
from dlp_proxy.forward.backlog import Backlog, read_cursors
from dlp_proxy.forward.carriers.carrier import Carrier, NotTakenError, RefusedError
from dlp_proxy.forward.carriers.syslog import Syslog
from dlp_proxy.forward.carriers.webhook import Webhook
from dlp_proxy.forward.formats.registry import FORMATS
from dlp_proxy.forward.forwarder import Forwarder
from dlp_proxy.forward.target import Target, TargetError
from dlp_proxy.forward.try_out import trial
from dlp_proxy.logs import set_up_logs
from dlp_proxy.settings import Settings, load_settings
from dlp_proxy.stores.state_dir import StateDir

CONFIG: Final = click.option("--config", type=click.Path(path_type=Path), envvar="DLP_PROXY_CONFIG")
STATE: Final = click.option("--state", type=click.Path(path_type=Path), default=None)


@click.group()
def forward() -> None:
    """Send events to a company's own systems, as the setting `forward` says. `run` does it by itself.

    \b
    Example:
      dlp-proxy forward test --config proxy.yaml
    """


@forward.command("run")
@CONFIG
@STATE
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input does.")
@click.option("--since", type=float, default=None, hidden=True, help="Unix time of the first event of a new receiver.")
def run(config: Path | None, state: Path | None, since: float | None, *, with_parent: bool) -> None:
    """Forward until SIGTERM. A second one on the same state folder waits until the first is gone.

    \b
    Example:
      dlp-proxy forward run --config proxy.yaml
    """
    began = time.time() if since is None else since
    settings = _settings(config, state)
    set_up_logs()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if with_parent:
        threading.Thread(target=_end_with, args=(sys.stdin, stop), daemon=True).start()
    folder = StateDir(settings.state)
    folder.make()
    folder.forward.mkdir(mode=0o700, exist_ok=True)
    with (folder.forward / "lock").open("w") as lock:
        if not _take(lock, stop):
            return
        while not folder.events.exists():
            if stop.wait(1):
                return
        forwarders = [
            Forwarder(one, Backlog(one, folder.forward, folder.events, began), _carrier(one, settings))
            for one in settings.forward
        ]
        threads = [threading.Thread(target=one.run, args=(stop,)) for one in forwarders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@forward.command("status")
@CONFIG
@STATE
@JSON
def status(config: Path | None, state: Path | None, *, print_json: bool) -> None:
    """Say how far each receiver is. Exits 1 when one does not take events.

    \b
    Example:
      dlp-proxy forward status --config proxy.yaml
    """
    settings = load_settings(config, os.environ, {"state": state})
    told = list(read_cursors(StateDir(settings.state).forward))
    found = [(name, one) for name, one in told if one is not None]
    damaged = [name for name, one in told if one is None]
    wanted = {one.name for one in settings.forward}
    gone = {name for name, _ in found if wanted and name not in wanted}
    for name in damaged:
        click.echo(f"{name}: how far it is cannot be read; the log of the proxy says why", err=True)
    if print_json:
        click.echo(json.dumps([{"target": name, **asdict(one)} for name, one in found]))
    for name, one in () if print_json else found:
        late = f", the oldest since {time.time() - one.oldest:.0f} s" if one.oldest else ""
        says = f"{name}: {one.sent} sent, {one.waiting} waiting{late}"
        if name in gone:
            says += "; no receiver of the settings any more"
        if one.refused:
            says += f", {len(one.refused)} refused by it (numbers {', '.join(map(str, one.refused[-5:]))})"
        click.echo(says + (f"; {one.error}" if one.error else ""))
    if not told and not print_json:
        click.echo("nothing was forwarded yet")
    if damaged or any(one.error for name, one in found if name not in gone):
        raise click.exceptions.Exit(PROBLEMS)


@forward.command("test")
@CONFIG
@STATE
def test(config: Path | None, state: Path | None) -> None:
    """Send each receiver one made-up event, and say what it answered. Exits 1 when one did not take it.

    \b
    Example:
      dlp-proxy forward test --config proxy.yaml
    """
    bad = False
    settings = _settings(config, state)
    for one in settings.forward:
        carrier = _carrier(one, settings)
        try:
            carrier.send([FORMATS[one.format](trial(_node(settings)))])
        except (NotTakenError, RefusedError) as error:
            bad = True
            click.echo(f"{one.name}: not taken: {error}")
        else:
            click.echo(f"{one.name}: taken by {one}")
        finally:
            carrier.close()
    if bad:
        raise click.exceptions.Exit(PROBLEMS)


def _settings(config: Path | None, state: Path | None) -> Settings:
    settings = load_settings(config, os.environ, {"state": state})
    if not settings.forward:
        raise click.UsageError(
            "the setting `forward` names no receiver, e.g. {siem: {to: syslog+tls://HOST, format: cef}}"
        )
    return settings


def _carrier(target: Target, settings: Settings) -> Carrier:
    try:
        return (Webhook if target.scheme.startswith("http") else Syslog)(target, _node(settings))
    except TargetError as error:
        raise click.UsageError(str(error)) from error


def _node(settings: Settings) -> str:
    return settings.node or platform.node()


def _take(lock: TextIO, stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop.wait(1)
        else:
            return True
    return False


def _end_with(stream: TextIO, stop: threading.Event) -> None:
    stream.read()
    stop.set()
