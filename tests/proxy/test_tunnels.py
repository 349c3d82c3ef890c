"""What is left out around a tunnel changed closes only, and that is still done."""

from __future__ import annotations

from typing import Any

from mitmproxy.connection import Client, ConnectionState, Server
from mitmproxy.proxy import commands, events

from dlp_proxy.proxy.tunnels import Straight


class Inside:
    def __init__(self, *said: commands.Command) -> None:
        self._said = said

    def handle_event(self, _event: events.Event) -> Any:
        yield from self._said


def test_a_half_closed_connection_inside_a_tunnel_is_closed() -> None:
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), state=ConnectionState.OPEN)
    server = Server(address=("127.0.0.1", 3))
    said = commands.SendData(client, b"x")
    inside: Any = Inside(said, commands.CloseTcpConnection(server, half_close=True), commands.CloseConnection(client))

    first, second, third = Straight(inside, client).handle_event(events.Start())

    assert first is said
    assert (type(second), second.connection) == (commands.CloseConnection, server)
    assert (type(third), third.connection) == (commands.CloseConnection, client)


def test_a_client_that_cannot_be_written_to_is_not_closed_again() -> None:
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), state=ConnectionState.CAN_READ)
    inside: Any = Inside(commands.CloseConnection(client))
    assert not [*Straight(inside, client).handle_event(events.Start())]
