"""What we know of a flow while it passes: kept in the flow's metadata, read by the layers and the addon."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from mitmproxy import http
from mitmproxy.flow import Flow
from mitmproxy.proxy.context import Context

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Principal
from dlp_proxy.proxy.ahead import Ahead

_KEY: Final = "dlp_proxy"


@dataclass(slots=True)
class Passage:
    """State of one flow.

    Attributes:
        uid: of the event of the request; empty before it was judged.
        judged: a verdict was reached; nothing goes upstream before.
        recorded: the store has an event, so an outcome must follow.
        durable: its light record, on the way to the disk; the answer waits for it.
        blocked: the answer comes from us.
        withheld: so does this one, in place of the destination's, which had the upload by then.
        not_held: why the body could not be held whole; empty when it was.
        not_held_bytes: its declared length, 0 when it has none.
        held: path of the body's file; empty when the body is in memory.
        held_bytes: its size.
        ahead: the look at the body that began while it came in; None where there was none.
        rewritten: another body goes on in its place; it is that of the request.
        released: bytes of the body that went upstream.
        by_message: the request is a stream of messages: its head was judged, each message is by itself.
        message: bytes of the message that waits for its verdict.
        tail: the end of what went before in the conversation, to be looked at again with what comes next.
        tail_form: how it goes on: ``bare`` text, or documents of ``json``, a line each.
        tail_lines: the same messages of bare text, a line each.
        seen: what was found in it.
        message_coding: what that message is compressed with; empty for nothing.
        told: reasons of gaps that an event of this conversation told of already.
        earlier: what was found in earlier messages of the conversation.
        earlier_since: time of the first of them.
        principal: who sends, where it was proved; None where the address has to tell.
        tunnel: of the CONNECT that this flow is inside of.
        close_reason: set when the conversation must be closed; says so to the client.
    """

    uid: str = ""
    judged: bool = False
    recorded: bool = False
    durable: Future[str] | None = None
    blocked: bool = False
    withheld: bool = False
    logged: bool = False
    not_held: str = ""
    not_held_bytes: int = 0
    held: str = ""
    held_bytes: int = 0
    ahead: Ahead | None = None
    rewritten: bool = False
    released: int = 0
    by_message: bool = False
    message: bytes = b""
    tail: bytes = b""
    tail_form: str = ""
    tail_lines: bytes = b""
    seen: Inspection | None = None
    message_coding: str = ""
    told: frozenset[str] = frozenset()
    earlier: Inspection | None = None
    earlier_since: float = 0.0
    principal: Principal | None = None
    tunnel: Passage | None = None
    close_reason: str = ""


def passage_of(flow: Flow) -> Passage:
    """Return the flow's passage; the first call makes it."""
    found = flow.metadata.get(_KEY)
    if not isinstance(found, Passage):
        found = flow.metadata[_KEY] = Passage()
    return found


def tunnel_of(context: Context) -> Passage | None:
    """Return the passage of the CONNECT that a layer is inside of; None outside.

    Not kept by connection: over HTTP/2 one connection to the proxy can hold tunnels of several people.
    """
    for layer in reversed(context.layers):
        flow = getattr(layer, "flow", None)
        if isinstance(flow, http.HTTPFlow) and flow.request.method == "CONNECT":
            return passage_of(flow)
    return None
