"""What an installation keeps: its policies, its state folder, its CA."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from cryptography import x509

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.settings import Settings
from dlp_proxy.stores.authority import CERTIFICATE_FILE, KEY_FILE, show_authority
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.engine import check_policies
from dlp_proxy.wiring.self_test import can_prove
from dlp_proxy.wiring.ways import ca_passphrase

_SOON: Final = dt.timedelta(days=30)


def kept(settings: Settings, folder: StateDir) -> Iterator[Answer]:
    """Yield what is there."""
    yield _policies(settings)
    yield _try("state", lambda: _state(folder))
    yield _authority(folder, settings)


def _policies(settings: Settings) -> Answer:
    folder = settings.policies
    try:
        files, loaded = check_policies(folder)
    except StoreError as error:
        return Answer("policies", "problem", str(error))
    if loaded.policy is None:
        return Answer("policies", "problem", f"{len(loaded.problems)} problems: run `dlp-proxy policy check {folder}`")
    if not settings.monitor and not can_prove(loaded.policy):
        says = f"no test in {folder} expects `block`, so a start cannot prove that anything is: add one"
        return Answer("policies", "problem", says)
    return Answer("policies", "fine", f"{len(files.texts)} files in {folder}, {loaded.policy.digest[:19]}")


def _try(name: str, check: Callable[[], str]) -> Answer:
    try:
        return Answer(name, "fine", check())
    except StoreError as error:
        return Answer(name, "problem", str(error))


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
    if not folder.ca.joinpath(KEY_FILE).exists():
        return Answer("CA", "warning", "none yet: `run` makes one, or `dlp-proxy ca init --name ...`")
    try:
        shown = show_authority(folder.ca, ca_passphrase(settings))
    except (StoreError, KnownFileError) as error:
        return Answer("CA", "problem", str(error))
    given = folder.ca / CERTIFICATE_FILE
    if given.exists() and not _holds(folder.ca / KEY_FILE, given):
        says = (
            f"{given}, which workstations are given, is not of the CA in {KEY_FILE}: nothing that they trust is signed"
        )
        return Answer("CA", "problem", f"{says}; delete {CERTIFICATE_FILE}, and the next start writes it anew")
    says = f"{shown.subject}, ends {shown.not_after:%Y-%m-%d}"
    if shown.not_after - dt.datetime.now(dt.UTC) < _SOON:
        return Answer("CA", "warning", f"{says}: make a new one and install it on every workstation before that")
    return Answer("CA", "fine", says)


def _holds(chain: Path, given: Path) -> bool:
    """Tell whether the certificate that is given out is one of the chain."""
    try:
        return x509.load_pem_x509_certificate(given.read_bytes()) in x509.load_pem_x509_certificates(chain.read_bytes())
    except ValueError:
        return False
