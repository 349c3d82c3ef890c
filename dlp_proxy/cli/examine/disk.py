"""The disk under the state folder, and the store on it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.settings import Settings
from dlp_proxy.stores.sqlite.connect import UNUSABLE
from dlp_proxy.stores.state_dir import StateDir

_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs", "afs"})
"""File systems on which SQLite's write-ahead log loses or tears writes (sqlite.org/wal.html, section 1)."""
_LITTLE: Final = 1024**3
_FEW_FILES: Final = 10_000
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}
_LARGE_LOG: Final = 256 * 1024**2


def disk(settings: Settings, folder: StateDir) -> Iterator[Answer]:
    """Yield what the disk must give; nothing while there is no state folder."""
    if not folder.path.exists():
        return
    yield file_system(folder.path, Path("/proc/mounts"))
    yield room(shutil.disk_usage(folder.path).free, settings.spool_bytes)
    files = os.statvfs(folder.path)
    if files.f_files and files.f_favail < _FEW_FILES:
        says = f"{files.f_favail} files can still be made: no event, no release; delete small files, or move `state`"
        yield Answer("inodes", "problem", says)
    if folder.events.exists():
        yield store(folder.events)


def file_system(path: Path, mounts: Path) -> Answer:
    """Say whether a commit there is one.

    Args:
        mounts: a table like ``/proc/mounts``.
    """
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    here, kind = "", ""
    for line in lines:
        _, mounted, name, *_ = line.split()
        mounted = mounted.replace(r"\040", " ")
        if path.resolve().is_relative_to(mounted) and len(mounted) >= len(here):
            here, kind = mounted, name
    if kind in _NETWORK:
        return Answer("file system", "problem", f"{path} is on {kind} ({here}): events need a disk of this machine")
    if kind in {"tmpfs", "ramfs"}:
        return Answer("file system", "warning", f"{path} is in memory ({here}): everything is gone with a restart")
    return Answer("file system", "fine", kind or "not known")


def room(free: int, spool: int) -> Answer:
    """Say whether events and held bodies have room."""
    if free < _LITTLE:
        return Answer("disk", "problem", f"{free >> 20} MB left: no event, no release; free it or move `state`")
    if free < spool + _LITTLE:
        return Answer("disk", "warning", f"{free >> 30} GB left, less than `spool_bytes` and a reserve: lower it")
    return Answer("disk", "fine", f"{free >> 30} GB left")


def store(events: Path) -> Answer:
    """Say whether the store's file is whole, without changing it."""
    mend = "stop the proxy, keep the file, and restore your backup: docs/operating.md, State and backup"
    try:
        with closing(sqlite3.connect(f"{events.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    except UNUSABLE as error:
        if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF not in _DAMAGED:
            mend = "nothing says that it is damaged: look at the disk, at how it is mounted, and at whose the files are"
        return Answer("store", "problem", f"{events} cannot be read: {error}; {mend}")
    if found != ["ok"]:
        return Answer("store", "problem", f"{events} is damaged: {found[0]}; {mend}")
    log = events.with_name(f"{events.name}-wal")
    if log.exists() and log.stat().st_size > _LARGE_LOG:
        size = log.stat().st_size >> 20
        return Answer("store", "warning", f"{log.name} has {size} MB: some program reads {events.name} without an end")
    return Answer("store", "fine", f"{events.name} is whole, {events.stat().st_size >> 20} MB")
