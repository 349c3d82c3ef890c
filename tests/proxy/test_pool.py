from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.pool import INLINE_BYTES, InspectionPool, is_small
from dlp_proxy.proxy.sandbox import try_out
from dlp_proxy.proxy.starvation import Allowance, called_by, starved
from dlp_proxy.unpack.budget import Deferred
from dlp_proxy.unpack.unpack import unpack
from tests.proxy.inspectors import build
from tests.unpack.archives import rar5, seven_zip
from tests.unpack.writers import parquet

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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the C library of GNU can be told so")
async def test_memory_is_kept_for_the_next_message_and_given_back_after_a_large_one(pool: InspectionPool) -> None:
    async def each(target: str, body: bytes = LARGE) -> list[int]:
        """Ask both inspectors, who take turns: the one of this pool and the spare one."""
        return [(await pool.inspect(message(target, body))).parts for _ in range(2)]

    before = await each("/size")
    await each("/grow")
    assert [now - then > 12 * 1024 * 1024 for now, then in zip(await each("/size"), before, strict=True)] == [True] * 2
    await each("/size", bytes(9 * 1024 * 1024))
    assert [now - then < 12 * 1024 * 1024 for now, then in zip(await each("/size"), before, strict=True)] == [True] * 2


def test_what_confines_an_inspector_is_told() -> None:
    found = try_out()
    assert (found.network, found.files, found.missing) == (True, True, ())
    assert found.by[0].startswith("a network namespace of its own")
    assert found.by[1].startswith("Landlock ")


async def test_an_inspector_leaves_no_core_and_has_few_files_and_no_more_cpu_than_it_is_given(
    pool: InspectionPool,
) -> None:
    core, files, (cpu, _), used = json.loads((await pool.inspect(message("/limits"))).content)
    assert (core, files) == ([0, 0], [256, 256])
    assert 0 < cpu <= used + 2.0 + 5.0  # the seconds of this pool, and a margin for what is ours


async def test_an_inspection_that_nobody_waits_for_any_more_costs_no_inspector(pool: InspectionPool) -> None:
    for number in (1, 2, 3):
        given_up = asyncio.create_task(pool.inspect(message("/hang")))
        await _until(lambda: any(lane.busy for lane in pool._lanes))
        given_up.cancel()
        assert isinstance((await asyncio.gather(given_up, return_exceptions=True))[0], asyncio.CancelledError)
        restarts = pool._metrics.registry.get_sample_value(
            "dlp_proxy_inspector_restarts_total", {"reason": "cancelled"}
        )
        assert restarts == number
        await _until(lambda: not pool._starting)
    assert (await pool.inspect(message())).gaps == ()


async def test_looking_ahead_leaves_an_inspector_to_bodies_that_are_here(pool: InspectionPool) -> None:
    assert await pool.look_ahead(message()) is None  # there is one
    two = make(processes=2, seconds=30.0)
    await two.start()
    try:
        seen = await two.look_ahead(message())
        assert seen is not None
        assert seen.content == "worker"
        looks = asyncio.create_task(two.look_ahead(message("/hang")))
        await _until(lambda: any(lane.busy for lane in two._lanes))
        assert await two.look_ahead(message()) is None
        assert (await two.inspect(message())).content == "worker"
        looks.cancel()
        await asyncio.gather(looks, return_exceptions=True)
        assert await two.look_ahead(message()) is not None
    finally:
        two.stop()


@pytest.mark.parametrize("target", ["/die", "/eat", "/raise"])
async def test_what_fails_while_it_is_on_its_way_is_to_be_inspected_when_it_is_here(target: str) -> None:
    pool = make(processes=2)
    await pool.start()
    try:
        assert await pool.look_ahead(message(target)) is None
    finally:
        pool.stop()


async def test_a_body_in_a_file_is_read_by_the_inspector(pool: InspectionPool, tmp_path: Path) -> None:
    held = tmp_path / "body"
    held.write_bytes(b"x" * 5_000_000)
    found = await pool.inspect(replace(message(body=b""), body_file=str(held), body_file_bytes=5_000_000))
    assert (found.content, found.bytes) == ("worker", 5_000_000)


async def test_an_inspector_killed_while_idle_is_replaced_before_a_message_meets_it() -> None:
    pool = make(processes=2, seconds=60.0)
    await pool.start()
    try:
        before = {lane.pid for lane in pool._lanes}
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await _until(lambda: not before & {lane.pid for lane in pool._lanes})
        found = await asyncio.gather(*(pool.inspect(message()) for _ in range(4)))
        assert [one.gaps for one in found] == [()] * 4
        assert {one.parts for one in found} & before == set()
        await _until(lambda: len([lane for lane in pool._lanes if lane.lives()]) == 3)
    finally:
        pool.stop()


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens in another process; the time is a bound, not a measurement."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.01)


async def test_killed_hung_and_starved_inspectors_cost_their_own_message_only() -> None:
    """After messages that kill, stop, spin and eat: nobody else notices, and no inspector is missing."""
    pool = make(processes=2, seconds=1.0)
    await pool.start()
    try:
        targets = ["/die", "/hang", "/spin", "/eat", "/stop"]
        hostile = [asyncio.create_task(pool.inspect(message(target))) for target in targets]
        lost = [[gap.reason for gap in one.gaps] for one in await asyncio.gather(*hostile)]
        assert lost[0] == ["crashed"]
        assert {reason for (reason,) in lost} <= {"crashed", "timed-out", "memory"}
        await _until(lambda: not pool._starting)
        assert [lane.lives() for lane in pool._lanes] == [True] * 3
        kept = [await pool.inspect(message()) for _ in range(20)]
        assert [one.gaps for one in kept] == [()] * 20
    finally:
        pool.stop()


async def test_seconds_without_cpu_do_not_count_within_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = make(seconds=0.4)
    await pool.start()
    try:
        assert all(starved(lane.pid) > 0 for lane in pool._lanes)
        assert [gap.reason for gap in (await pool.inspect(message("/late"))).gaps] == ["timed-out"]
        monkeypatch.setattr(Allowance, "starved", lambda _: time.monotonic())
        await _until(lambda: not pool._starting)
        assert (await pool.inspect(message("/late"))).gaps == ()
        assert [gap.reason for gap in (await pool.inspect(message("/hang"))).gaps] == ["timed-out"]
    finally:
        pool.stop()


async def test_what_programs_wait_for_that_a_process_called_is_told() -> None:
    with ThreadPoolExecutor(1) as callers:
        called = callers.submit(subprocess.Popen, ["sh", "-c", "while :; do :; done"]).result()
        try:
            await _until(lambda: called.pid in called_by(os.getpid()))
            await _until(lambda: starved(called.pid) > 0)
            assert Allowance(60.0, os.getpid()).starved() > 0
        finally:
            called.kill()
            called.wait()
    assert called.pid not in called_by(os.getpid())
    assert starved(called.pid) == 0


async def test_while_a_lost_inspector_is_replaced_the_spare_one_works() -> None:
    pool = make(name="slow", seconds=30.0)
    await pool.start()
    try:
        assert [gap.reason for gap in (await pool.inspect(message("/die"))).gaps] == ["crashed"]
        assert len(pool._starting) == 1
        assert (await pool.inspect(message())).gaps == ()
        assert len(pool._starting) == 1  # the successor is still building its engine
    finally:
        pool.stop()


async def test_an_inspector_that_never_starts_is_given_up_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = tmp_path / "hangs"
    pool = make(name=str(hangs))
    await pool.start()
    try:
        monkeypatch.setattr("dlp_proxy.proxy.pool._START_SECONDS", 1.0)
        hangs.touch()
        assert [gap.reason for gap in (await pool.inspect(message("/die"))).gaps] == ["crashed"]
        await _until(lambda: not hangs.exists())
        (starting,) = (lane for lane in pool._lanes if not lane.warmed)
        (pid,) = starting._executor._processes
        await _until(lambda: not pool._starting)
        assert starting not in pool._lanes
        assert all(lane.warmed for lane in pool._lanes)
        await _until(lambda: not Path(f"/proc/{pid}").exists())
        assert (await pool.inspect(message())).gaps == ()
    finally:
        pool.stop()


async def test_inspectors_leave_the_cpu_to_the_event_loop(pool: InspectionPool) -> None:
    nice = {os.getpriority(os.PRIO_PROCESS, lane.pid) for lane in pool._lanes}
    assert nice == {min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)}


async def test_the_successor_of_a_lost_inspector_waits_for_nobodys_cpu_until_it_is_ready(pool: InspectionPool) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    yielding = min(19, own + 10)
    first = await pool.inspect(message("/built"))
    assert (first.parts, first.bytes) == (yielding, yielding)
    for _ in range(len(pool._lanes)):  # so that all that are there are successors
        assert [gap.reason for gap in (await pool.inspect(message("/die"))).gaps] == ["crashed"]
        await _until(lambda: not pool._starting)
    successor = await pool.inspect(message("/built"))
    assert (successor.parts, successor.bytes) == (own, yielding)


async def test_one_that_cannot_be_built_tries_again_without_haste(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = tmp_path / "hangs"
    pool = make(name=str(hangs))
    await pool.start()
    try:
        monkeypatch.setattr("dlp_proxy.proxy.pool._START_SECONDS", 1.0)
        for _ in range(len(pool._lanes)):
            hangs.touch()
            assert [gap.reason for gap in (await pool.inspect(message("/die"))).gaps] == ["crashed"]
            await _until(lambda: not pool._starting)
        assert (await pool.inspect(message("/built"))).parts == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    finally:
        pool.stop()


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


async def test_when_no_inspector_is_free_in_time_it_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "starved", lambda _: 0.0)  # else who waits is given what any inspector went without
    pool = make(seconds=0.3)
    await pool.start()
    try:
        first, second = await asyncio.gather(pool.inspect(message("/hang")), pool.inspect(message()))
    finally:
        pool.stop()
    assert [gap.reason for one in (first, second) for gap in one.gaps] == ["timed-out", "timed-out"]


async def test_who_waits_for_a_turn_waits_as_long_as_the_one_before_may_take(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.write_bytes(bytes(1000))
    long = {"body": b"", "body_file": str(held), "body_file_bytes": 8 << 20}
    pool = make(seconds=0.3)
    await pool.start()
    try:
        both = [replace(message(target), **long) for target in ("/late", "/")]  # type: ignore[arg-type]
        assert [one.gaps for one in await asyncio.gather(*map(pool.inspect, both))] == [(), ()]
    finally:
        pool.stop()


async def test_seconds_in_which_inspectors_get_no_cpu_do_not_count_for_who_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = make(seconds=0.4)
    await pool.start()
    try:
        monkeypatch.setattr(Allowance, "starved", lambda _: time.monotonic())
        both = [pool.inspect(message(target)) for target in ("/late", "/")]
        assert [one.gaps for one in await asyncio.gather(*both)] == [(), ()]
    finally:
        pool.stop()


async def test_who_gave_up_waiting_takes_nobodys_turn() -> None:
    pool = make(seconds=5.0)
    await pool.start()
    try:
        first = asyncio.create_task(pool.inspect(message("/late")))
        others = [asyncio.create_task(pool.inspect(message())) for _ in range(5)]
        await asyncio.sleep(0.1)
        for one in others:
            one.cancel()
        assert (await first).gaps == ()
        assert (await pool.inspect(message())).gaps == ()
    finally:
        pool.stop()


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
        "    print(*(lane.pid for lane in pool._lanes), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    workers = [int(pid) for pid in done.stdout.split()]
    assert len(workers) == 3, done.stderr  # two, and the spare one
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


def test_a_container_that_begins_with_plain_text_is_looked_for_in_plain_text() -> None:
    bodies = [
        b'{"note": "' + magic + b'"}' for magic in (b"BZh91AY", b"%PDF-1.7", b"xar!", b"!<arch>\n", b"PAR1", b"no")
    ]
    assert [is_small(message(body=body)) for body in bodies] == [False] * 5 + [True]


def test_a_body_that_may_hold_many_addresses_is_small_only_while_it_is_short() -> None:
    bodies = [text.encode() * 1_000 for text in ("北京路", "Beijing R")]
    assert [len(body) for body in bodies] == [9_000, 9_000]
    assert [is_small(message(body=body)) for body in bodies] == [False, True]


async def test_what_needs_a_decoder_goes_to_an_inspector_however_small() -> None:
    def deferring(_message: Message) -> Inspection:
        raise Deferred

    made = InspectionPool(deferring, Recipe(build, ("worker",)), processes=1, seconds=5.0, metrics=Metrics())
    await made.start()
    try:
        assert (await made.inspect(message(body=b"small"))).content == "worker"
    finally:
        made.stop()


@pytest.mark.parametrize("body", [seven_zip(), rar5(), base64.b64encode(seven_zip()), parquet([{"a": 1}])])
def test_no_decoder_runs_where_none_may(body: bytes) -> None:
    small = message(body=base64.b64encode(body) if len(body) < 300 else body)
    assert unpack(small, LIMITS).content != ""
    with pytest.raises(Deferred):
        unpack(small, replace(LIMITS, decoders=False))


def test_ordinary_bodies_need_no_decoder() -> None:
    for body in (b"a=1&b=2", b'{"a": [1, 2]}', b"a,b\n1,2\n" * 9, b"x" * 99, b"18612345678", b"a:\n  - b: c\n"):
        assert (
            unpack(message(body=body), replace(LIMITS, decoders=False)).gaps == unpack(message(body=body), LIMITS).gaps
        )


def test_the_slow_libraries_are_not_imported_before_their_format_is_met() -> None:
    code = (
        "import sys; import dlp_proxy.wiring.engine, dlp_proxy.unpack.early;"
        "print([name for name in ('pyarrow', 'py7zr', 'fastavro') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
