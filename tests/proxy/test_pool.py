from __future__ import annotations

import asyncio
import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.pool import INLINE_BYTES, InspectionPool, Recipe, is_small
from tests.proxy.inspectors import build

ROOT = Path(__file__).resolve().parents[2]
LARGE = b"x" * INLINE_BYTES


def message(target: str = "/", body: bytes = LARGE, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Message:
    who = Principal("li.wei", "declared", "strong")
    return Message("U", 0.0, "http", who, Destination("https", "a.example", 443), "POST", target, headers, body)


def make(processes: int = 1, seconds: float = 5.0, name: str = "worker") -> InspectionPool:
    return InspectionPool(
        build("inline"), Recipe(build, (name,)), processes=processes, seconds=seconds, metrics=Metrics()
    )


@pytest.fixture
async def pool() -> AsyncIterator[InspectionPool]:
    made = make(seconds=2.0)
    await made.start()
    yield made
    made.stop()


async def test_small_messages_are_inspected_here_and_large_ones_in_a_process(pool: InspectionPool) -> None:
    small = await pool.inspect(message(body=b"hello"))
    large = await pool.inspect(message())
    assert (small.content, small.parts) == ("inline", os.getpid())
    assert (large.content, large.bytes, large.parts == os.getpid()) == ("worker", INLINE_BYTES, False)


@pytest.mark.parametrize(
    ("target", "reason"), [("/die", "crashed"), ("/hang", "timed-out"), ("/spin", "timed-out"), ("/eat", "memory")]
)
async def test_what_an_inspector_does_not_survive_is_a_gap_and_the_next_one_works(
    target: str, reason: str, pool: InspectionPool
) -> None:
    lost = await pool.inspect(message(target))
    assert [gap.reason for gap in lost.gaps] == [reason]
    assert lost.bytes == INLINE_BYTES
    after = await asyncio.wait_for(_first_without_gap(pool), 30)
    assert after.content == "worker"
    assert pool._metrics.registry.get_sample_value("dlp_proxy_inspector_restarts_total", {"reason": reason}) == 1.0


async def _first_without_gap(pool: InspectionPool) -> Inspection:
    while (found := await pool.inspect(message())).gaps:
        pass
    return found


async def test_an_inspector_can_reach_no_network_and_write_no_file(pool: InspectionPool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert build("here")(replace(message("/connect"), client_port=port)).content == "done"
        assert (await pool.inspect(replace(message("/connect"), client_port=port))).content.startswith("refused")
    target = tmp_path / "leak"
    assert (await pool.inspect(replace(message("/write"), method=str(target)))).content == "refused: PermissionError"
    assert not target.exists()


async def test_a_body_in_a_file_is_read_by_the_inspector(pool: InspectionPool, tmp_path: Path) -> None:
    held = tmp_path / "body"
    held.write_bytes(b"x" * 5_000_000)
    found = await pool.inspect(replace(message(body=b""), body_file=str(held), body_file_bytes=5_000_000))
    assert (found.content, found.bytes) == ("worker", 5_000_000)


async def test_an_error_of_ours_is_raised_for_the_exception_policy(pool: InspectionPool) -> None:
    with pytest.raises(LookupError):
        await pool.inspect(message("/raise"))
    assert (await pool.inspect(message())).content == "worker"


async def test_one_lost_inspector_takes_no_other_inspection_with_it() -> None:
    pool = make(processes=2)
    await pool.start()
    try:
        lost, kept = await asyncio.gather(pool.inspect(message("/die")), pool.inspect(message()))
    finally:
        pool.stop()
    assert ([gap.reason for gap in lost.gaps], kept.gaps) == (["crashed"], ())


async def test_when_no_inspector_is_free_in_time_it_is_a_gap() -> None:
    pool = make(seconds=0.3)
    await pool.start()
    try:
        first, second = await asyncio.gather(pool.inspect(message("/hang")), pool.inspect(message()))
    finally:
        pool.stop()
    assert [gap.reason for one in (first, second) for gap in one.gaps] == ["timed-out", "timed-out"]


async def test_a_pool_whose_engine_cannot_be_built_does_not_start() -> None:
    pool = make(name="broken")
    with pytest.raises(Exception, match="process pool"):
        await pool.start()
    pool.stop()


async def test_a_retired_pool_ends_what_it_began() -> None:
    pool = make()
    await pool.start()
    under_way = asyncio.create_task(pool.inspect(message()))
    await asyncio.sleep(0)
    await pool.retire()
    assert (await under_way).gaps == ()


def test_inspectors_end_with_a_proxy_that_is_killed() -> None:
    """Nothing tells them but the end of a pipe: `kill -9` runs no clean-up."""
    code = (
        "import asyncio, os, signal\n"
        "from tests.proxy.test_pool import make\n"
        "async def main():\n"
        "    pool = make(processes=2)\n"
        "    await pool.start()\n"
        "    print(*(lane._pid for lane in pool._lanes), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    workers = [int(pid) for pid in done.stdout.split()]
    assert len(workers) == 2, done.stderr
    end = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.02)
    assert [pid for pid in workers if alive(pid)] == []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_packed_or_encoded_bodies_are_never_inspected_here() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    form = b"--b\r\nContent-Disposition: form-data; name=f\r\n\r\n" + packed.getvalue() + b"\r\n--b--"
    encoded = ((b"Content-Encoding", b"br"),)
    assert [is_small(message(body=body)) for body in (b"", b"plain", packed.getvalue(), form, b"\x1f\x8b\x08")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert (is_small(message(body=b"x", headers=encoded)), is_small(message(body=LARGE))) == (False, False)


def test_a_body_that_may_hold_many_addresses_is_small_only_while_it_is_short() -> None:
    bodies = [text.encode() * 1_000 for text in ("北京路", "Beijing R")]
    assert [len(body) for body in bodies] == [9_000, 9_000]
    assert [is_small(message(body=body)) for body in bodies] == [False, True]
