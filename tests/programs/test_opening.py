"""Containers opened by the real programs, and what becomes of broken and huge ones."""

from __future__ import annotations

import pytest

from dlp_proxy.programs import djvu, opening, seven_zip
from dlp_proxy.unpack.opener import Kind
from tests.unpack.opened import CHM, DJVU, SQUASHFS, WIM, WIM_SOLID
from tests.unpack.programs import TEXT

ROOM = 1 << 24


def test_the_programs_are_here() -> None:
    assert seven_zip.find() is not None, "the tests need 7-Zip: scripts/system-packages"
    assert djvu.find() is not None, "the tests need DjVuLibre: scripts/system-packages"


@pytest.mark.parametrize(("kind", "data"), [("wim", WIM), ("wim", WIM_SOLID), ("squashfs", SQUASHFS)])
def test_files_come_out_by_their_names(kind: Kind, data: bytes) -> None:
    opened = opening.find()(data + b"behind", kind, 5, ROOM)
    assert opened is not None
    assert (opened.members, opened.end, opened.problem) == ((("c.csv", TEXT),), len(data), "")


def test_a_help_file_gives_its_pages() -> None:
    opened = opening.find()(CHM, "chm", 5, ROOM)
    assert opened is not None
    assert b"13800130012" in dict(opened.members)["p.html"]


def test_a_djvu_document_gives_texts_and_the_pictures_of_pages_that_have_none() -> None:
    opened = opening.find()(DJVU, "djvu", 5, ROOM)
    assert opened is not None
    members = dict(opened.members)
    assert members["text 1"].decode().split() == TEXT.decode().split()
    assert members["page 2.pnm"].startswith(b"P4\n64 64\n")
    assert len(members) == 2
    assert (opened.end, opened.problem) == (len(DJVU), "")


def test_no_more_is_unpacked_than_there_is_room_for() -> None:
    opened = opening.find()(WIM, "wim", 5, 100)
    assert opened is not None
    assert (opened.members, opened.cut) == ((("c.csv", TEXT[:100]),), True)


@pytest.mark.parametrize(("kind", "data"), [("wim", WIM), ("chm", CHM), ("squashfs", SQUASHFS), ("djvu", DJVU)])
def test_what_is_broken_says_so(kind: Kind, data: bytes) -> None:
    for cut in (len(data) // 2, 20):
        opened = opening.find()(data[:cut], kind, 5, ROOM)
        assert opened is not None
        assert opened.problem


def test_what_is_not_installed_opens_nothing() -> None:
    assert opening.Opening(None, None)(WIM, "wim", 5, ROOM) is None
    assert opening.Opening(None, None)(DJVU, "djvu", 5, ROOM) is None


def test_a_program_that_does_not_start_is_a_problem() -> None:
    opened = opening.Opening(seven_zip.SevenZip("/nowhere/7z"), None)(WIM, "wim", 5, ROOM)
    assert opened is not None
    assert opened.problem
