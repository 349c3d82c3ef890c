"""Processes of workers that begin before they have their orders."""

from __future__ import annotations

import asyncio
import socket

from dlp_proxy.wiring.child import Child, listening_of


def test_a_worker_gets_the_socket_that_its_supervisor_bound() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.create_server(("127.0.0.1", 0)) as bound:
        socket.send_fds(ours, [b"\0"], [bound.fileno()])
        got = listening_of(theirs)
        assert got is not None
        with got:
            assert got.fileno() != bound.fileno()
            assert got.getsockname() == bound.getsockname()


def test_a_worker_whose_supervisor_is_gone_gets_none() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        assert listening_of(theirs) is None


def test_a_worker_without_orders_ends_by_itself() -> None:
    async def ended() -> int | None:
        child = Child()
        child._control.close()  # what is left of a supervisor that was killed
        async with asyncio.timeout(120):
            await child.wait()
        return child.exit_code

    assert asyncio.run(ended()) == 1


def test_a_worker_that_is_killed_is_heard_of() -> None:
    async def ended() -> int | None:
        child = Child()
        child.kill()
        async with asyncio.timeout(60):
            await child.wait()
        with socket.create_server(("127.0.0.1", 0)) as bound:
            child.hand_over(bound).close()  # nobody is there: no error
        return child.exit_code

    assert asyncio.run(ended()) == -9
