from __future__ import annotations

import pytest

from tests.unpack.customers import COUNT, SOME, seen
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body

COLUMNS = "`order_no`,`name`,`phone`,`address`"
DUMPS = {
    "one a statement": "".join(f"INSERT INTO `orders` ({COLUMNS}) VALUES {one.cells!r};\n" for one in SOME),
    "one statement": "INSERT INTO orders VALUES " + ",\n".join(repr(one.cells) for one in SOME) + ";\n",
    "numbers": "INSERT INTO orders VALUES " + ",".join(f"({one.phone},'{one.address}',NULL)" for one in SOME),
    "mssql": "".join(f"INSERT [dbo].[Orders] ([a], [b]) VALUES (N'{x.phone}', N'{x.address}')\nGO\n" for x in SOME),
    "bytes": "".join(
        f"INSERT INTO o VALUES (1, X'{x.phone.encode().hex()}', 0x{x.address.encode().hex()});\n" for x in SOME
    ),
    "bytea": "".join(
        f"INSERT INTO o VALUES (1, '\\x{x.phone.encode().hex()}', '\\x{x.address.encode().hex()}');\n" for x in SOME
    ),
    "oracle": "".join(
        f"Insert into O (A,B,C) values ({one.phone},'{one.address}',to_date('2026-01-02','YYYY-MM-DD'));\n"
        for one in SOME
    ),
    "copy": "COPY public.orders (order_no, name, phone, address) FROM stdin;\n"
    + "".join("\t".join(one.cells) + "\n" for one in SOME)
    + "\\.\n\nCREATE INDEX i ON orders (phone);\n",
    "mysqldump": "CREATE TABLE `orders` (\n `id` int NOT NULL,\n `phone` varchar(20),\n `address` varchar(200),\n"
    " `price` decimal(10,2),\n PRIMARY KEY (`id`)\n);\nINSERT INTO `orders` VALUES "
    + ",".join(f"({number},'{one.phone}','{one.address}\\'s',3.50)" for number, one in enumerate(SOME))
    + ";\nUNLOCK TABLES;\n",
}


@pytest.mark.parametrize("name", sorted(DUMPS))
def test_every_row_is_read(name: str) -> None:
    assert seen(DUMPS[name].encode()) == ("sql", COUNT, [])


def test_columns_come_from_the_statement_or_the_table() -> None:
    for name, columns in (
        ("one a statement", ("order_no", "name", "phone", "address")),
        ("copy", ("order_no", "name", "phone", "address")),
        ("mysqldump", ("id", "phone", "address", "price")),
    ):
        (part,) = [part for part in unpack_body(DUMPS[name].encode()).parts if part.columns]
        assert part.columns == columns


def test_escapes_and_quotes() -> None:
    unpacked = unpack_body(rb"INSERT INTO a VALUES ('it''s','a\'b','x\n13800138000\ty',NULL,-1.5,X'00ff'), ('(',')');")
    assert [part.text for part in unpacked.parts if part.units] == ["it's\ta'b\tx 13800138000 y\t\t-1.5\t00ff\n(\t)\n"]


def test_what_is_no_row_is_read_as_text() -> None:
    unpacked = unpack_body(DUMPS["mysqldump"].encode() + b"-- ask 13800138000\nUPDATE a SET b='13900139000';\n")
    assert "-- ask 13800138000" in text_of(unpacked)
    assert "b='13900139000'" in text_of(unpacked)


def test_rows_stop_at_the_limit_and_the_rest_is_text() -> None:
    unpacked = unpack_body(DUMPS["one statement"].encode(), limits=tight(values=20))
    assert gaps_of(unpacked) == [("too-large", "body")]
    assert all(one.phone in text_of(unpacked) for one in SOME)


@pytest.mark.parametrize(
    "body",
    [
        "INSERT INTO a VALUES (" + "'" * 200_001 + ");13800138000",
        "INSERT INTO a VALUES " + "(" * 200_000 + "13800138000",
        "INSERT INTO " * 20_000 + " VALUES (1) 13800138000",
        "INSERT INTO a (" * 20_000 + "VALUES (1) 13800138000",
        "CREATE TABLE a (" * 20_000 + "INSERT INTO a VALUES (1, 13800138000)",
        "COPY a FROM stdin;\n" * 20_000 + "13800138000\n",
    ],
)
def test_hostile_statements_end_and_hide_nothing(body: str) -> None:
    assert "13800138000" in text_of(unpack_body(body.encode()))


def test_prose_is_no_dump() -> None:
    assert unpack_body(b"Please insert into the form your values (see below).\n" * 9).content == "text"
