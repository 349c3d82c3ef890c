"""What pictures say in words, each by its own reader; what they show comes from a stand-in for eyes."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib

import pytest
from PIL import Image

from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.unpack.budget import Deferred
from dlp_proxy.unpack.sight import Missed, Seen
from dlp_proxy.unpack.unpack import Unpacked, unpack
from tests.samples import pictures
from tests.samples.customers import customers
from tests.unpack.samples import gaps_of, message, text_of, tight, unpack_body, zipped

PEOPLE = customers(3)
SAMPLES = dict(pictures.files(PEOPLE))
CONTENTS = {
    "png": "png",
    "jpg": "jpeg",
    "gif": "gif",
    "tif": "tiff",
    "webp": "riff",
    "wav": "riff",
    "bmp": "bmp",
    "ppm": "pnm",
    "mp3": "id3",
}


def png(**options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (4, 4)).save(buffer, "PNG", **options)
    return buffer.getvalue()


def seeing(body: bytes, seen: Seen, limits: Limits = LIMITS) -> tuple[Unpacked, list[float]]:
    asked: list[float] = []

    def sight(_data: bytes, seconds: float, _limits: Limits) -> Seen:
        asked.append(seconds)
        return seen

    return unpack(message(body), limits, sight), asked


@pytest.mark.parametrize("name", SAMPLES)
def test_words_in_a_picture_are_read(name: str) -> None:
    unpacked = unpack_body(SAMPLES[name])
    assert unpacked.content == CONTENTS[name.rpartition(".")[2]]
    for one in PEOPLE:
        assert all(cell in text_of(unpacked) for cell in one.cells)


@pytest.mark.parametrize("name", [one for one in SAMPLES if not one.endswith(".webp")])
def test_nothing_is_read_twice(name: str) -> None:
    assert text_of(unpack_body(SAMPLES[name])).count(PEOPLE[0].phone) == 1


def test_samples_were_made() -> None:
    assert len(SAMPLES) == 19


def test_without_eyes_what_is_shown_is_a_gap() -> None:
    assert [(gap.reason, gap.detail) for gap in unpack_body(png()).gaps] == [
        ("unknown-format", "picture: text in it was not read")
    ]


def test_what_is_seen_is_a_part_and_no_gap() -> None:
    unpacked, _ = seeing(png(), Seen(("call 13800138000",), (b'{"phone": "13900139000"}',)))
    assert [(str(part.location), part.text.strip()) for part in unpacked.parts] == [
        ("body > text in the picture", "call 13800138000"),
        ("body > code in the picture", "phone: 13900139000"),
    ]
    assert unpacked.gaps == ()


def test_what_was_missed_is_a_gap() -> None:
    unpacked, _ = seeing(png(), Seen(missed=(Missed("too-large", "too many pixels"),)))
    assert gaps_of(unpacked) == [("too-large", "body")]


def test_one_picture_is_looked_at_once_and_time_is_shared() -> None:
    members = {"a.png": png(), "again.png": png(), "other.png": png() + bytes(3), "late.png": png() + bytes(5)}
    unpacked, asked = seeing(zipped(members), Seen(seconds=7.0), tight(picture_seconds=10))
    assert asked == [pytest.approx(10 / 3), 1.5]
    assert gaps_of(unpacked) == [("unknown-format", "body > late.png")]


def test_what_small_pictures_leave_of_the_time_is_for_large_ones() -> None:
    members = {"scan.png": png() + bytes(90), "icon.png": png(), "button.png": png() + bytes(1)}
    _, asked = seeing(zipped(members), Seen(seconds=0.5), tight(picture_seconds=10))
    assert asked == [pytest.approx(10 / 3), 4.75, 9.0]


def test_pictures_met_before_a_limit_are_looked_at_all_the_same() -> None:
    members = {"a.png": png(), "b.txt": b"x" * 40_000, "c.txt": b"y" * 40_000}
    unpacked, asked = seeing(zipped(members), Seen(("call 13800138000",)), tight(expanded_bytes=50_000))
    assert len(asked) == 1
    assert "13800138000" in text_of(unpacked)


def test_codes_are_read_when_the_time_for_text_is_gone() -> None:
    members = {f"{n}.png": png() + bytes(n) for n in range(1, 4)}
    _, asked = seeing(zipped(members), Seen(codes=(b"x",), seconds=5.5), tight(picture_seconds=10))
    assert asked == [pytest.approx(10 / 3), 2.25, 0.0]


def test_only_so_many_pictures_are_looked_at() -> None:
    unpacked, asked = seeing(zipped({f"{n}.png": png() + bytes(n % 7) for n in range(7)}), Seen(), tight(pictures=5))
    assert len(asked) == 5
    assert [reason for reason, _ in gaps_of(unpacked)] == ["unknown-format"] * 2


def test_pictures_are_left_to_an_inspector() -> None:
    with pytest.raises(Deferred):
        unpack_body(png(), limits=tight(decoders=False))
    with pytest.raises(Deferred):
        unpack_body(
            json.dumps({"image": base64.b64encode(png() + bytes(300)).decode()}).encode(), limits=tight(decoders=False)
        )


def test_a_picture_in_base64_is_looked_at_by_who_has_eyes() -> None:
    body = json.dumps({"url": "data:image/png;base64," + base64.b64encode(png() + bytes(300)).decode()}).encode()
    assert seeing(body, Seen(("hello",)))[0].parts[-1].text == "hello"
    assert unpack_body(body).gaps == ()


def test_an_archive_behind_a_picture_is_read_and_the_picture_as_well() -> None:
    unpacked, asked = seeing(png() + zipped({"a.txt": b"call 13800138000"}), Seen())
    assert (unpacked.content, len(asked)) == ("zip", 1)
    assert "13800138000" in text_of(unpacked)


def test_a_cut_picture_is_malformed() -> None:
    assert ("malformed", "body") in gaps_of(unpack_body(png()[:40]))


def test_a_text_that_inflates_too_far_stops() -> None:
    bomb = png()[:33] + pictures._chunk(png(), b"zTXt", b"a\0\0" + __import__("zlib").compress(bytes(50_000)))[33:]
    assert ("too-large", "body") in gaps_of(unpack_body(bomb, limits=tight(ratio_floor=1000, ratio=2)))


def test_a_directory_that_names_itself_ends() -> None:
    loop = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<2H2I", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    assert unpack_body(loop).content == "tiff"


def test_a_directory_that_is_named_twice_is_read_once() -> None:
    said = b"call 13800138000"
    folder = struct.pack("<H2H2I2H2I", 2, 0x010E, 2, len(said), 38, 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    assert text_of(unpack_body(b"II*\0\x08\0\0\0" + folder + said)).count("13800138000") == 1


def test_the_small_picture_in_a_picture_is_read_too() -> None:
    small = SAMPLES["comment.jpg"]
    folder = struct.pack("<H2H2I2H2I", 2, 0x0201, 4, 1, 38, 0x0202, 4, 1, len(small)) + bytes(4)
    unpacked = unpack_body(b"II*\0\x08\0\0\0" + folder + small)
    assert (unpacked.formats["tiff"], unpacked.formats.get("jpeg")) == (1, 1)
    assert PEOPLE[0].phone in text_of(unpacked)


def test_two_letters_are_no_picture() -> None:
    assert unpack_body(b"BMW sold 13800138000 cars").content == "text"


def test_a_photograph_of_a_telephone_keeps_its_exif() -> None:
    heic = (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        b"\0\0\0\x40meta"
        b"Exif\0\0"
        b"MM\0*\0\0\0\x08\0\1\x01\x0e\0\2\0\0\0\x10\0\0\0\x1a\0\0\0\0call 13800138000"
    )
    unpacked = unpack_body(heic)
    assert unpacked.content == "boxes"
    assert "call 13800138000" in text_of(unpacked)
    assert gaps_of(unpacked) == [("unknown-format", "body")]


@pytest.mark.parametrize("order", ["le", "be"])
def test_the_comment_of_a_photograph_is_read_in_either_order_of_bytes(order: str) -> None:
    said = "王小明 13800138000\n".encode(f"utf-16-{order}")
    comment = b"UNICODE\0" + said
    tiff = b"MM\0*\0\0\0\x08\0\1" + struct.pack(">2H2I", 0x9286, 7, len(comment), 26) + bytes(4) + comment
    assert "UserComment: 王小明 13800138000" in text_of(unpack_body(tiff)).replace(":\n", ": ")


@pytest.mark.parametrize(("head", "order"), [(b"II*\0", "<"), (b"MM\0*", ">")])
def test_what_windows_writes_beside_a_picture_is_read_whatever_the_order_of_bytes_around_it(
    head: bytes, order: str
) -> None:
    """XPTitle and its like are UTF-16 with the low byte first in every file (Windows Imaging Component)."""
    said = "王小明 13800138000\0".encode("utf-16-le")
    folder = struct.pack(f"{order}H2H2I", 1, 0x9C9C, 1, len(said), 26) + bytes(4)
    tiff = head + struct.pack(f"{order}I", 8) + folder + said
    assert "XPComment: 王小明 13800138000" in text_of(unpack_body(tiff)).replace(":\n", ": ")


def test_codes_that_say_which_of_how_many_they_are_are_one_text() -> None:
    whole = base64.b64encode("".join(f"{one.name},{one.phone},{one.address}\n" for one in customers(20)).encode())
    pieces = [whole[at : at + 300] for at in range(0, len(whole), 300)]
    codes = [b"%d/%d:%b" % (number, len(pieces), piece) for number, piece in enumerate(pieces, 1)]
    unpacked, _ = seeing(png(), Seen((), tuple(reversed(codes)), (), 0.1))
    assert all(one.phone in text_of(unpacked) for one in customers(20))


def test_a_packed_chunk_of_nobodys_is_read() -> None:
    packed = zlib.compress(b"phone 13800138000 and more words than it takes\n" * 9)
    chunk = struct.pack(">L", len(packed)) + b"prVt" + packed + struct.pack(">L", zlib.crc32(b"prVt" + packed))
    data = png()
    assert "13800138000" in text_of(unpack_body(data[:33] + chunk + data[33:]))


def test_lyrics_of_a_song_are_read() -> None:
    said = b"\1eng" + "\ufeff\0".encode("utf-16-le") + "电话 13800138000".encode("utf-16")
    frame = b"USLT" + struct.pack(">I", len(said)) + b"\0\0" + said
    data = b"ID3\3\0\0" + bytes([0, 0, len(frame) >> 7, len(frame) & 127]) + frame + b"\xff\xfb" + bytes(400)
    assert "电话 13800138000" in text_of(unpack_body(data))
