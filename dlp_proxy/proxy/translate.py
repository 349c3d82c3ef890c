"""A flow becomes a `Message`: the last place but one (`enforce`) that sees mitmproxy's types."""

from __future__ import annotations

import time
from dataclasses import replace

from mitmproxy import http, tcp
from mitmproxy.flow import Flow

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Channel, Destination, Message, Principal
from dlp_proxy.proxy.connections import VIA
from dlp_proxy.proxy.destinations import normal_host, parse_ip
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.page import can_be_asked
from dlp_proxy.proxy.passage import passage_of


class Translator:
    """Makes messages of flows for one installation."""

    def __init__(self, address_book: AddressBook) -> None:
        self._book = address_book

    def request(self, flow: http.HTTPFlow, uid: str) -> Message:
        """Return the message of a request. With a `too-large` gap the body is not there."""
        request, passage = flow.request, passage_of(flow)
        gaps = gaps_of(flow, Location("body"))
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
            client_port=_peer(flow)[1],
            attended=not gaps and can_be_asked(request.method, request.headers),
        )

    def websocket(self, flow: http.HTTPFlow, uid: str) -> Message:
        """Return the message of one WebSocket message. Headers were judged with the handshake and are left out."""
        gaps = gaps_of(flow, Location("websocket"))
        return self._one_of_many(flow, uid, "websocket", b"" if gaps else last_content(flow), gaps)

    def grpc(self, flow: http.HTTPFlow, uid: str) -> Message:
        """Return the message of one gRPC message. Of the headers it has only what says how to read it."""
        passage = passage_of(flow)
        message = self._one_of_many(flow, uid, "grpc", passage.message, gaps_of(flow, Location("body")))
        coding = passage.message_coding.encode("latin-1", "replace")
        return replace(message, headers=((b"content-encoding", coding),)) if coding else message

    def raw(self, flow: tcp.TCPFlow, uid: str) -> Message:
        """Return the message of a piece of a raw connection."""
        host, to_port = flow.server_conn.address or ("", 0)
        return Message(
            uid=uid,
            time=time.time(),
            channel="tcp",
            principal=self.principal(flow),
            destination=Destination("tls" if flow.client_conn.tls else "tcp", normal_host(host), to_port),
            method="CONNECT",
            target="/",
            body=passage_of(flow).message,
            http_version="",
            client_port=_peer(flow)[1],
            attended=False,
        )

    def _one_of_many(
        self, flow: http.HTTPFlow, uid: str, channel: Channel, content: bytes, gaps: tuple[Gap, ...]
    ) -> Message:
        return Message(
            uid=uid,
            time=time.time(),
            channel=channel,
            principal=self.principal(flow),
            destination=destination_of(flow, websocket=channel == "websocket"),
            method=flow.request.method,
            target=target_of(flow.request),
            body=content,
            gaps=gaps,
            http_version=flow.request.http_version,
            client_port=_peer(flow)[1],
            attended=False,
        )

    def principal(self, flow: Flow) -> Principal:
        """Return who was proved to send, else who the address stands for now."""
        return passage_of(flow).principal or self._book.principal(_peer(flow)[0], via_of(flow))


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
    path = request.data.path
    return path.decode() if path.isascii() else "".join(chr(one) if one < 128 else f"%{one:02X}" for one in path)


def gaps_of(flow: Flow, place: Location) -> tuple[Gap, ...]:
    """Return what receiving already could not take in."""
    why = passage_of(flow).not_held
    return (Gap("too-large", place, why, passage_of(flow).not_held_bytes),) if why else ()


def last_content(flow: http.HTTPFlow) -> bytes:
    """Return the content of the WebSocket message that waits for its verdict."""
    if flow.websocket is None or not flow.websocket.messages:
        raise ValueError("no WebSocket message")
    return flow.websocket.messages[-1].content


def _peer(flow: Flow) -> tuple[str, int]:
    peer = flow.client_conn.peername
    return (peer[0], peer[1]) if peer else ("", 0)


def via_of(flow: Flow) -> str:
    """Return the front proxy that named the client's address; empty when the client came itself."""
    return str(getattr(flow.client_conn, VIA, ""))
