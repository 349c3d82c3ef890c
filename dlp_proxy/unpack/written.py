"""What the bytes of numbers say: an array may be a file that somebody read as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.strings import readable_lines

_TEXT: Final = 4
"""A piece is part of a text when one in so many of its bytes reads as one; of numbers it is one in a hundred."""


class Written:
    """The bytes of arrays, by their names. Of what is no text and is not packed only the readable runs are kept."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._kept: dict[str, bytearray] = {}
        self._runs: list[str] = []

    def add(self, name: str, data: bytes) -> None:
        """Look at a piece of the array `name`."""
        if name in self._kept:
            self._kept[name] += data
            return
        runs = "\n".join(readable_lines(data))
        if len(runs.encode()) * _TEXT > len(data) or any(private.held(self._content.inside(data, name))):
            self._kept[name] = bytearray(data)
        elif runs:
            self._runs.append(runs)

    def contents(self) -> Iterator[Part | Content]:
        """Yield what was found."""
        for name, data in self._kept.items():
            yield self._content.inside(bytes(data), f"bytes of {step(name)}" if name else "bytes of the array")
        if self._runs:
            yield Part(self._content.location / "readable strings in arrays", "\n".join(self._runs))
