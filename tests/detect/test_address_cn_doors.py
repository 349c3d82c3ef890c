"""The quick look at a row of doors says what reading it a piece at a time says, or nothing."""

from __future__ import annotations

import random
from typing import Final

import pytest

from dlp_proxy.detect import address_cn_doors
from dlp_proxy.detect.address_cn_words import COUNTED, PIECE
from dlp_proxy.detect.readers.address_cn import read
from tests.quality.addresses_cn import FAMILIES
from tests.quality.case import cases

_SIGNS: Final = '0189号栋座楼层室单元之附甲#-,，;；、 .\t\n"|()（2023）第约了编序路街里巷中A起至和一二十'
_HEADS: Final = (
    "北京市朝阳区建国路",
    "深圳市南山区科技园南路",
    "人民路",
    "涉及中山路",
    "（2021）京民终建设路",
    "新疆石河子市北三路",
)


def _lines() -> list[str]:
    """Return addresses of the quality suite as they are and changed by chance, and rows of doors made up of signs."""
    pick = random.Random(3)
    made = [one.text for family in FAMILIES for one in cases(family, 12)]
    for line in list(made):
        at = pick.randrange(len(line))
        made.append(line[:at] + pick.choice(_SIGNS) + line[at + pick.randrange(2) :])
    for _ in range(4000):
        row = "".join(
            pick.choices(("1", "23", "456", "号", "栋", "单元", "室", "层", "号楼", ","), k=pick.randint(3, 9))
        )
        made.append(pick.choice(_HEADS) + row + "".join(pick.choices(_SIGNS, k=pick.randint(0, 4))))
        made.append(pick.choice(_HEADS) + "".join(pick.choices(_SIGNS, k=pick.randint(2, 10))))
    return made


def test_addresses_are_read_the_same_without_the_quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _lines()
    quick = [read(text, 0, at, at + 2) for text in (f"，{line}" for line in lines) for at in range(len(text) - 1)]
    monkeypatch.setattr(address_cn_doors, "doors", lambda *_: address_cn_doors.NONE)
    monkeypatch.setattr(
        address_cn_doors, "is_counted", lambda line, begin, at: COUNTED.search(line, begin, at) is not None
    )
    slow = [read(text, 0, at, at + 2) for text in (f"，{line}" for line in lines) for at in range(len(text) - 1)]
    assert sum(one is not None for one in quick) > 2000
    assert quick == slow


def test_the_quick_look_is_taken() -> None:
    assert address_cn_doors.doors("88号3栋2单元501室", 0, 0) == (4, 3, 12, False)
    assert address_cn_doors.doors("88号3栋2单元501室,128.50", 0, 0) == (4, 3, 12, True)
    assert address_cn_doors.doors("8号", 0, 0) == (1, 0, 2, False)
    assert address_cn_doors.doors("8号3栋501", 0, 0) is address_cn_doors.NONE
    assert address_cn_doors.doors("8号线", 0, 0) is address_cn_doors.NONE
    assert address_cn_doors.doors("(2023)建设路8号", 0, 9) is address_cn_doors.NONE


def test_what_is_counted_is_what_the_pattern_says() -> None:
    pick = random.Random(5)
    words = (
        "涉及",
        "建成",
        "了",
        "近",
        "约",
        "座位",
        "编号",
        "第",
        " ",
        "(2023)",
        "〔2021〕",
        "民终",
        "府令",
        "2020年",
        "公告",
        "路",
    )
    counted = 0
    for _ in range(20_000):
        line = "".join(pick.choices(words, k=pick.randint(1, 4)))
        begin = pick.randrange(len(line))
        is_counted = COUNTED.search(line, begin, len(line)) is not None
        assert address_cn_doors.is_counted(line, begin, len(line)) == is_counted, line
        counted += is_counted
    assert counted > 1000


def test_no_piece_follows_where_it_is_over() -> None:
    pick = random.Random(7)
    over = 0
    for _ in range(40_000):
        line = (
            "建国路88号501室"
            + pick.choice(",，;")
            + "".join(pick.choices("0123456789..,号室栋\n\t园a ", k=pick.randint(1, 7)))
        )
        if address_cn_doors.is_over(line, 10):
            over += 1
            assert PIECE.match(line, 10) is None, line
    assert over > 500
