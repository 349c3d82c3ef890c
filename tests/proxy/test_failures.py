from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import unread
from dlp_proxy.proxy.failures import REMEMBERED_SECONDS, Failures
from dlp_proxy.stores.state_dir import KeyedFingerprint
from tests.proxy.test_pool import message


async def dies(message: Message) -> Inspection:
    return unread(message, "crashed", "the inspector died on it")


async def times(failures: Failures, message: Message) -> int:
    found = (await failures.inspect(message, dies)).failure
    assert found is not None
    return found.times


@pytest.fixture
def failures() -> Failures:
    return Failures(KeyedFingerprint(b"k" * 32))


async def test_the_same_body_by_the_same_person_is_counted(failures: Failures, tmp_path: Path) -> None:
    first, other = message(body=b"bomb"), message(body=b"bomb two")
    held = tmp_path / "held"
    held.write_bytes(b"bomb")
    in_a_file = replace(message(body=b""), body_file=str(held), body_file_bytes=4)
    somebody = replace(first, principal=replace(first.principal, user="zhang.san"))
    in_time = replace(first, time=first.time + REMEMBERED_SECONDS)
    later = replace(first, time=in_time.time + REMEMBERED_SECONDS + 1)
    counted = [await times(failures, one) for one in (first, first, other, in_a_file, somebody, in_time, later)]
    assert counted == [1, 2, 1, 3, 1, 4, 1]


async def test_what_was_inspected_or_only_waited_is_not_counted(failures: Failures) -> None:
    async def reads(message: Message) -> Inspection:
        return Inspection(bytes=message.size)

    async def waits(message: Message) -> Inspection:
        return unread(message, "timed-out", "no inspector was free in time")

    for inspect in (reads, waits):
        assert [(await failures.inspect(message(), inspect)).failure for _ in range(2)] == [None, None]


async def test_what_is_remembered_says_nothing_of_the_body(failures: Failures) -> None:
    found = (await failures.inspect(message(body=b"13800138000"), dies)).failure
    assert found is not None
    assert (len(found.body), "13800138000" in repr(failures._seen)) == (32, False)
