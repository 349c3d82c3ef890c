"""``dlp-proxy doctor``: what would keep the proxy from working here."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import ipaddress
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from dlp_proxy import __version__
from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.cli.examine.disk import disk
from dlp_proxy.cli.examine.machine import machine
from dlp_proxy.cli.examine.network import network
from dlp_proxy.cli.examine.secrets import secrets
from dlp_proxy.cli.examine.ways import ways
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.detect.prefilter import ENGINE
from dlp_proxy.pictures import tesseract
from dlp_proxy.programs import opening
from dlp_proxy.proxy.known import read_known
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.proxy.passwords import WITHOUT_SALT
from dlp_proxy.proxy.sandbox import try_out
from dlp_proxy.sealing.people import ROLES, PeopleFolder
from dlp_proxy.settings import Settings, load_settings
from dlp_proxy.stores.authority import show_authority
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.unpack.libraries import library
from dlp_proxy.wiring.engine import check_policies
from dlp_proxy.wiring.ways import ca_passphrase
from dlp_proxy.wiring.who import who_settings

_SOON: Final = dt.timedelta(days=30)


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
    answers = list(look(settings, config))
    if print_json:
        click.echo(json.dumps([asdict(one) for one in answers], ensure_ascii=False))
    else:
        marks = {"fine": "ok  ", "warning": "warn", "problem": "FAIL"}
        for one in answers:
            click.echo(f"{marks[one.state]}  {one.name:<12} {one.says}")
    if any(one.state == "problem" for one in answers):
        raise click.exceptions.Exit(PROBLEMS)


def look(settings: Settings, config: Path | None = None) -> Iterator[Answer]:
    """Yield one answer for each thing that the proxy needs."""
    yield Answer("program", "fine", f"dlp_proxy {__version__}, Python {sys.version.split()[0]}")
    yield _mitmproxy()
    yield _detection(hyperscan=settings.hyperscan)
    yield _pictures(settings.ocr)
    yield _archives()
    yield _containers()
    yield from machine(settings)
    yield _inspectors()
    yield _policies(settings.policies)
    folder = StateDir(settings.state)
    yield _try("state", lambda: _state(folder))
    yield _authority(folder, settings)
    yield from disk(settings, folder)
    yield from secrets(settings, config)
    yield from network(settings)
    yield _around(settings)
    yield _who(settings)
    yield _evidence(settings, folder)
    yield from ways(settings)
    if settings.raw_tcp:
        where = ", ".join(f"{host}:{port}" for host, port in settings.raw_tcp)
        yield Answer("raw_tcp", "warning", f"anything may be spoken to {where}: judged, but formats are not known")
    if settings.ssl_insecure:
        yield Answer("upstream", "warning", "certificates of destinations are NOT verified: anybody may pose as them")
    if settings.monitor:
        yield Answer("mode", "warning", "monitor: nothing is blocked")


def _who(settings: Settings) -> Answer:
    """Say how it is found out who sends, and what of it is weak."""
    try:
        known = read_known(who_settings(settings))
    except KnownFileError as error:
        return Answer("who sends", "problem", str(error))
    says, weak = [], []
    if settings.ldap_url:
        says.append(f"log-in {settings.login} by {settings.ldap_url}")
        if settings.ldap_url.startswith("ldap:"):
            weak.append("passwords go to the directory in the clear: use ldaps://")
    if settings.htpasswd:
        says.append(f"log-in {settings.login}, {len(known.passwords)} users")
        if WITHOUT_SALT in known.passwords.schemes:
            weak.append("SHA without salt in htpasswd: renew with `htpasswd -B`")
        if not ipaddress.ip_address(settings.listen.host).is_loopback:
            weak.append("passwords reach the proxy in the clear unless clients speak TLS to it")
    if settings.identity_header:
        says.append(f"{settings.identity_header} from {', '.join(settings.identity_header_from) or 'nobody'}")
        if not settings.identity_header_from:
            weak.append("identity_header is believed from nobody: set identity_header_from")
    if settings.proxy_protocol_from:
        says.append(f"PROXY protocol from {', '.join(settings.proxy_protocol_from)}")
    says.append(f"{len(known.devices)} devices, {len(known.leases)} leases")
    if not settings.htpasswd and not settings.ldap_url and not settings.identity_header:
        weak.append("only addresses tell who sends")
    return Answer("who sends", "warning" if weak else "fine", "; ".join(says + weak))


def _evidence(settings: Settings, folder: StateDir) -> Answer:
    """Say whether what is sealed can be opened, by whom, and for how long."""
    if settings.evidence == "off":
        return Answer("evidence", "warning", "off: requests that are stopped or logged are not kept")
    now = time.time()
    try:
        people = PeopleFolder(folder.people).people()
    except StoreError as error:
        return Answer("evidence", "problem", str(error))
    says = [f"{len(people.in_force(role, now))} {role}s" for role in ROLES]
    weak = [f"no {role} has a key in force: none is kept; `dlp-proxy keys init`" for role in people.missing(now)]
    problem = bool(weak) and settings.evidence_on_failure == "block"
    weak += [f"{one} holds both roles and could open evidence alone" for one in people.in_both_roles(now)]
    weak += [
        f"the key of {one.role} {one.name} ends on {dt.datetime.fromtimestamp(one.expires, dt.UTC):%Y-%m-%d}: "
        "`dlp-proxy keys rotate`"
        for one in people.ending(now)
    ]
    if any(one.demo and not one.retired for one in people.keys):
        weak.append("keys of the demo are in force: their private halves lie in one place")
    return Answer("evidence", "problem" if problem else "warning" if weak else "fine", "; ".join(says + weak))


def _around(settings: Settings) -> Answer:
    """Say what only the firewall can do. From here it cannot be seen, so it is a warning where workstations connect."""
    local = ipaddress.ip_address(settings.listen.host).is_loopback
    says = "QUIC is not proxied: block UDP 443, and TCP 80 and 443, at the firewall for everybody but the proxy"
    return Answer("firewall", "fine" if local else "warning", says)


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


def _pictures(ocr: str) -> Answer:
    if ocr == "off":
        return Answer("pictures", "warning", "the setting `ocr` is off: text and codes in pictures are not read")
    program = tesseract.find()
    install = "`apt-get install tesseract-ocr tesseract-ocr-chi-sim`"
    if program is None:
        return Answer("pictures", "warning", f"codes are read, text is not: no tesseract; {install}")
    missing = [one for one in tesseract.WANTED if one not in program.languages]
    says = f"tesseract {program.version} reads {', '.join(program.languages)}; codes by zxing-cpp"
    if missing:
        return Answer("pictures", "warning", f"{says}; without {', '.join(missing)}: {install}")
    return Answer("pictures", "fine", says)


def _containers() -> Answer:
    found = opening.find()
    missing = [
        package for package, program in (("7zip", found.seven_zip), ("djvulibre-bin", found.djvu)) if program is None
    ]
    if missing:
        return Answer(
            "containers",
            "warning",
            f"WIM, CHM, installers and disks (7-Zip) or DjVu are gaps; `apt-get install {' '.join(missing)}`",
        )
    return Answer("containers", "fine", "7-Zip opens WIM, CHM, installers and disks; DjVuLibre DjVu")


def _archives() -> Answer:
    try:
        version = library("libarchive").ffi.version_number()
    except ImportError:
        return Answer(
            "archives",
            "warning",
            "no libarchive: RAR, CAB, ISO, cpio, ar, xar, LHA and LZ4 are gaps; install libarchive13",
        )
    return Answer(
        "archives", "fine", f"libarchive {version // 1_000_000}.{version // 1000 % 1000} reads RAR, CAB and others"
    )


def _inspectors() -> Answer:
    found = try_out()
    if found.missing:
        return Answer("inspectors", "warning", "; ".join(found.missing))
    return Answer("inspectors", "fine", f"no network, and no file they could write: {', '.join(found.by)}")


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


def _authority(folder: StateDir, settings: Settings) -> Answer:
    if not folder.ca.joinpath("mitmproxy-ca.pem").exists():
        return Answer("CA", "warning", "none yet: `run` makes one, or `dlp-proxy ca init --name ...`")
    try:
        shown = show_authority(folder.ca, ca_passphrase(settings))
    except (StoreError, KnownFileError) as error:
        return Answer("CA", "problem", str(error))
    says = f"{shown.subject}, ends {shown.not_after:%Y-%m-%d}"
    if shown.not_after - dt.datetime.now(dt.UTC) < _SOON:
        return Answer("CA", "warning", f"{says}: make a new one and install it on every workstation before that")
    return Answer("CA", "fine", says)
