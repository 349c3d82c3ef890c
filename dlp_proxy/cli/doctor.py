"""``dlp-proxy doctor``: what would keep the proxy from working here."""

from __future__ import annotations

import importlib.metadata
import json
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

import click

from dlp_proxy import __version__
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.detect.prefilter import ENGINE
from dlp_proxy.proxy.sandbox import try_out
from dlp_proxy.settings import Address, Settings, load_settings
from dlp_proxy.stores.authority import show_authority
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.engine import check_policies

_ENOUGH_FILES: Final = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """One look: `says` what was seen and, unless it is fine, what to do."""

    name: str
    state: Literal["fine", "warning", "problem"]
    says: str


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=None, envvar="DLP_PROXY_CONFIG")
@click.option("--state", type=click.Path(path_type=Path), default=None)
@click.option("--policies", type=click.Path(path_type=Path), default=None)
@click.option("--json", "print_json", is_flag=True, help="One JSON array.")
def doctor(config: Path | None, state: Path | None, policies: Path | None, *, print_json: bool) -> None:
    """Tell what would keep the proxy from working here. Exits 1 when something would.

    \b
    Example:
      dlp-proxy doctor --config proxy.yaml
    """
    settings = load_settings(config, os.environ, {"state": state, "policies": policies})
    answers = list(look(settings))
    if print_json:
        click.echo(json.dumps([asdict(one) for one in answers], ensure_ascii=False))
    else:
        marks = {"fine": "ok  ", "warning": "warn", "problem": "FAIL"}
        for one in answers:
            click.echo(f"{marks[one.state]}  {one.name:<12} {one.says}")
    if any(one.state == "problem" for one in answers):
        raise click.exceptions.Exit(PROBLEMS)


def look(settings: Settings) -> Iterator[Answer]:
    """Yield one answer for each thing that the proxy needs."""
    yield Answer("program", "fine", f"dlp_proxy {__version__}, Python {sys.version.split()[0]}")
    yield _mitmproxy()
    yield _detection(hyperscan=settings.hyperscan)
    yield _open_files()
    yield _inspectors()
    yield _policies(settings.policies)
    folder = StateDir(settings.state)
    yield _try("state", lambda: _state(folder))
    yield _authority(folder)
    for name, address in (("proxy port", settings.listen), ("operations", settings.operations)):
        yield _port(name, address)
    if settings.ssl_insecure:
        yield Answer("upstream", "warning", "certificates of destinations are NOT verified: anybody may pose as them")
    if settings.monitor:
        yield Answer("mode", "warning", "monitor: nothing is blocked")


def _try(name: str, check: Callable[[], str]) -> Answer:
    try:
        return Answer(name, "fine", check())
    except StoreError as error:
        return Answer(name, "problem", str(error))


def _mitmproxy() -> Answer:
    version = importlib.metadata.version("mitmproxy")
    parts = tuple(int(one) for one in version.split(".")[:3])
    if not (12, 2, 3) <= parts < (12, 4):
        return Answer(
            "mitmproxy", "problem", f"{version}: must be >= 12.2.3 and < 12.4; run `scripts/dlp-proxy` to renew"
        )
    return Answer("mitmproxy", "fine", version)


def _detection(*, hyperscan: bool) -> Answer:
    if ENGINE != "hyperscan":
        return Answer("detection", "warning", "no hyperscan: same findings, slower; `pip install 'dlp_proxy[fast]'`")
    if not hyperscan:
        return Answer("detection", "warning", "hyperscan is there and the setting `hyperscan` is off: slower")
    return Answer("detection", "fine", f"hyperscan {importlib.metadata.version('hyperscan')} looks first")


def _open_files() -> Answer:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _ENOUGH_FILES:
        return Answer(
            "open files", "warning", f"limit {soft}: two for each connection; raise it with LimitNOFILE= or ulimit -n"
        )
    return Answer("open files", "fine", f"limit {soft}")


def _inspectors() -> Answer:
    found = try_out()
    if found.missing:
        return Answer("inspectors", "warning", "; ".join(found.missing))
    return Answer("inspectors", "fine", "no network, and no file they could write")


def _policies(folder: Path) -> Answer:
    try:
        files, loaded = check_policies(folder)
    except StoreError as error:
        return Answer("policies", "problem", str(error))
    if loaded.policy is None:
        return Answer("policies", "problem", f"{len(loaded.problems)} problems: run `dlp-proxy policy check {folder}`")
    return Answer("policies", "fine", f"{len(files.texts)} files in {folder}, {loaded.policy.digest[:19]}")


def _state(folder: StateDir) -> str:
    folder.make()
    folder.key()
    if not folder.events.exists():
        return f"{folder.path} is private and writable; no events yet"
    store = SqliteStore(folder.events)
    try:
        if not store.writable():
            raise StoreError(f"{folder.events} takes no write: look at the disk and at its owner")
    finally:
        store.close()
    return f"{folder.path} is private, {folder.events.name} takes writes"


def _authority(folder: StateDir) -> Answer:
    if not folder.ca.joinpath("mitmproxy-ca.pem").exists():
        return Answer("CA", "warning", "none yet: `run` makes one, or `dlp-proxy ca init --name ...`")
    return _try("CA", lambda: _certificate(folder))


def _certificate(folder: StateDir) -> str:
    authority = show_authority(folder.ca)
    return f"{authority.subject}, ends {authority.not_after:%Y-%m-%d}"


def _port(name: str, address: Address) -> Answer:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((address.host, address.port))
        except OSError as error:
            return Answer(
                name, "warning", f"{address} is not free ({error.strerror}): fine if the proxy runs, else change it"
            )
    return Answer(name, "fine", f"{address} is free")
