from __future__ import annotations

import struct
import zipfile
import zlib

import inflate64
import pyppmd
import pytest

from dlp_proxy.unpack.formats import zip as zip_format
from tests.unpack.samples import TABLE, gaps_of, text_of, tight, unpack_body, zipped

PHONE = "13800138000"
ROWS = TABLE.encode()
MALFORMED_END = ("malformed", "body")


def local(
    name: bytes, data: bytes, *, flags: int = 0, method: int = 0, packed: int | None = None, size: int | None = None
) -> bytes:
    crc, declared = zlib.crc32(data), len(data)
    head = (0x04034B50, 20, flags, method, 0, 0, crc, declared if packed is None else packed)
    data = enciphered(data) if flags & 0x2041 or method == 99 else data
    return struct.pack("<L5H3L2H", *head, declared if size is None else size, len(name), 0) + name + data


def said_locked(name: bytes, data: bytes) -> bytes:
    """Return a member that says it is locked, with the checksum of something else."""
    return struct.pack("<L5H3L2H", 0x04034B50, 20, 1, 0, 0, 0, 7, len(data), len(data), len(name), 0) + name + data


def enciphered(data: bytes) -> bytes:
    """Return bytes of which nobody knows what they say."""
    return bytes(byte ^ 0x5A for byte in data)


def encrypted(data: bytes) -> bytes:
    """Set the flag of encryption in every header."""
    raw = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(mark, at + 4)
    return bytes(raw)


def test_members_are_read_with_their_names() -> None:
    unpacked = unpack_body(zipped({"客户/订单.csv": ROWS, "空/": b""}))
    assert unpacked.content == "zip"
    assert unpacked.filenames == ("客户/订单.csv", "空/")
    assert [str(part.location) for part in unpacked.parts if part.units] == ["body > 客户/订单.csv"]
    assert gaps_of(unpacked) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_every_usual_method_is_read(method: int) -> None:
    unpacked = unpack_body(zipped({"t.csv": ROWS}, method))
    assert PHONE in text_of(unpacked)
    assert gaps_of(unpacked) == []


def test_a_method_that_nothing_reads_is_a_gap() -> None:
    unpacked = unpack_body(local(b"a.bin", b"\1\2\3\4" * 9, method=97) + zipped({"b.csv": ROWS}))
    assert gaps_of(unpacked)[0] == ("unknown-format", "body > a.bin")
    assert PHONE in text_of(unpacked)


def test_deflate64_is_read_with_what_stands_behind_it() -> None:
    packer = inflate64.Deflater()
    packed = packer.deflate(ROWS * 3000) + packer.flush()
    member = local(b"a.csv", packed, method=9, size=len(ROWS) * 3000)
    unpacked = unpack_body(member + zipped({"b.csv": b"behind it"}))
    assert text_of(unpacked).count(PHONE) == (ROWS * 3000).count(PHONE.encode())
    assert "behind it" in text_of(unpacked)


def ppmd(data: bytes, *, order: int = 6, memory: int = 1) -> bytes:
    packer = pyppmd.Ppmd8Encoder(order, memory << 20, 0)
    packed: bytes = packer.encode(data) + packer.flush()
    return struct.pack("<H", order - 1 | memory - 1 << 4) + packed


def test_ppmd_is_read_with_what_stands_behind_it() -> None:
    member = local(b"a.csv", packed := ppmd(ROWS * 3000), method=98, packed=len(packed), size=len(ROWS) * 3000)
    member = member[:14] + struct.pack("<L", zlib.crc32(ROWS * 3000)) + member[18:]
    unpacked = unpack_body(member + zipped({"b.csv": b"behind it"}))
    assert text_of(unpacked).count(PHONE) == (ROWS * 3000).count(PHONE.encode())
    assert "behind it" in text_of(unpacked)
    assert gaps_of(unpacked) == []


@pytest.mark.parametrize(
    ("kept", "size", "head", "reason"),
    [(None, 1 << 31, b"", "malformed"), (9, 5000, b"", "malformed"), (None, 99, b"\xff\x0f", "unknown-format")],
)
def test_ppmd_that_lies_ends_with_a_gap(kept: int | None, size: int, head: bytes, reason: str) -> None:
    stream = head + ppmd(ROWS)[len(head) : kept]
    unpacked = unpack_body(local(b"a.csv", stream, method=98, size=size) + zipped({"b.csv": b"behind it"}))
    assert (reason, "body > a.csv") in gaps_of(unpacked)


def test_an_encrypted_member_is_a_gap_that_names_it() -> None:
    raw = zipped({"secret.csv": ROWS}, zipfile.ZIP_STORED)
    unpacked = unpack_body(encrypted(raw.replace(ROWS, enciphered(ROWS))))
    assert gaps_of(unpacked) == [("encrypted", "body > secret.csv")]
    assert unpacked.filenames == ("secret.csv",)
    assert PHONE not in text_of(unpacked)


def test_a_name_in_gbk_is_decoded() -> None:
    unpacked = unpack_body(local("客户订单信息表.csv".encode("gbk"), b"x"))
    assert unpacked.filenames == ("客户订单信息表.csv",)


def test_comments_of_archive_and_member_are_read() -> None:
    unpacked = unpack_body(zipped({"a": b"x"}, comment=b"call 13800138000"))
    assert [part.text for part in unpacked.parts if part.location.steps == ("comment",)] == ["call 13800138000"]


@pytest.mark.parametrize("kept", [40, 60, 90, 120])
def test_a_cut_archive_shows_what_is_left(kept: int) -> None:
    whole = zipped({"t.csv": ROWS * 3}, zipfile.ZIP_STORED)
    unpacked = unpack_body(whole[:kept])
    assert unpacked.content == "zip"
    assert MALFORMED_END in gaps_of(unpacked)
    if kept > 60:
        assert PHONE in text_of(unpacked)


def test_an_archive_without_its_directory_is_read() -> None:
    whole = zipped({"a.csv": ROWS, "b.txt": b"hello there"})
    unpacked = unpack_body(whole[: whole.index(b"PK\x01\x02")])
    assert PHONE in text_of(unpacked)
    assert unpacked.filenames == ("a.csv", "b.txt")
    assert gaps_of(unpacked) == [MALFORMED_END]


@pytest.mark.parametrize("size", [0, 10, 4_000_000_000])
def test_a_lying_size_changes_nothing_but_is_told(size: int) -> None:
    raw = bytearray(zipped({"t.csv": ROWS}))
    struct.pack_into("<L", raw, 22, size)
    struct.pack_into("<L", raw, raw.index(b"PK\x01\x02") + 24, size)
    unpacked = unpack_body(bytes(raw))
    assert "李四" in text_of(unpacked)
    assert gaps_of(unpacked) == [("malformed", "body > t.csv")]


@pytest.mark.parametrize("packed", [1, 50, 4_000_000])
def test_a_lying_size_of_a_stored_member_hides_nothing(packed: int) -> None:
    body = local(b"a", b"padding " * 20 + PHONE.encode(), packed=packed) + zipped({"b.txt": b"call 13900139000"})
    unpacked = unpack_body(body)
    assert PHONE in text_of(unpacked)
    assert "13900139000" in text_of(unpacked)
    assert "malformed" in [gap.reason for gap in unpacked.gaps]


def test_a_wrong_checksum_is_told() -> None:
    raw = bytearray(zipped({"t.csv": ROWS}, zipfile.ZIP_STORED))
    raw[raw.index(b"138")] = ord("9")
    assert gaps_of(unpack_body(bytes(raw))) == [("malformed", "body > t.csv")]


def test_a_broken_deflate_stream_gives_what_came_before() -> None:
    lines = b"".join(b"row %d phone 1380013%04d\n" % (n, n) for n in range(900))
    raw = bytearray(zipped({"t.txt": lines}))
    raw[len(raw) // 2 : len(raw) // 2 + 4] = b"\xff\xff\xff\xff"
    unpacked = unpack_body(bytes(raw))
    assert "row 100 phone 13800130100" in text_of(unpacked)
    assert ("malformed", "body > t.txt") in gaps_of(unpacked)


def test_streamed_members_with_data_descriptors() -> None:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(ROWS) + packer.flush()
    head = struct.pack("<L5H3L2H", 0x04034B50, 20, 8, 8, 0, 0, 0, 0, 0, 1, 0) + b"a"
    tail = struct.pack("<4L", 0x08074B50, zlib.crc32(ROWS), len(packed), len(ROWS))
    unpacked = unpack_body(head + packed + tail + head + packed + tail[4:])
    assert text_of(unpacked).count(PHONE) == 2
    assert gaps_of(unpacked) == [MALFORMED_END]


def test_bytes_around_and_between_the_members_are_read() -> None:
    first = local(b"a", b"x")
    second = zipped({"b": b"y"})
    unpacked = unpack_body(b"before 111 " + first + b"between 222 " + second + b"behind 333 ")
    found = {part.location.steps[-1]: part.text for part in unpacked.parts if part.location.area == "body"}
    assert found["before the archive"] == "before 111 "
    assert found["between the members"] == "between 222 "
    assert found["after the archive"] == "behind 333 "


def test_an_archive_behind_a_picture_is_found() -> None:
    unpacked = unpack_body(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20 + zipped({"t.csv": ROWS}), "image/png")
    assert unpacked.content == "zip"
    assert PHONE in text_of(unpacked)


def test_two_archives_one_behind_the_other_are_both_read() -> None:
    unpacked = unpack_body(zipped({"a": b"first"}) + zipped({"t.csv": ROWS}))
    assert unpacked.filenames == ("a", "t.csv")


def test_a_member_that_only_the_directory_knows_is_read() -> None:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(ROWS) + packer.flush()
    hidden = local(b"h", b"", method=8, packed=len(packed), size=len(ROWS)) + packed
    # The outer member claims to be as long as the hidden one and says that it is locked.
    outer = said_locked(b"o", hidden)
    entry = struct.pack(
        "<L6H3L5H2L", 0x02014B50, 20, 20, 0, 8, 0, 0, zlib.crc32(ROWS), len(packed), len(ROWS), 1, 0, 0, 0, 0, 0, 31
    )
    end = struct.pack("<L4H2LH", 0x06054B50, 0, 0, 1, 1, len(entry) + 1, len(outer), 0)
    unpacked = unpack_body(outer + entry + b"h" + end)
    assert PHONE in text_of(unpacked)
    assert ("encrypted", "body > o") in gaps_of(unpacked)


def test_a_bomb_stops_at_the_ratio_and_shows_what_it_has() -> None:
    limits = tight(ratio=2, ratio_floor=50_000)
    unpacked = unpack_body(zipped({"bomb.txt": ROWS + b"0 " * 5_000_000}), limits=limits)
    assert unpacked.expanded_bytes == 50_000
    assert "李四" in text_of(unpacked)
    assert gaps_of(unpacked) == [("too-large", "body")]


def test_all_members_together_stop_at_the_limit_of_the_message() -> None:
    limits = tight(expanded_bytes=100_000)
    bomb = zipped({f"{n}.txt": b"0 " * 20_000 for n in range(9)})
    unpacked = unpack_body(zipped({"a.zip": bomb, "b.zip": bomb}), limits=limits)
    assert unpacked.expanded_bytes == 100_000
    assert [gap.reason for gap in unpacked.gaps] == ["too-large"]


def test_more_members_than_the_limit_are_a_gap() -> None:
    unpacked = unpack_body(zipped({f"{n}": b"x" for n in range(30)}), limits=tight(members=20))
    assert len(unpacked.filenames) == 20
    assert gaps_of(unpacked) == [("too-large", "body")]


def test_members_that_lie_over_each_other_are_not_read_for_ever() -> None:
    # A thousand headers whose extra fields all reach to one stream, which is long and gives nothing.
    count, stream = 1000, b"\0\0\0\xff\xff" * 8000 + b"\1\0\0\xff\xff"
    heads = b"".join(
        struct.pack("<L5H3L2H", 0x04034B50, 20, 0, 8, 0, 0, 0, len(stream), 0, 0, 30 * (count - n - 1))
        for n in range(count)
    )
    outer = said_locked(b"o", heads + stream)
    entries = b"".join(
        struct.pack("<L6H3L5H2L", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(stream), *[0] * 7, 31 + 30 * n)
        for n in range(count)
    )
    end = struct.pack("<L4H2LH", 0x06054B50, 0, 0, count, count, len(entries), len(outer), 0)
    unpacked = unpack_body(outer + entries + end)
    assert gaps_of(unpacked)[-1] == ("too-large", "body")
    assert len(unpacked.filenames) < 20


def test_nesting_beyond_the_limit_is_a_gap() -> None:
    body = ROWS
    for level in range(12):
        body = zipped({f"{level}.zip": body})
    unpacked = unpack_body(body)
    assert [gap.reason for gap in unpacked.gaps] == ["too-deep"]
    assert PHONE not in text_of(unpacked)


def test_nesting_up_to_the_limit_is_read() -> None:
    body = ROWS
    for level in range(10):
        body = zipped({f"{level}.zip": body})
    assert gaps_of(unpack_body(body)) == []
    assert PHONE in text_of(unpack_body(body))


def test_a_sender_chosen_name_stays_one_step_on_one_line() -> None:
    unpacked = unpack_body(local(b"a\r\nb\x1b[31m" + b"x" * 900, b"hello"))
    step = unpacked.parts[-1].location.steps[-1]
    assert step.startswith("a\ufffd\ufffdb\ufffd[31m")
    assert len(step) == 200
    assert len(unpacked.filenames[0]) == 909


def test_data_in_an_extra_field_is_read() -> None:
    extra = struct.pack("<2H", 0x7777, 100) + (b"call 13800138000 " * 9)[:100]
    head = struct.pack("<L5H3L2H", 0x04034B50, 20, 0, 0, 0, 0, zlib.crc32(b"x"), 1, 1, 1, len(extra))
    assert "call 13800138000" in text_of(unpack_body(head + b"a" + extra + b"x"))


def test_text_that_names_the_magic_is_text() -> None:
    assert unpack_body(b"a zip begins with PK and two control characters").content == "text"


def test_plain_text_is_not_searched_for_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def searched(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(zip_format, "next_record", searched)
    unpacked = unpack_body(b"PK, 13800138000, signs his mails with two letters\n" * 100)
    assert (unpacked.content, unpacked.gaps) == ("text", ())


@pytest.mark.parametrize(
    ("flags", "method"),
    [
        pytest.param(1, 0, id="encrypted"),
        pytest.param(0x40, 0, id="strong encryption"),
        pytest.param(0x2000, 0, id="masked headers"),
        pytest.param(0, 99, id="AES"),
    ],
)
def test_every_sign_of_encryption_is_one(flags: int, method: int) -> None:
    """APPNOTE 4.4.4, bits 0, 6 and 13, and the method of AE-x."""
    unpacked = unpack_body(local(b"a.txt", ROWS, flags=flags, method=method))
    assert ("encrypted", "body > a.txt") in gaps_of(unpacked)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_that_is_only_said_to_be_locked_is_read(method: int) -> None:
    unpacked = unpack_body(encrypted(zipped({"a.csv": ROWS}, method)))
    assert PHONE in text_of(unpacked)
    assert gaps_of(unpacked) == []
