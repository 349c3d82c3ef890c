"""Files that settings name: there, readable by the proxy, and where they hold secrets by nobody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.settings import Settings


def secrets(settings: Settings, config: Path | None) -> Iterator[Answer]:
    """Yield what is wrong with them, or that nothing is."""
    wrong = list(_wrong(settings, config))
    yield from wrong
    if not wrong:
        yield Answer("files", "fine", "what settings name is there, and not open to others")


def _wrong(settings: Settings, config: Path | None) -> Iterator[Answer]:
    hidden = {
        "ldap_secret_file": settings.ldap_secret_file,
        "htpasswd": settings.htpasswd,
        "ca_passphrase_file": settings.ca_passphrase_file,
        "upstream_login_file": settings.upstream_login_file,
    }
    hidden |= {f"forward: {one.name}: header_file": one.header_file for one in settings.forward}
    for name, path in hidden.items():
        if path is not None:
            yield from _readable(name, path)
            if path.exists() and _mode(path) & 0o077:
                yield Answer(name, "warning", f"others may read or change {path}: `chmod 600 {path}`")
    authorities = {"upstream_ca": settings.upstream_ca, "client_ca": settings.client_ca}
    authorities |= {f"forward: {one.name}: ca": one.ca for one in settings.forward}
    for name, path in authorities.items():
        if path is not None:
            yield from _readable(name, path)
            yield from _certificates(name, path)
    if config is not None:
        yield from _readable("config", config)
    for name, path in (("config", config), ("policies", settings.policies)):
        if path is not None and path.exists() and _mode(path) & 0o022:
            yield Answer(
                f"{name} file",
                "warning",
                f"others may change {path}, and with it what is blocked: `chmod -R go-w {path}`",
            )


def _readable(name: str, path: Path) -> Iterator[Answer]:
    if not path.exists():
        yield Answer(name, "problem", f"there is no file {path}: mend the setting, or put it there")
    elif not os.access(path, os.R_OK):
        yield Answer(name, "problem", f"{path} cannot be read by this user: `chown` or `chgrp` it")


def _certificates(name: str, path: Path) -> Iterator[Answer]:
    if not path.exists() or not os.access(path, os.R_OK):
        return
    try:
        x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        yield Answer(
            name, "problem", f"{path} holds no certificate in PEM: it must begin with -----BEGIN CERTIFICATE-----"
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
