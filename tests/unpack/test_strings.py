"""Which readable runs are taken out of bytes that nothing reads."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from dlp_proxy.unpack.strings import readable

PHONE = b"13800138000"
READABLE = re.compile("[ -~\t\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{6,}")


def noise(count: int, seed: int = 5) -> bytes:
    """Return bytes none of which is printable, in any charset that is looked for."""
    return bytes(random.Random(seed).choices(range(1, 9), k=count))


def mixed(some: random.Random, count: int) -> bytes:
    """Return texts in all charsets, and what looks like them, between noise."""
    chinese, latin = "北京市朝阳区建国路收件人王小明", "tel 13800138000 Li Wei, order 99"
    wide = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le")
    makers: list[Callable[[], bytes]] = [
        lambda: some.randbytes(some.randrange(300)),
        lambda: bytes(some.randrange(300)),
        lambda: chinese[some.randrange(8) : some.randrange(8, 16)].encode(some.choice(wide)),
        lambda: latin[some.randrange(12) : some.randrange(12, 33)].encode(some.choice(("ascii", *wide, "utf-32-be"))),
        lambda: bytes(some.choices(range(0xA1, 0xFF), k=some.randrange(40))),
        lambda: bytes(some.choices(range(0x80, 0xEA), k=some.randrange(40))),
        lambda: bytes(some.choices(b"\x0009AB\x81\xb0\xfe", k=some.randrange(60))),
        lambda: bytes(some.choices(b"\0ab\t", k=some.randrange(400))),
        lambda: bytes(some.choices(range(32, 127), k=some.randrange(14))),
    ]
    chosen = some.sample(makers, some.randrange(1, len(makers)))
    made = bytearray()
    while len(made) < count:
        made += some.choice(chosen)() or b"."
    return bytes(made[:count])


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


def expected(data: bytes) -> list[str]:
    """Return what `readable` must, by one pattern after the other over all of it."""
    runs = [hit.span() for hit in re.finditer(rb"[ -~\t]{6,}", data)]
    long = [(start, end) for start, end in runs if end - start >= 8]
    near = [(start, end) for start, end in runs if any(end >= one - 64 and start <= other + 64 for one, other in long)]
    found = [data[start:end].decode() for start, end in near]
    pairs = rb"\0[ -~\t]"
    hits: dict[str, list[tuple[int, int]]] = {"utf-8": [], "utf-16-le": [], "utf-32-le": [], "utf-16-be": []}
    hits["utf-8"] = [hit.span() for hit in re.finditer(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}", data)]
    for hit in re.finditer(rb"(?:%b){5,}+" % pairs, data):
        start, end = hit.span()
        first = start - 1 if re.fullmatch(rb"[ -~\t]", data[max(0, start - 1) : start]) else start + 1
        hits["utf-16-le"].append((first, end + 1 if data[end : end + 1] == b"\0" else end - 1))
        hits["utf-16-be"].append((start, end))
    for hit in re.finditer(rb"(?:\0\0%b){5}\0\0\0(?:[ -~\t]\0\0\0)*+" % pairs, data):
        start, end = hit.span()
        if re.fullmatch(rb"[ -~\t]", data[max(0, start - 1) : start]):
            hits["utf-32-le"].append((start - 1, end))
        elif end - start >= 27:
            hits["utf-32-le"].append((start + 3, end))
    for charset, spans in hits.items():
        windows: list[list[int]] = []
        for start, end in spans:
            if charset.startswith("utf-16") and end - start < 12:
                continue
            before = start - min(64, start & ~3)
            if windows and before <= windows[-1][1] and (before - windows[-1][0]) % 4 == 0:
                windows[-1][1] = end + 64
            else:
                windows.append([before, end + 64])
        found += [one for start, end in windows for one in READABLE.findall(data[start:end].decode(charset, "replace"))]
    for run in re.finditer(rb"[\xa1-\xfe]{8,}", data):
        if re.search(rb"(?:[\xb0-\xd7][\xa1-\xfe]){3}", run.group()):
            for start in (run.start(), run.start() + 1):
                found += READABLE.findall(data[start : run.end() + 64].decode("gb18030", "replace"))
    return found


LATIN, CHINESE = "tel 13800138000 Li Wei", "北京市朝阳区建国路收件人王小明"
WRITTEN = [
    *((charset, LATIN) for charset in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le")),
    *((charset, CHINESE) for charset in ("utf-8", "gbk", "gb18030")),
]


@pytest.mark.parametrize("border", [128 * 1024, 4 * 1024 * 1024])
@pytest.mark.parametrize("shift", [0, 1, 2, 3])
@pytest.mark.parametrize(("charset", "text"), WRITTEN)
def test_a_record_in_true_noise_is_read_over_any_border(charset: str, text: str, shift: int, border: int) -> None:
    record = text.encode(charset)
    for number, over in enumerate((0, 1, 6, len(record) // 2, len(record) - 3, len(record))):
        some = random.Random(100 * number + shift)
        at = border - over - shift
        body = some.randbytes(at) + record + some.randbytes(6000)
        assert any(text in one for one in readable(body)), over


@pytest.mark.parametrize("seed", range(12))
def test_records_anywhere_in_true_noise_are_found_as_patterns_find_them(seed: int) -> None:
    some = random.Random(seed)
    pieces = []
    for _ in range(60):
        charset, text = some.choice(WRITTEN)
        pieces += [some.randbytes(some.randrange(4000)), text.encode(charset)]
    body = b"".join(pieces)
    assert readable(body) == expected(body)


@pytest.mark.parametrize("size", [0, 5, 15, 16, 17, 300, 3000, 131_080])
@pytest.mark.parametrize("seed", range(6))
def test_what_arithmetic_finds_is_what_patterns_find(size: int, seed: int) -> None:
    data = mixed(random.Random(1000 * seed + size), size)
    assert readable(data) == expected(data)


def test_long_stretches_of_nul_are_passed_over_and_what_stands_in_them_is_not() -> None:
    wide = "tel 13800138000".encode("utf-16-le")
    body = bytes(5000) + b"\x01" + bytes(700) + wide + bytes(900)
    assert readable(body) == expected(body)
    assert any("13800138000" in one for one in readable(body))


def test_chance_shows_little() -> None:
    chance = random.Random(9).randbytes(1 << 20)
    assert sum(map(len, readable(chance))) < 8000
