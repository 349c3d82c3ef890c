"""What is handed to somebody outside, sealed to their own key: any program of age opens it."""

from __future__ import annotations

import os
import secrets
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage

from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import sync_folder


def recipients_of(words: Sequence[str]) -> list[Any]:
    """Return keys of age that were given in words (``age1...``).

    Raises:
        StoreError: one of them is none.
    """
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in words]
    except pyrage.RecipientError as error:
        raise StoreError(f"this is no public key of age (age1...): {error}") from error


def seal_to(content: bytes, recipients: Sequence[Any]) -> bytes:
    """Return a content that each of the recipients can open, and nobody else."""
    return bytes(pyrage.encrypt(content, list(recipients)))


def wrap_folder(folder: Path, target: Path, recipients: Sequence[Any]) -> None:
    """Write a folder as one sealed archive (tar in age). It has its name when it is whole and on disk.

    Raises:
        StoreError: it is there already, or cannot be written; then nothing is left.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} is there already: nothing is written over")
    waiting = [target.with_name(f".{target.name}.{secrets.token_hex(4)}.{kind}") for kind in ("tar", "unfinished")]
    plain, sealed = waiting
    try:
        with (
            os.fdopen(os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for path in (folder, *sorted(folder.rglob("*"))):
                archive.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=_nobodys)
        pyrage.encrypt_file(str(plain), str(sealed), list(recipients))
        with sealed.open("r+b") as written:
            os.fsync(written.fileno())
        sealed.chmod(0o600)
        sealed.rename(target)
        sync_folder(target.absolute().parent)
    except (OSError, pyrage.EncryptError) as error:
        raise StoreError(f"cannot write {target}: {error}") from error
    finally:
        for path in waiting:
            path.unlink(missing_ok=True)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whose files they are on this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
