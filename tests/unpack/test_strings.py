"""Which readable runs are taken out of bytes that nothing reads."""

from __future__ import annotations

import random

import pytest

from dlp_proxy.unpack.strings import readable

PHONE = b"13800138000"


def noise(count: int, seed: int = 5) -> bytes:
    """Return bytes none of which is printable, in any charset that is looked for."""
    return bytes(random.Random(seed).choices(range(1, 9), k=count))


@pytest.mark.parametrize("gap", [1, 20, 60])
@pytest.mark.parametrize("side", ["before", "behind"])
def test_a_short_run_counts_beside_a_long_one(gap: int, side: str) -> None:
    pieces = [b"Li Wei", noise(gap), PHONE]
    found = readable(noise(99) + b"".join(pieces if side == "before" else pieces[::-1]) + noise(99))
    assert sorted(found) == [PHONE.decode(), "Li Wei"]


def test_a_short_run_alone_is_noise() -> None:
    assert readable(noise(500) + b"abcdefg" + noise(500) + PHONE + noise(500)) == [PHONE.decode()]


@pytest.mark.parametrize("at", range(50, 80))
def test_no_run_is_cut_where_the_neighbourhood_of_another_ends(at: int) -> None:
    body = noise(300) + PHONE + noise(at) + b"an order number" + noise(at) + b"abcdef" + noise(300)
    found = readable(body)
    assert found == [PHONE.decode(), "an order number", *(["abcdef"] if at < 65 else [])]


@pytest.mark.parametrize("block", [4 * 1024 * 1024])
def test_a_run_over_the_seam_of_two_blocks_is_whole(block: int) -> None:
    body = noise(block - 5) + PHONE + noise(5000)
    assert PHONE.decode() in readable(body)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb18030", "北京市朝阳区建国路"),
        ("utf-8", "北京市朝阳区建国路"),
        ("utf-16-le", "tel 13800138000"),
        ("utf-16-be", "tel 13800138000"),
        ("utf-32-le", "tel 13800138000"),
    ],
)
def test_other_charsets_are_read_out_of_noise(charset: str, text: str) -> None:
    found = readable(noise(101) + text.encode(charset) + noise(101))
    assert any(text in one for one in found)


def test_chance_shows_little() -> None:
    chance = random.Random(9).randbytes(1 << 20)
    assert sum(map(len, readable(chance))) < 8000
