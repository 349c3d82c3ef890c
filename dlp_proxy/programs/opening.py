"""The programs that are installed, as one `Opener` of `dlp_proxy/unpack/opener.py`."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from dlp_proxy.programs import djvu, seven_zip
from dlp_proxy.programs.djvu import DjVu
from dlp_proxy.programs.seven_zip import SevenZip
from dlp_proxy.unpack.opener import Kind, Opened


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens a container with the program for its kind."""

    seven_zip: SevenZip | None
    djvu: DjVu | None

    def __call__(self, data: bytes, kind: Kind, seconds: float, room: int) -> Opened | None:
        before = _worked()
        try:
            opened = self._open(data, kind, seconds, room)
        except (OSError, MemoryError):  # no memory for a file in it, or the program cannot be started
            opened = Opened((), len(data), "could not be opened: a program did not start")
        return opened and replace(opened, seconds=_worked() - before)

    def _open(self, data: bytes, kind: Kind, seconds: float, room: int) -> Opened | None:
        if kind == "djvu":
            return self.djvu.open(data, seconds, room) if self.djvu else None
        return self.seven_zip.open(data, kind, seconds, room) if self.seven_zip else None


def _worked() -> float:
    told = os.times()
    return told.children_user + told.children_system


def find() -> Opening:
    """Return what is installed."""
    return Opening(seven_zip.find(), djvu.find())
