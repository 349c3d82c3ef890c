"""Messages between the supervisor and one worker, over a socket pair that only they hold.

A message is a JSON object with the word `is`, and bytes after it. Only the supervisor sends bytes: a worker reads what
strangers made, so nothing that it says is ever unpickled.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from dataclasses import dataclass
from typing import Any, Final, Self

from dlp_proxy.settings import Settings
from dlp_proxy.wiring.policy_set import PolicySet
from dlp_proxy.wiring.sizes import Sizes

_HEAD: Final = struct.Struct("!II")

type Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is started with."""

    settings: Settings
    sizes: Sizes
    policies: PolicySet
    own_ports: frozenset[int]


class Channel:
    """One end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, end: socket.socket) -> Self:
        end.settimeout(0)
        return cls(*await asyncio.open_connection(sock=end))

    async def tell(self, word: str, content: bytes = b"", **more: object) -> None:
        """Send a message; nothing happens when the other end is gone, which `hear` tells.

        Args:
            word: what it is.
            content: bytes that go with it.
        """
        said = json.dumps({"is": word, **more}).encode()
        try:
            self._writer.write(_HEAD.pack(len(said), len(content)) + said + content)
            await self._writer.drain()
        except (ConnectionError, RuntimeError):
            return

    async def hear(self) -> tuple[Said, bytes] | None:
        """Return the next message with its bytes; None when the other end is gone."""
        try:
            length, more = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
            said = json.loads(await self._reader.readexactly(length))
            return said, await self._reader.readexactly(more)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    def close(self) -> None:
        self._writer.close()
