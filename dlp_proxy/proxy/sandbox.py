"""Taking from an inspector what it does not need: the network, and every file it could write.

An inspector reads what strangers made. Should a reader in it be taken over, there is nobody it could tell: no network
(a network namespace of its own, or Landlock where the kernel gives none) and no place to leave anything (Landlock).
What the kernel cannot do is said by `doctor` and in the log; the limits on memory, time and files hold everywhere.

Sources: unshare(2), user_namespaces(7), landlock(7) of Linux 6.x; the numbers are those of the kernel's headers.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_NO_NEW_PRIVILEGES: Final = 38
_PATH_BENEATH: Final = 1

# linux/landlock.h: rights to change files. Reading stays free: modules are still being imported.
_WRITE_FILE: Final = 1 << 1
_MAKE_AND_REMOVE: Final = sum(1 << bit for bit in range(4, 13))
_REFER: Final = 1 << 13
_TRUNCATE: Final = 1 << 14
_BIND_AND_CONNECT: Final = 0b11
_REFER_SINCE, _TRUNCATE_SINCE, _NETWORK_SINCE = 2, 3, 4


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@dataclass(frozen=True, slots=True)
class Confinement:
    """What was taken away, by what in the kernel, and what it would not do; both for people."""

    network: bool
    files: bool
    missing: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


def confine(writable: Path | None = None) -> Confinement:
    """Take the network and writing away from this process, for good. Call it before a second thread starts.

    Args:
        writable: a folder below which it may still write.
    """
    if sys.platform != "linux":
        return Confinement(network=False, files=False, missing=(f"nothing of it is built for {sys.platform}",))
    missing: list[str] = []
    alone = _leave_network()
    version = _landlock_version()
    files, silent = (False, False) if version < 1 else _lock(version, writable)
    network = bool(alone) or silent
    if not network:
        missing.append("no network namespace: user namespaces are switched off, and Landlock is too old for TCP")
    if not files:
        missing.append("no Landlock: inspectors could write files; it needs Linux 5.13 with `landlock` in lsm=")
    by = [f"a network namespace of its own ({alone})"] if alone else []
    by += [f"Landlock {version}"] if files else []
    return Confinement(network, files, tuple(missing), tuple(by))


def try_out() -> Confinement:
    """Return what `confine` would do here, tried in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            found = confine()
            os.write(writer, json.dumps([found.network, found.files, found.missing, found.by]).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    if not said:
        return Confinement(network=False, files=False, missing=("the attempt failed",))
    network, files, missing, by = json.loads(said)
    return Confinement(network, files, tuple(missing), tuple(by))


def _leave_network() -> str:
    """Return how the network was left; empty when it could not be."""
    ways = {"as root": os.CLONE_NEWNET, "in a user namespace": os.CLONE_NEWUSER | os.CLONE_NEWNET}
    for way, flags in ways.items():
        try:
            os.unshare(flags)
        except OSError:
            continue
        return way
    return ""


def _landlock_version() -> int:
    if platform.machine() not in {"x86_64", "aarch64", "riscv64"}:
        return 0  # the numbers above are those of the common table, which these use
    return _call(_CREATE_RULESET, None, 0, _ASK_VERSION)


def _lock(version: int, writable: Path | None) -> tuple[bool, bool]:
    """Return whether writing, and whether TCP, are taken away."""
    rights = _WRITE_FILE | _MAKE_AND_REMOVE
    rights |= (_REFER if version >= _REFER_SINCE else 0) | (_TRUNCATE if version >= _TRUNCATE_SINCE else 0)
    network = _BIND_AND_CONNECT if version >= _NETWORK_SINCE else 0
    wanted = _Ruleset(rights, network, 0)
    size = 16 if network else 8
    ruleset = _call(_CREATE_RULESET, ctypes.byref(wanted), size, 0)
    if ruleset < 0:
        return False, False
    try:
        if writable is not None and not _allow(ruleset, writable, rights):
            return False, False
        if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or _call(_RESTRICT_SELF, ruleset, 0):
            return False, False
    finally:
        os.close(ruleset)
    return True, bool(network)


def _allow(ruleset: int, folder: Path, rights: int) -> bool:
    place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        beneath = _Beneath(rights, place)
        return _call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0) == 0
    finally:
        os.close(place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    return int(_libc().syscall(number, *arguments))
