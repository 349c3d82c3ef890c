from __future__ import annotations

import zlib

import pytest

from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.git_objects import apply
from tests.unpack.archives import git_repository
from tests.unpack.customers import COUNT, SOME, reasons, seen
from tests.unpack.samples import text_of, tight, unpack_body
from tests.unpack.writers import varint


def git_object(kind: int, data: bytes, base: bytes = b"") -> bytes:
    size = len(data)
    return bytes([kind << 4 | size & 15 | 128]) + varint(size >> 4) + base + zlib.compress(data)


def pack(*objects: bytes) -> bytes:
    return b"PACK\0\0\0\2" + len(objects).to_bytes(4) + b"".join(objects) + bytes(20)


@pytest.mark.parametrize("kind", ["pack", "bundle", "push", "thin"])
def test_every_object_is_read(kind: str) -> None:
    content, _, gaps = seen(git_repository(kind))
    text = text_of(unpack_body(git_repository(kind)))
    assert (content, gaps) == ("git", [])
    assert sum(one.phone in text and one.address in text for one in SOME) == COUNT


def test_files_have_their_names_and_commits_are_read() -> None:
    unpacked = unpack_body(git_repository("push"))
    assert "orders.csv" in unpacked.filenames
    assert "x@corp.example" in text_of(unpacked)
    assert "refs/heads/main" in text_of(unpacked)


def test_what_a_delta_adds_is_read_without_its_base() -> None:
    delta = varint(100) + varint(20) + b"\x0b13800138000" + b"\x90\x05" + b"\x0b13900139000"
    text = text_of(unpack_body(pack(git_object(7, delta, b"x" * 20))))
    assert "13800138000\n13900139000" in text


def test_a_delta_may_come_before_its_base() -> None:
    base = b"one line\n" * 3
    name = bytes.fromhex("0" * 40)
    delta = varint(27) + varint(38) + b"\x90\x1b" + b"\x0b13800138000"
    text = text_of(unpack_body(pack(git_object(7, delta, name), git_object(3, base))))
    assert "13800138000" in text


@pytest.mark.parametrize("body", [
    pack(git_object(6, b"\1\1\1x", b"\0")),
    pack(git_object(6, b"\1\1\1x", b"\xff" * 30 + b"\0")),
    pack(git_object(5, b"x")),
    b"PACK\0\0\0\2\xff\xff\xff\xff" + git_object(3, b"13800138000"),
    b"PACK\0\0\0\2\0\0\0\1" + b"\xff" * 100,
    b"PACK\0\0\0\2\0\0\0\1",
    pack(git_object(3, b"x" * 99))[:25],
])  # fmt: skip
def test_hostile_packs_do_not_fail(body: bytes) -> None:
    assert "failed" not in reasons(body)
    assert unpack_body(body).content == "git"


def test_a_delta_bomb_is_a_gap() -> None:
    base = git_object(3, bytes(100_000))
    delta = varint(100_000) + varint(1 << 40) + b"\xf0\xff\xff\x00" * 50_000
    distance = len(base)
    offset = bytes([128 | ((distance >> 7) - 1 & 127), distance & 127])
    assert reasons(pack(base, git_object(6, delta, offset))) == ["too-large"] or distance < 128
    with pytest.raises(Exhausted):
        apply(bytes(100_000), delta, Budget(tight()).meter(100))


def test_many_files_are_a_gap() -> None:
    body = pack(*(git_object(3, b"%d" % number) for number in range(60)))
    assert reasons(body, tight(members=50)) == ["too-large"]
