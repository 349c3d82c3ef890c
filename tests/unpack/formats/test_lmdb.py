from __future__ import annotations

import json
import struct

from tests.unpack.customers import COUNT, CSV, SOME, reasons, rows, seen
from tests.unpack.samples import text_of, unpack_body

SIZE = 4096


def page(number: int, flags: int, nodes: list[tuple[bytes, bytes, int]], large: int = 0) -> bytes:
    """Return a page of leaves; a value of flag 1 is the number of the page where it is, and `large` bytes long."""
    body, places = b"", []
    for key, value, flag in nodes:
        size = large if flag else len(value)
        node = struct.pack("<HHHH", size & 0xFFFF, size >> 16, flag, len(key)) + key + value
        body = node + bytes(len(node) % 2) + body
        places.append(SIZE - len(body))
    head = struct.pack("<QHHHH", number, 0, flags, 16 + 2 * len(nodes), SIZE - len(body))
    head += b"".join(struct.pack("<H", place) for place in places)
    return head + bytes(SIZE - len(head) - len(body)) + body


def lmdb() -> bytes:
    meta = (
        struct.pack("<QHHHH", 0, 0, 8, 0, 0) + struct.pack("<II", 0xBEEFC0DE, 1) + bytes(16) + struct.pack("<I", SIZE)
    )
    meta += bytes(SIZE - len(meta))
    pairs = [
        (f"k{number}".encode(), json.dumps(one, ensure_ascii=False).encode(), 0) for number, one in enumerate(rows())
    ]
    pages = [page(2 + number, 2, pairs[at : at + 10]) for number, at in enumerate(range(0, COUNT, 10))]
    return meta + meta + b"".join(pages)


def test_values_are_objects_and_old_copies_of_pages_count_once() -> None:
    data = lmdb()
    assert seen(data) == ("lmdb", COUNT, [])
    assert text_of(unpack_body(data + data[2 * SIZE : 3 * SIZE])) == text_of(unpack_body(data))


def test_a_large_value_is_read_by_itself() -> None:
    large = ("\n".join(f"{one['name']},{one['phone']},{one['address']}" for one in rows())).encode()
    where = struct.pack("<Q", 3)
    data = lmdb()[: 2 * SIZE] + page(2, 2, [(b"k", where, 1)], len(large)) + bytes(16) + large
    assert seen(data)[1:] == (COUNT, [])


def test_pages_that_lie_are_passed_over() -> None:
    data = bytearray(lmdb())
    for at in range(2 * SIZE, len(data), 97):
        data[at] ^= 0xFF
    assert "failed" not in reasons(bytes(data))


def test_entries_that_lie_over_each_other_are_a_gap() -> None:
    large = 1_000_000
    nodes = [(b"k%03d" % number, struct.pack("<Q", 3), 1) for number in range(90)]
    data = lmdb()[: 2 * SIZE] + page(2, 2, nodes, large) + bytes(16) + b"x" * large
    assert reasons(data) == ["too-large"]


def test_a_page_of_keys_of_a_size_that_none_has_is_read() -> None:
    odd = struct.pack("<QHHHH", 2, 0, 0x22, 400, 400) + b"phone 13800138000 of somebody"
    assert "13800138000" in text_of(unpack_body(lmdb()[: 2 * SIZE] + odd.ljust(SIZE, b"\0")))


def test_a_table_behind_the_beginning_of_a_database_is_read() -> None:
    for cut in (48, 100, 153, SIZE):
        assert sum(one.phone in text_of(unpack_body(lmdb()[:cut] + b"\n" + CSV)) for one in SOME) == COUNT


def test_whatever_stands_beside_the_values_is_read() -> None:
    data = lmdb()
    large = page(len(data) // SIZE, 2, [(b"k", struct.pack("<Q", len(data) // SIZE + 1), 1)], 700)
    data += large + bytes(16) + b"y" * 700 + bytes(SIZE - 716)
    canary = b"canary 13711223344 end"
    pieces = [canary[at : at + 7].decode() for at in range(len(canary) - 6)]
    hidden = []
    for at in [100, *range(153, len(data) - len(canary), 151)]:
        text = text_of(unpack_body(data[:at] + canary + data[at + len(canary) :]))
        if not any(piece in text for piece in pieces):
            hidden.append(at)
    assert hidden == []
