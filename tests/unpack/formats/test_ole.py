# ruff: noqa: E501 - a record stands on one line
from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
import xlwt

from dlp_proxy.unpack.documents.outlook import unpacked_rtf
from tests.unpack.customers import COUNT, CSV, SOME
from tests.unpack.documents import C, msg, samples, word
from tests.unpack.ole_writer import write_ole
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body

PHONE = "13800138000"


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<4HB", row, column, 0, len(text), 0) + text.encode())


BEGIN = record(0x809, b"\x00\x06\x05\x00" + bytes(12))
END = record(0xA)


def xls(*records: bytes) -> bytes:
    return write_ole({("Workbook",): BEGIN + END + BEGIN + b"".join(records) + END})


def test_sheets_with_names_hidden_ones_too() -> None:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("客户")
    sheet.visibility = 2
    for row, cells in enumerate((("姓名", "电话", "金额"), ("张三", 13800138000, 1.5), ("李四", "13900139000", 7))):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.add_sheet("b").write(5, 2, xlwt.Formula("1+1"))
    book.save(out)
    unpacked = unpack_body(out.getvalue())
    part = unpacked.parts[0]
    assert unpacked.content == "ole"
    assert str(part.location) == 'body > sheet "客户"'
    assert part.text == "姓名\t电话\t金额\n张三\t13800138000\t1.5\n李四\t13900139000\t7\n"
    assert [unit.label for unit in part.units] == ["row 2", "row 3"]
    assert gaps_of(unpacked) == []


def test_cells_out_of_order_are_rows() -> None:
    unpacked = unpack_body(xls(label(0, 0, "a"), label(1, 0, "b"), label(0, 1, PHONE), label(1, 1, "13900139000")))
    assert unpacked.parts[0].text == "a\t13800138000\nb\t13900139000\n"


def test_a_cell_that_is_far_out_costs_nothing() -> None:
    assert unpack_body(xls(label(0, 0, "a"), label(65535, 65535, PHONE))).parts[0].text == "a\n\t13800138000\n"


def test_a_string_goes_on_in_the_next_record_in_another_width() -> None:
    head = struct.pack("<2L", 2, 2) + struct.pack("<HB", 11, 0) + b"13800"
    rest = b"\x01" + wide("138000") + struct.pack("<HB", 2, 1) + wide("张三")
    shown = record(0xFD, struct.pack("<3HL", 0, 0, 0, 0))
    unpacked = unpack_body(
        write_ole({("Workbook",): BEGIN + record(0xFC, head) + record(0x3C, rest) + END + BEGIN + shown + END})
    )
    assert unpacked.parts[0].text == f"{PHONE}\n"
    assert [part.text for part in unpacked.parts if "no cell shows" in str(part.location)] == ["张三"]


def test_comments_headers_and_formulas_of_a_sheet() -> None:
    box = record(0x1B6, bytes(18)) + record(0x3C, b"\x01" + wide(f"note {PHONE}"))
    footer = record(0x15, struct.pack("<HB", 20, 0) + b"footer 13900139000xx")
    formula = record(0x6, struct.pack("<3H", 0, 0, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)) + record(
        0x207, struct.pack("<HB", 11, 0) + b"13700137000"
    )
    unpacked = unpack_body(xls(formula, footer, box))
    assert unpacked.parts[0].text == "13700137000\n"
    assert f"note {PHONE}" in text_of(unpacked)
    assert "footer 13900139000" in text_of(unpacked)


@pytest.mark.parametrize(
    "streams",
    [
        {("EncryptedPackage",): b"\x88" * 9000, ("EncryptionInfo",): b"\4\0\4\0"},
        {("Workbook",): BEGIN + record(0x2F, bytes(54)) + b"\x99" * 500},
        {("PowerPoint Document",): struct.pack("<2HL", 0xF, 0x2F14, 8) + bytes(8)},
    ],
)
def test_a_locked_document_is_a_gap(streams: dict[tuple[str, ...], bytes]) -> None:
    assert {reason for reason, _ in gaps_of(unpack_body(write_ole(streams)))} == {"encrypted"}


def test_a_locked_word_document_is_a_gap() -> None:
    assert gaps_of(unpack_body(word("x" * 3000, flags=0x0300))) == [("encrypted", "body")]


def test_a_word_document_gives_its_pieces_in_order_and_what_was_left_in_it() -> None:
    body = bytearray(word(f"张三\t{PHONE}\r深圳\x07b\x07\x07{'x' * 2000}"))
    at = body.index(bytes(200)) + 20
    body[at : at + 30] = b"\0\0deleted 13900139000 deleted\0"[:30]
    unpacked = unpack_body(bytes(body))
    assert text_of(unpacked).startswith(f"张三\t{PHONE}\n深圳\tb\n")
    assert "hello narrow" in text_of(unpacked)


def test_a_word_document_without_its_table_gives_its_strings() -> None:
    stream = bytearray(2048) + wide(f"张三 {PHONE} 深圳市南山区科技园路")
    struct.pack_into("<2H", stream, 0, 0xA5EC, 0xC1)
    unpacked = unpack_body(write_ole({("WordDocument",): bytes(stream)}))
    assert PHONE in text_of(unpacked)
    assert [reason for reason, _ in gaps_of(unpacked)] == ["malformed"]


def test_mails_in_mails_and_their_files(tmp_path: Path) -> None:
    unpacked = unpack_body(samples(tmp_path)["nested.msg"])
    assert unpacked.filenames == ("inner mail", "客户.csv")
    assert any(part.columns for part in unpacked.parts)
    assert str(unpacked.parts[-1].location) == "body > inner mail > 客户.csv"


def test_the_html_and_the_compressed_text_of_a_mail() -> None:
    packed = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0"
    assert unpacked_rtf(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    html = f"<p>138<b>00138000</b></p>{' ' * 4096}".encode()
    unpacked = unpack_body(msg({("__substg1.0_10130102",): html}))
    assert PHONE in text_of(unpacked)


def test_a_packed_file_in_a_document() -> None:
    table = ("name,phone,city\n" + "\n".join(",".join(one[:3]) for one in C)).encode()
    native = (
        b"\x02\0a.csv\0C:\\a.csv\0\0\0\x03\0" + struct.pack("<L", 2) + b"x\0" + struct.pack("<L", len(table)) + table
    )
    body = write_ole(
        {("\x01Ole10Native",): struct.pack("<L", len(native)) + native, ("Odd",): f"call {PHONE} ".encode() * 400}
    )
    unpacked = unpack_body(body)
    assert [str(part.location) for part in unpacked.parts if part.columns] == ["body > a.csv"]
    assert f"call {PHONE}" in text_of(unpacked)


@pytest.mark.parametrize("kept", [8, 600, 3000])
def test_a_cut_container_is_a_gap(kept: int) -> None:
    unpacked = unpack_body(word(f"call {PHONE} " * 300)[:kept])
    assert "malformed" in [reason for reason, _ in gaps_of(unpacked)]


def test_streams_that_lie_over_each_other_are_bounded() -> None:
    body = bytearray(write_ole({(f"s{n:03d}",): bytes([n]) * 4096 for n in range(200)}))
    size = struct.pack("<Q", 200 * 4096)
    at = body.index("s000".encode("utf-16-le"))
    first = body[at + 116 : at + 120]
    for n in range(200):
        entry = body.index(f"s{n:03d}".encode("utf-16-le"))
        body[entry + 116 : entry + 120] = first
        body[entry + 120 : entry + 128] = size
    unpacked = unpack_body(bytes(body), limits=tight(ratio=3, ratio_floor=100_000))
    assert len(text_of(unpacked)) < 4_000_000


def test_a_directory_that_refers_to_itself_ends() -> None:
    body = bytearray(word("x" * 3000))
    at = body.index("WordDocument".encode("utf-16-le"))
    struct.pack_into("<3L", body, at + 68, 1, 1, 1)
    assert unpack_body(bytes(body)).content == "ole"


def test_what_is_in_no_stream_of_a_document_is_read() -> None:
    streams: dict[tuple[str, ...], bytes] = {
        ("Workbook",): b"\x09\x08\x10\x00" + bytes(4092),
        ("small",): b"nothing much",
    }
    plain = write_ole(streams)
    for data in (plain + CSV, plain + bytes(512) + CSV):
        assert sum(one.phone in text_of(unpack_body(data)) for one in SOME) == COUNT
    for place in (80, len(plain) - 400):
        changed = plain[:place] + b"canary 13711223344 end" + plain[place + 22 :]
        unpacked = unpack_body(changed)
        assert unpacked.gaps or "13711223344" in text_of(unpacked)


def test_a_stream_that_cannot_be_read_is_a_gap() -> None:
    plain = bytearray(write_ole({("a",): b"x" * 5000}))
    place = plain.index("Root Entry".encode("utf-16-le")) + 128 + 116
    assert plain[place - 116 : place - 114] == b"a\0"
    plain[place : place + 4] = (0x7000_0000).to_bytes(4, "little")
    assert "malformed" in {gap.reason for gap in unpack_body(bytes(plain)).gaps}
