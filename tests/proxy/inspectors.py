"""Inspectors for the pool's tests: each does to its process what its message's target says."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.proxy.inspector import _resident

_built_at = 0
"""The priority, 0 to 19, at which this process made its engine; less is more."""


def build(name: str) -> Callable[[Message], Inspection]:  # noqa: C901 - a line for each of what it may do
    global _built_at  # noqa: PLW0603 - one engine in each process
    _built_at = os.getpriority(os.PRIO_PROCESS, 0)
    _make(name)

    def inspect(message: Message) -> Inspection:
        if message.target in _TELLS:
            return _TELLS[message.target]()
        match message.target:
            case "/die":
                os._exit(1)
            case "/hang":
                time.sleep(3600)
            case "/late":
                time.sleep(1)
            case "/stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "/spin":
                while True:
                    pass
            case "/eat":
                return Inspection(parts=len(bytearray(8 << 30)))
            case "/connect":
                return Inspection(content=_refused(lambda: _connect(message.client_port)))
            case "/write":
                return Inspection(content=_refused(lambda: Path(message.method).write_text("x", encoding="utf-8")))
            case "/raise":
                raise LookupError("13800138000")
        body = Path(message.body_file).read_bytes() if message.body_file else message.body
        return Inspection(parts=os.getpid(), bytes=len(body), content=name)

    return inspect


def _limits() -> Inspection:
    kinds = (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)
    return Inspection(content=json.dumps([*map(resource.getrlimit, kinds), time.process_time()]))


_TELLS: dict[str, Callable[[], Inspection]] = {
    "/limits": _limits,
    "/built": lambda: Inspection(parts=_built_at, bytes=os.getpriority(os.PRIO_PROCESS, 0)),
    "/size": lambda: Inspection(parts=_resident()),
    "/grow": lambda: Inspection(parts=len(b"x" * (24 * 1024 * 1024))),
}


def _make(name: str) -> None:
    if name == "slow":
        time.sleep(2)
    if name.startswith("/") and Path(name).exists():  # hangs, once
        Path(name).unlink()
        time.sleep(3600)
    if name == "broken":
        raise RuntimeError("no engine")


def _refused(work: Callable[[], object]) -> str:
    try:
        work()
    except OSError as error:
        return f"refused: {type(error).__name__}"
    return "done"


def _connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port)).close()
