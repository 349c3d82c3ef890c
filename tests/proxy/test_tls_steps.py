"""Reading TLS gives what mitmproxy's own way of reading gives, however the bytes come."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from OpenSSL import SSL

from dlp_proxy.proxy import tls_steps

SAID = [b"one", b"x" * 20_000, b"", b"y" * 70_000, b"last"]


class Layer:
    """As much of a layer as reading needs."""

    def __init__(self, tls: SSL.Connection, *, ours: bool) -> None:
        self.tls, self.conn, self.debug = tls, Side(), None
        self._interact = tls_steps.tls_interact if ours else tls_steps.STOCK[0]

    def tls_interact(self) -> Any:
        return self._interact(self)  # type: ignore[arg-type]

    def event_to_child(self, event: events.Event) -> Any:
        yield event


class Side:
    state = ConnectionState.OPEN


def handshaken() -> tuple[SSL.Connection, SSL.Connection]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    now = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now).sign(key, hashes.SHA256())
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_privatekey(key)
    context.use_certificate(made)
    server, client = SSL.Connection(context), SSL.Connection(SSL.Context(SSL.TLS_METHOD))
    server.set_accept_state()
    client.set_connect_state()
    for _ in range(3):
        for one, other in ((client, server), (server, client)):
            with contextlib.suppress(SSL.WantReadError):
                one.do_handshake()
            if tls_steps.waiting(one._from_ssl):
                other.bio_write(one.bio_read(65535))
    return client, server


@pytest.mark.parametrize("piece", [1, 7, 4096, 16_400, 200_000])
@pytest.mark.parametrize("ours", [True, False])
def test_what_was_said_is_read_to_the_end(ours: bool, piece: int) -> None:  # noqa: FBT001 - the two ways
    client, server = handshaken()
    for said in filter(None, SAID):
        client.sendall(said)
    client.shutdown()
    sent = b""
    while tls_steps.waiting(client._from_ssl):
        sent += client.bio_read(65535)
    read = tls_steps.receive_data if ours else tls_steps.STOCK[1]
    layer: Any = Layer(server, ours=ours)
    seen = [one for at in range(0, len(sent), piece) for one in read(layer, sent[at : at + piece])]

    heard = b"".join(one.data for one in seen if isinstance(one, events.DataReceived))
    assert heard == b"".join(SAID)
    assert isinstance(seen[-1], events.ConnectionClosed)
    assert layer.conn.state is ConnectionState.CAN_WRITE


def test_what_is_to_be_sent_is_sent_whole_and_nothing_else() -> None:
    client, server = handshaken()
    layer: Any = Layer(server, ours=True)
    server.sendall(b"z" * 150_000)
    sent = [one for one in tls_steps.tls_interact(layer) if isinstance(one, commands.SendData)]
    for one in sent:
        client.bio_write(one.data)
    heard = b""
    while len(heard) < 150_000:
        heard += client.recv(65535)
    assert (len(sent), [*tls_steps.tls_interact(layer)]) == (3, [])


@pytest.mark.parametrize("room_bytes", [1, 1000, 16 * 1024, 300_000])
def test_a_body_is_decrypted_into_its_room_and_no_further(room_bytes: int) -> None:
    client, server = handshaken()
    said = b"".join(bytes([one]) * 5_000 for one in range(50))
    client.sendall(said)
    server.bio_write(bytes(tls_steps.sealed_whole(client)))
    heard = b""
    while len(heard) < len(said):
        room = bytearray(room_bytes)
        came, over = tls_steps.opened(server, memoryview(room))
        assert came == min(room_bytes, len(said) - len(heard))
        assert not over
        heard += room[:came]
        if room_bytes == 1 and len(heard) == 20_000:  # over the border of two records is enough
            break
    assert said.startswith(heard)


def test_what_is_not_there_yet_is_told_from_what_will_never_come() -> None:
    client, server = handshaken()
    room = memoryview(bytearray(100))
    assert tls_steps.opened(server, room) == (0, False)
    client.sendall(b"all of it")
    client.shutdown()
    server.bio_write(bytes(tls_steps.sealed_whole(client)))
    assert tls_steps.opened(server, room) == (9, True)
    assert bytes(room[:9]) == b"all of it"


def test_nonsense_ends_a_body() -> None:
    client, server = handshaken()
    client.sendall(b"whole")
    server.bio_write(bytes(tls_steps.sealed_whole(client)) + b"\x17\x03\x03\x00\x20" + bytes(32))
    assert tls_steps.opened(server, memoryview(bytearray(100))) == (5, True)


def test_nothing_to_send_is_nothing() -> None:
    client, _ = handshaken()
    assert tls_steps.sealed_whole(client) == b""
