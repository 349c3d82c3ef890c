"""Containers that a program opens: what becomes of its answer, and of there being none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.programs import opening
from dlp_proxy.unpack.budget import Deferred
from dlp_proxy.unpack.opener import Kind, Opened
from dlp_proxy.unpack.unpack import Unpacked, unpack
from tests.unpack.customers import CSV
from tests.unpack.opened import CHM, DJVU, SQUASHFS, WIM
from tests.unpack.programs import SHOWN, TEXT
from tests.unpack.samples import message, text_of

PHONE = "13800130012"


def opened(body: bytes, limits: Limits = LIMITS) -> Unpacked:
    return unpack(message(body), limits, opener=opening.find())


def answered(answer: Opened, body: bytes = WIM) -> Unpacked:
    return unpack(message(body), LIMITS, opener=lambda _data, _kind, _seconds, _room: answer)


@pytest.mark.parametrize("body", [WIM, CHM, SQUASHFS, DJVU])
def test_files_are_read_as_any_other(body: bytes) -> None:
    unpacked = opened(body)
    assert unpacked.content == "container"
    assert PHONE in text_of(unpacked)
    assert {gap.reason for gap in unpacked.gaps} <= {"unknown-format"}  # of the picture in a DjVu: no eyes here


def test_files_have_names_and_layouts() -> None:
    unpacked = opened(WIM)
    assert (unpacked.filenames, unpacked.gaps) == (("c.csv",), ())
    assert SHOWN in text_of(unpacked)


def test_what_a_help_file_keeps_for_itself_is_no_gap() -> None:
    assert opened(CHM).gaps == ()


def test_without_a_program_it_is_a_gap_that_says_what_it_is() -> None:
    unpacked = unpack(message(WIM), LIMITS)
    assert [(gap.reason, gap.detail) for gap in unpacked.gaps] == [
        ("unknown-format", "nothing here reads an image of Windows (WIM)")
    ]


def test_what_stands_behind_it_is_read() -> None:
    assert PHONE in text_of(opened(WIM[:208] + WIM[208:] + b"\n" + TEXT))
    assert text_of(opened(SQUASHFS + CSV)).count("1380013") > 0


def test_what_lies_between_the_files_of_a_disk_is_read_and_its_files_not_twice() -> None:
    disk = bytearray(4096)
    disk[54:59] = b"FAT16"
    disk[600 : 600 + len(TEXT)] = TEXT
    disk[2000:2022] = b"deleted: 13900139000.."
    unpacked = answered(Opened((("c.csv", TEXT),), len(disk)), bytes(disk))
    assert text_of(unpacked).count(PHONE) == 1
    assert "13900139000" in text_of(unpacked)


@pytest.mark.parametrize(("cut", "reason"), [(True, "too-large"), (False, "malformed")])
def test_what_was_not_opened_to_its_end_is_a_gap(*, cut: bool, reason: str) -> None:
    unpacked = answered(Opened((("c.csv", TEXT),), len(WIM), "is broken", cut))
    assert [gap.reason for gap in unpacked.gaps] == [reason]
    assert SHOWN in text_of(unpacked)


def test_the_time_for_programs_is_of_the_message() -> None:
    asked: list[float] = []

    def slow(_data: bytes, _kind: Kind, seconds: float, _room: int) -> Opened:
        asked.append(seconds)
        return Opened((("a", WIM), ("b", WIM), ("c", WIM)), len(WIM), seconds=LIMITS.program_seconds / 2)

    unpacked = unpack(message(WIM), LIMITS, opener=slow)
    assert asked == [LIMITS.program_seconds, LIMITS.program_seconds / 2]
    assert "timed-out" in {gap.reason for gap in unpacked.gaps}


def test_no_program_is_started_where_none_may_be() -> None:
    with pytest.raises(Deferred):
        opened(WIM, replace(LIMITS, decoders=False))


def test_an_installer_is_told_by_its_sign_and_a_program_is_not() -> None:
    stub = b"MZ" + bytes(600)
    asked: list[Kind] = []

    def noted(_data: bytes, kind: Kind, _seconds: float, _room: int) -> Opened:
        asked.append(kind)
        return Opened((("c.csv", TEXT),), len(stub))

    unpack(message(stub), LIMITS, opener=noted)
    unpack(message(stub + b"\0\0\0\0\xef\xbe\xad\xdeNullsoftInst" + bytes(40)), LIMITS, opener=noted)
    assert asked == ["nsis"]
