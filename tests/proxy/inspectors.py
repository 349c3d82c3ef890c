"""Inspectors for the pool's tests: each does to its process what its message's target says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message


def build(name: str) -> Callable[[Message], Inspection]:
    if name == "broken":
        raise RuntimeError("no engine")

    def inspect(message: Message) -> Inspection:
        match message.target:
            case "/die":
                os._exit(1)
            case "/hang":
                time.sleep(3600)
            case "/spin":
                while True:
                    pass
            case "/eat":
                return Inspection(parts=len(bytearray(8 << 30)))
            case "/raise":
                raise LookupError("13800138000")
        return Inspection(parts=os.getpid(), bytes=len(message.body), content=name)

    return inspect
