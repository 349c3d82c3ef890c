"""A flow becomes a `Message`: the last place but one (`enforce`) that sees mitmproxy's types."""

from __future__ import annotations

import time

from mitmproxy import http

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.proxy.destinations import normal_host, parse_ip
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.passage import passage_of


class Translator:
    """Makes messages of flows for one installation."""

    def __init__(self, address_book: AddressBook) -> None:
        self._book = address_book

    def request(self, flow: http.HTTPFlow, uid: str, gaps: tuple[Gap, ...] = ()) -> Message:
        """Return the message of a request. With a `too-large` gap the body is not there."""
        request, passage = flow.request, passage_of(flow)
        fields = tuple(request.headers.fields)
        if request.trailers:
            fields += tuple(request.trailers.fields)
        if request.is_http2 and request.data.authority:
            fields = ((b":authority", request.data.authority), *fields)
        return Message(
            uid=uid,
            time=time.time(),
            channel="http",
            principal=self.principal(flow),
            destination=destination_of(flow),
            method=request.method,
            target=target_of(request),
            headers=fields,
            body=b"" if gaps else request.raw_content or b"",
            body_file="" if gaps else passage.held,
            body_file_bytes=0 if gaps else passage.held_bytes,
            gaps=gaps,
            http_version=request.http_version,
            client_port=_source(flow)[1],
        )

    def websocket(self, flow: http.HTTPFlow, uid: str, content: bytes, gaps: tuple[Gap, ...] = ()) -> Message:
        """Return the message of one WebSocket message. Headers were judged with the handshake and are left out."""
        return Message(
            uid=uid,
            time=time.time(),
            channel="websocket",
            principal=self.principal(flow),
            destination=destination_of(flow, websocket=True),
            method=flow.request.method,
            target=target_of(flow.request),
            body=b"" if gaps else content,
            gaps=gaps,
            http_version=flow.request.http_version,
            client_port=_source(flow)[1],
        )

    def principal(self, flow: http.HTTPFlow) -> Principal:
        return self._book.principal(_source(flow)[0])


def destination_of(flow: http.HTTPFlow, *, websocket: bool = False) -> Destination:
    """Return where a flow is really connected to: the CONNECT target or the URL, never a header."""
    scheme = flow.request.scheme
    if websocket:
        scheme = "wss" if scheme == "https" else "ws"
    host = normal_host(flow.request.host)
    address = parse_ip(host)
    return Destination(scheme, host if address is None else str(address), flow.request.port)


def target_of(request: http.Request) -> str:
    """Return path and query as sent; bytes outside ASCII come percent-encoded, so that no spelling is lost."""
    return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in request.data.path)


def last_content(flow: http.HTTPFlow) -> bytes:
    """Return the content of the WebSocket message that waits for its verdict."""
    if flow.websocket is None or not flow.websocket.messages:
        raise ValueError("no WebSocket message")
    return flow.websocket.messages[-1].content


def _source(flow: http.HTTPFlow) -> tuple[str, int]:
    peer = flow.client_conn.peername
    return (peer[0], peer[1]) if peer else ("", 0)
