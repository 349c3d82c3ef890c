from __future__ import annotations

import random
import struct

import pytest

from dlp_proxy.unpack.sqlite_pages import Pages
from tests.unpack.customers import COUNT, CSV, SOME, reasons, seen
from tests.unpack.samples import gaps_of, text_of, unpack_body
from tests.unpack.writers import ORDERS, sqlite

DELETED = "DELETE FROM orders WHERE id % 2 = 1"
KEYED = "CREATE TABLE orders(order_no, name, address, phone INTEGER PRIMARY KEY)"
BY_KEY = "CREATE TABLE orders(order_no, name, phone TEXT PRIMARY KEY, address) WITHOUT ROWID"


@pytest.mark.parametrize(
    ("create", "before"),
    [
        (ORDERS, ""),
        (ORDERS, "PRAGMA page_size=512;"),
        (ORDERS, "PRAGMA encoding='UTF-16le';"),
        (ORDERS, "PRAGMA encoding='UTF-16be'; PRAGMA page_size=65536;"),
        (KEYED, ""),
        (BY_KEY, ""),
        ("CREATE TABLE orders([order_no] TEXT, \"name\", `phone` TEXT, address, CHECK (phone > ','))", ""),
    ],
)
def test_every_row_is_read(create: str, before: str) -> None:
    assert seen(sqlite(create, before)) == ("sqlite", COUNT, [])


@pytest.mark.parametrize(("create", "columns"), [
    (ORDERS, ("id", "order_no", "name", "phone", "address")),
    (KEYED, ("order_no", "name", "address", "phone")),
    (BY_KEY, ("phone", "order_no", "name", "address")),
])  # fmt: skip
def test_columns_have_their_names(create: str, columns: tuple[str, ...]) -> None:
    (part,) = [part for part in unpack_body(sqlite(create)).parts if part.columns]
    assert part.columns == columns
    assert part.field_at(part.text.index(SOME[0].phone)) == "phone"


def test_a_long_text_goes_over_pages() -> None:
    data = sqlite(after=f"UPDATE orders SET name = '{'x' * 9000}13800138000' WHERE id = 1")
    assert "x13800138000" in text_of(unpack_body(data))


def test_tables_indexes_and_views_are_one_reading() -> None:
    data = sqlite(
        after="CREATE INDEX i ON orders(phone); CREATE VIEW v AS SELECT * FROM orders; CREATE TABLE other(a);"
    )
    unpacked = unpack_body(data)
    assert sum(part.columns != () and SOME[3].phone in part.text for part in unpacked.parts) == 1
    assert gaps_of(unpacked) == []


def test_a_log_is_read_without_its_database() -> None:
    assert seen(sqlite(log=True)) == ("sqlite", COUNT, [])


def test_rows_of_a_dropped_table_are_read() -> None:
    text = text_of(unpack_body(sqlite(after="DROP TABLE orders")))
    assert [one.phone in text for one in SOME] == [True] * COUNT


def test_deleted_rows_are_read_where_they_are_left() -> None:
    data = sqlite(after=DELETED)
    text = text_of(unpack_body(data))
    assert [one.phone in text for one in SOME] == [one.phone.encode() in data for one in SOME]
    assert sum(one.phone in text for one in SOME) > COUNT // 2


def test_pages_that_hold_each_other_end() -> None:
    data = bytearray(sqlite())
    data[4096] = 5
    data[4104:4108] = struct.pack(">I", 2)
    assert reasons(bytes(data)) == ["malformed"]


def test_cells_that_lie_over_each_other_end() -> None:
    page = b"\x0d\0\0\x07\xf0\0\0\0" + b"\x0f\xf0" * 2032
    assert reasons(sqlite()[:4096] + page.ljust(4096, b"\0")) == ["malformed"]


@pytest.mark.parametrize("cut", [600, 5000, 9000, 15000])
def test_a_cut_database_gives_what_it_has(cut: int) -> None:
    assert reasons(sqlite()[:cut]) == ["malformed"]


def test_noise_in_a_database_costs_some_rows_only() -> None:
    data, chance = bytearray(sqlite()), random.Random(1)
    for _ in range(40):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    assert reasons(bytes(data)) == ["malformed"]
    assert sum(one.phone in text_of(unpack_body(bytes(data))) for one in SOME) > COUNT * 0.8


def test_only_the_magic_is_no_database() -> None:
    assert unpack_body(b"SQLite format 3\0" + b"phone 13800138000\0" * 2).content == "binary"


def test_a_value_that_lies_about_its_size_costs_its_row() -> None:
    record = b"\x14" + (b"\xbf" + b"\xff" * 7 + b"\xfe") * 2 + b"\x07"
    page = b"\x0d\0\0\0\1\0\0\0" + (100).to_bytes(2) + bytes(90) + bytes([len(record), 1]) + record + bytes(200)
    pages = Pages({2: page}, 512)
    assert list(pages.cells(2, page)) == []
    assert pages.broken == 1


HEAD = sqlite()[:24]
CANARY = b"canary 13711223344 end"


def phones(data: bytes) -> int:
    text = text_of(unpack_body(data))
    return sum(one.phone in text for one in SOME)


@pytest.mark.parametrize("cut", [24, 40, 100, 128])
def test_a_table_behind_the_header_of_a_database_is_read(cut: int) -> None:
    assert phones(sqlite()[:cut] + b"\n" + CSV) >= COUNT - 2
    assert reasons(sqlite()[:cut] + b"\n" + CSV) == ["malformed"]


@pytest.mark.parametrize("kind", ["index", "trigger", "view", "x"])
@pytest.mark.parametrize("create", [ORDERS, KEYED, BY_KEY])
def test_a_table_that_the_schema_calls_something_else_is_read(kind: str, create: str) -> None:
    data = sqlite(create, after=f"PRAGMA writable_schema=1; UPDATE sqlite_master SET type='{kind}', sql=NULL")
    assert phones(data) == COUNT


def test_an_index_of_what_is_in_no_table_is_read() -> None:
    hidden = "PRAGMA writable_schema=1; UPDATE sqlite_master SET rootpage=0 WHERE name='orders'"
    after = f"CREATE INDEX i ON orders(phone); {hidden}"
    assert phones(sqlite(after=after)) == COUNT


def test_numbers_of_rows_that_no_column_shows_are_read() -> None:
    data = sqlite(after="CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES(13711223344, 'x')")
    assert "13711223344" in text_of(unpack_body(data))


def test_whatever_is_written_anywhere_in_a_database_is_read_or_a_gap() -> None:
    long = f"INSERT INTO orders VALUES(900, 'x', '{'y' * 5000}', 1, 2)"
    data = sqlite(after=f"CREATE INDEX i ON orders(phone, name); {DELETED}; {long}")
    pieces = [CANARY[at : at + 8].decode() for at in range(len(CANARY) - 7)]
    hidden = []
    for at in [54, 72, *range(100, len(data) - len(CANARY), 61)]:
        unpacked = unpack_body(data[:at] + CANARY + data[at + len(CANARY) :])
        if not unpacked.gaps and not any(piece in text_of(unpacked) for piece in pieces):
            hidden.append(at)
    assert hidden == []


def test_what_a_log_says_of_a_page_that_was_written_again_is_read() -> None:
    data = sqlite(log=True)
    size = 24 + int.from_bytes(data[8:12])
    last = data[-size:]
    again = last[:24] + bytes(size - 24)
    assert phones(data + again) == COUNT
