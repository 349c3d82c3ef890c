"""``dlp-proxy doctor``: what would keep the proxy from working here."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.cli.examine.disk import disk
from dlp_proxy.cli.examine.firewall import around, redirection
from dlp_proxy.cli.examine.kept import kept
from dlp_proxy.cli.examine.machine import machine
from dlp_proxy.cli.examine.names import names
from dlp_proxy.cli.examine.network import network
from dlp_proxy.cli.examine.owner import become_owner
from dlp_proxy.cli.examine.people import people
from dlp_proxy.cli.examine.program import program
from dlp_proxy.cli.examine.secrets import secrets
from dlp_proxy.cli.examine.ways import ways
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.settings import Settings, load_settings
from dlp_proxy.stores.state_dir import StateDir


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=None, envvar="DLP_PROXY_CONFIG")
@click.option("--state", type=click.Path(path_type=Path), default=None)
@click.option("--policies", type=click.Path(path_type=Path), default=None)
@click.option("--json", "print_json", is_flag=True, help="One JSON array.")
def doctor(config: Path | None, state: Path | None, policies: Path | None, *, print_json: bool) -> None:
    """Tell what would keep the proxy from working here. Exits 1 when something would.

    Called by root it looks as the user does whose the state folder is.

    \b
    Example:
      dlp-proxy doctor --config proxy.yaml
    """
    settings = load_settings(config, os.environ, {"state": state, "policies": policies})
    answers = list(as_owner(settings, config))
    if print_json:
        click.echo(json.dumps([asdict(one) for one in answers], ensure_ascii=False))
    else:
        marks = {"fine": "ok  ", "warning": "warn", "problem": "FAIL"}
        for one in answers:
            click.echo(f"{marks[one.state]}  {one.name:<12} {one.says}")
    if any(one.state == "problem" for one in answers):
        raise click.exceptions.Exit(PROBLEMS)


def as_owner(settings: Settings, config: Path | None) -> Iterator[Answer]:
    """Yield the answers that the proxy's own user would get: what root may do says nothing of it."""
    yield from redirection(settings)
    told = become_owner(settings.state)
    if told is not None:
        yield told
    if told is None or told.state != "problem":
        yield from look(settings, config)


def look(settings: Settings, config: Path | None = None) -> Iterator[Answer]:
    """Yield one answer for each thing that the proxy needs."""
    folder = StateDir(settings.state)
    looks: tuple[tuple[str, Callable[[], Iterable[Answer]]], ...] = (
        ("program", lambda: program(settings)),
        ("machine", lambda: machine(settings, folder)),
        ("state", lambda: kept(settings, folder)),
        ("disk", lambda: disk(settings, folder)),
        ("files", lambda: secrets(settings, config)),
        ("network", lambda: network(settings)),
        ("DNS", lambda: names(settings)),
        ("firewall", lambda: [around(settings)]),
        ("people", lambda: people(settings, folder)),
        ("ways", lambda: ways(settings)),
        ("as set", lambda: _as_set(settings)),
    )
    for name, one in looks:
        try:
            yield from one()
        except OSError as error:
            yield Answer(
                name, "problem", f"{error.filename or name}: {error.strerror or error}: whose is it, may it be read?"
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, what comes after it is looked at too
            yield Answer(name, "problem", f"could not be looked at: {type(error).__name__}, a fault of this program")


def _as_set(settings: Settings) -> Iterator[Answer]:
    """Yield what the settings give up."""
    if settings.raw_tcp:
        where = ", ".join(f"{host}:{port}" for host, port in settings.raw_tcp)
        yield Answer("raw_tcp", "warning", f"anything may be spoken to {where}: judged, but formats are not known")
    if settings.ssl_insecure:
        yield Answer("upstream", "warning", "certificates of destinations are NOT verified: anybody may pose as them")
    if settings.monitor:
        yield Answer("mode", "warning", "monitor: nothing is blocked")
    if settings.on_error == "allow":
        yield Answer("on_error", "warning", "allow: a message that a step of ours fails on goes out uninspected")
