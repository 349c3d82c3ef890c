from __future__ import annotations

import struct
import zlib

import pytest

from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

WIDTHS = (24, 16, 0, 300)


def dictionary(compression: int) -> bytes:
    """Return all before the cases: the phone is a number, the address a very long text in two variables."""
    head = (b"$FL3" if compression == 2 else b"$FL2") + b"@(#) SPSS DATA FILE made up".ljust(60)
    head += struct.pack("<5id", 2, 1, compression, 0, COUNT, 100.0) + b"01 Jan 26" + b"00:00:00" + bytes(67)
    records = b""
    segments = [("A", 24), ("B", 16), ("C", 0), ("D", 255), ("D0", 48)]
    for number, (name, width) in enumerate(segments):
        label = b"what it is" if number == 1 else b""
        records += struct.pack("<6i", 2, width, bool(label), 0, 0, 0) + name.encode().ljust(8)
        records += struct.pack("<I", len(label)) + label.ljust(12) if label else b""
        records += (struct.pack("<6i", 2, -1, 0, 0, 0, 0) + b" " * 8) * (max(1, -(-width // 8)) - 1)
    long = "\t".join(f"{letter}={name}" for letter, name in zip("ABCD", NAMES, strict=True)).encode()
    records += struct.pack("<4i", 7, 13, 1, len(long)) + long
    very = b"D=00300\0\t"
    records += struct.pack("<4i", 7, 14, 1, len(very)) + very + struct.pack("<4i", 3, 1, 0, 0) + b"\7one two"
    return head + records + struct.pack("<3i", 4, 1, 3) + struct.pack("<2i", 999, 0)


def cases() -> bytes:
    rows = b""
    for one in SOME:
        number, name, phone, address = one.cells
        rows += number.encode().ljust(24) + name.encode().ljust(16) + struct.pack("<d", int(phone))
        rows += address.encode().ljust(300)[:255].ljust(256) + address.encode().ljust(300)[255:].ljust(48)
    return rows


def packed(data: bytes) -> bytes:
    pieces = [data[at : at + 8] for at in range(0, len(data), 8)]
    out = b""
    for at in range(0, len(pieces), 8):
        some = pieces[at : at + 8]
        codes = bytes(254 if piece == b" " * 8 else 253 for piece in some)
        out += codes.ljust(8, b"\0") + b"".join(piece for piece in some if piece != b" " * 8)
    return out + b"\xfc" + bytes(7)


def data_file(compression: int) -> bytes:
    head, body = dictionary(compression), cases()
    if compression == 1:
        return head + packed(body)
    if compression == 2:
        block = zlib.compress(packed(body))
        return head + struct.pack("<3q", len(head), len(head) + 24 + len(block), 48) + block + bytes(48)
    return head + body


@pytest.mark.parametrize("compression", [0, 1, 2])
def test_every_case_is_a_row_below_the_long_names(compression: int) -> None:
    data = data_file(compression)
    assert seen(data) == ("spss", COUNT, [])
    assert unpack_body(data).parts[0].columns == NAMES


def test_a_cut_file_is_a_gap_and_gives_what_it_has() -> None:
    data = data_file(1)[:6000]
    assert "malformed" in reasons(data)
    assert SOME[0].phone in text_of(unpack_body(data))


def test_what_lies_does_not_fail() -> None:
    for compression in (0, 1, 2):
        data = bytearray(data_file(compression))
        for at in range(176, 2000, 41):
            data[at] ^= 0xFF
            assert "failed" not in reasons(bytes(data))


def test_a_small_number_is_its_code_less_the_bias() -> None:
    codes = bytes([254] * 5 + [142] + [254] * 38 + [252] * 4)
    assert "\t42\t" in text_of(unpack_body(dictionary(1) + codes)).replace(" ", "")


def test_a_very_long_text_is_one_cell() -> None:
    long = "".join(f"{number:05}" for number in range(60)).encode()
    row = b" " * 40 + struct.pack("<d", 1) + long[:255].ljust(256) + long[255:].ljust(48)
    assert long.decode() in text_of(unpack_body(dictionary(0) + row))


def test_texts_that_are_wider_than_any_and_widths_that_are_no_numbers_do_not_fail() -> None:
    data = data_file(1)
    wide = data[: 176 + 4] + struct.pack("<i", 32_000) + data[176 + 8 :]
    assert "failed" not in reasons(wide)
    assert unpack_body(wide).content != "spss"
    assert "failed" not in reasons(data.replace(b"D=00300", b"D=\xc2\xb2\xc2\xb20"))


SAID = b"canary 13711223344 end.."


@pytest.mark.parametrize("compression", [0, 1, 2])
def test_what_stands_beside_the_cases_is_read(compression: int) -> None:
    head = dictionary(compression)
    for record in (
        struct.pack("<4i", 7, 18, 1, len(SAID)) + SAID,
        struct.pack("<6i", 2, 0, 0, 3, 0, 0) + b"E       " + SAID,
    ):
        changed = head[: head.rindex(struct.pack("<2i", 999, 0))] + record + struct.pack("<2i", 999, 0)
        data = changed + packed(cases()) if compression == 1 else changed + cases()
        assert "13711223344" in text_of(unpack_body(data))


def test_what_stands_in_the_trailer_of_a_packed_file_is_read() -> None:
    head, block = dictionary(2), zlib.compress(packed(cases()))
    places = struct.pack("<3q", len(head), len(head) + 24 + len(block), 48 + len(SAID))
    assert "13711223344" in text_of(unpack_body(head + places + block + bytes(48) + SAID))
    places = struct.pack("<3q", len(head), len(head) + 24 + len(block) + len(SAID), 48)
    assert "13711223344" in text_of(unpack_body(head + places + block + SAID + bytes(48)))


def test_what_is_packed_behind_the_end_of_the_cases_is_read() -> None:
    head, block = dictionary(2), zlib.compress(packed(cases()) + SAID)
    data = head + struct.pack("<3q", len(head), len(head) + 24 + len(block), 48) + block + bytes(48)
    assert "13711223344" in text_of(unpack_body(data))


def test_less_than_one_case_is_read() -> None:
    head = dictionary(0)
    for cases_said in (-1, 0):
        data = head[:80] + struct.pack("<i", cases_said) + head[84:] + SAID
        assert "13711223344" in text_of(unpack_body(data))
