"""A body read straight from the socket: so many bytes, in order, and whatever else there is stays for the stream."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL

from dlp_proxy.proxy import straight
from dlp_proxy.proxy.gathered import GatheredReader, GatheredWriter
from dlp_proxy.proxy.spool import HeldBody, SpoolFolder, SpoolFullError
from dlp_proxy.proxy.straight import Inlet
from dlp_proxy.proxy.tls_steps import sealed

BODY = random.Random(4).randbytes(1_000_000)


class Counting:
    """In place of the layer that would read the body."""

    def __init__(self, left: int) -> None:
        self.left = left

    def came(self, count: int) -> None:
        self.left -= count


class Ends:
    """Both ends of a connection, the receiving one as it is in a proxy."""

    def __init__(
        self, sender: asyncio.StreamWriter, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.sender = sender
        self.reader = GatheredReader(reader)
        self.writer = GatheredWriter(writer)

    async def read_ahead(self, count: int) -> None:
        """Wait until the stream has read so much that nobody asked for."""
        while len(self.reader._buffer) < count:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)

    def inlet(self, counting: Counting, session: Any = None) -> Inlet:
        return Inlet(counting, session, self.reader, self.writer)  # type: ignore[arg-type]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    came: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Future()
    server = await asyncio.start_server(lambda *both: came.set_result(both), "127.0.0.1", 0)
    _, sender = await asyncio.open_connection(*server.sockets[0].getsockname())
    both = await came
    yield Ends(sender, *both)
    sender.close()
    both[1].close()
    server.close()


async def taken(way: Inlet, room_bytes: int = 300_000) -> bytes:
    got = b""
    with way:
        while way.left and not way.ended:
            room = memoryview(bytearray(room_bytes))
            got += room[: await way.fill(room)]
    return got


async def test_all_but_the_last_byte_is_taken_and_the_rest_stays(ends: Ends) -> None:
    ends.sender.write(BODY[:1000])
    await ends.read_ahead(1000)
    ends.sender.write(BODY[1000:] + b"GET /next")
    counting = Counting(len(BODY))
    assert await taken(ends.inlet(counting)) == BODY[:-1]
    assert counting.left == 1
    assert await ends.reader.readexactly(10) == BODY[-1:] + b"GET /next"


async def test_what_was_read_already_and_is_none_of_the_body_is_given_back(ends: Ends) -> None:
    ends.sender.write(BODY[:100] + b"GET /next")
    await ends.read_ahead(109)
    assert await taken(ends.inlet(Counting(100))) == BODY[:99]
    assert await ends.reader.readexactly(10) == BODY[99:100] + b"GET /next"


async def test_an_end_in_the_middle_is_left_to_the_stream(ends: Ends) -> None:
    ends.sender.write(BODY[:400_000])
    ends.sender.write_eof()
    counting = Counting(len(BODY))
    assert await taken(ends.inlet(counting)) == BODY[:400_000]
    assert counting.left == len(BODY) - 400_000
    assert await ends.reader.read(1) == b""


async def test_who_pauses_is_waited_for_by_the_stream(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(straight, "_IDLE_SECONDS", 0.1)
    ends.sender.write(BODY[:5000])
    assert await taken(ends.inlet(Counting(len(BODY)))) == BODY[:5000]
    ends.sender.write(b"more")
    assert await ends.reader.readexactly(4) == b"more"


async def test_inside_tls_nothing_behind_the_body_is_decrypted(ends: Ends, tls: tuple[Any, Any]) -> None:
    outer, inner = tls
    outer.sendall(BODY + b"GET /next")
    ends.sender.write(b"".join(sealed(outer)))
    assert await taken(ends.inlet(Counting(len(BODY)), inner)) == BODY[:-1]
    rest = b""
    while len(rest) < 10:
        rest += inner.recv(10)
    assert rest == BODY[-1:] + b"GET /next"


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Any, Any]:
    """Return the two sessions of a connection, after the handshake."""
    from tests.live.harness import Certificates  # noqa: PLC0415 - slow to load

    leaf = str(Certificates(tmp_path).leaf("localhost"))
    serving = SSL.Context(SSL.TLS_METHOD)
    serving.use_certificate_chain_file(leaf)
    serving.use_privatekey_file(leaf)
    outer, inner = SSL.Connection(SSL.Context(SSL.TLS_METHOD)), SSL.Connection(serving)
    outer.set_connect_state()
    inner.set_accept_state()
    for one, other in [(outer, inner), (inner, outer)] * 3:
        with contextlib.suppress(SSL.WantReadError):
            one.do_handshake()
        if said := b"".join(sealed(one)):
            other.bio_write(said)
    return outer, inner


def test_appended_bytes_stand_behind_those_that_were_written(tmp_path: Path) -> None:
    spool = SpoolFolder(tmp_path / "spool", 1_000_000)
    spool.prepare()
    body = HeldBody(spool)
    with pytest.raises(OSError, match="gone"):
        body.append(memoryview(b"too early"))
    body += BODY[:100]
    body.write()
    body.append(memoryview(BODY)[100:900_000])
    assert (len(body), spool.used, Path(body.path).read_bytes()) == (900_000, 900_000, BODY[:900_000])
    with pytest.raises(SpoolFullError):
        body.append(memoryview(BODY)[:200_000])
    assert (len(body), spool.used) == (900_000, 900_000)
    body.close()
    with pytest.raises(OSError, match="gone"):
        body.append(memoryview(b"too late"))
