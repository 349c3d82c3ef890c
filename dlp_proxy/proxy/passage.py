"""What we know of a flow while it passes: kept in the flow's metadata, read by the layers and the addon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mitmproxy.flow import Flow

_KEY: Final = "dlp_proxy"


@dataclass(slots=True)
class Passage:
    """State of one flow.

    Attributes:
        uid: of the event of the request; empty before it was judged.
        judged: a verdict was reached; nothing goes upstream before.
        recorded: the store has an event, so an outcome must follow.
        blocked: the answer comes from us.
        not_held: why the body could not be held whole; empty when it was.
        held: path of the body's file; empty when the body is in memory.
        held_bytes: its size.
        released: bytes of the body that went upstream.
        close_reason: set when the WebSocket must be closed with 1008 (policy violation).
    """

    uid: str = ""
    judged: bool = False
    recorded: bool = False
    blocked: bool = False
    logged: bool = False
    not_held: str = ""
    held: str = ""
    held_bytes: int = 0
    released: int = 0
    close_reason: str = ""


def passage_of(flow: Flow) -> Passage:
    """Return the flow's passage; the first call makes it."""
    found = flow.metadata.get(_KEY)
    if not isinstance(found, Passage):
        found = flow.metadata[_KEY] = Passage()
    return found
