from __future__ import annotations

from tests.samples.tools import _unpacked_block, iwa
from tests.unpack.customers import COUNT, CSV, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

WHOLE = iwa([cell for one in SOME for cell in one.cells])


def test_the_texts_of_cells_are_read_in_their_order() -> None:
    unpacked = unpack_body(WHOLE)
    assert (unpacked.content, unpacked.gaps) == ("iwa", ())
    assert "\n".join(SOME[3].cells) in text_of(unpacked)


def test_hostile_documents() -> None:
    for data in (WHOLE[:-9], b"\0\4\0\0\xff\xff\xff\xff", b"\0\0\0\0" * 99_999, b"\0\4\0\0\3\x08ab" * 9):
        assert "failed" not in reasons(data)


def test_a_cell_of_one_sign_is_a_cell() -> None:
    assert "\nB\n" in text_of(unpack_body(iwa(["first", "B", "third"])))


def test_what_is_packed_in_the_same_way_and_is_no_message_is_read() -> None:
    packed = _unpacked_block(CSV)
    data = b"\0" + len(packed).to_bytes(3, "little") + packed
    assert seen(data)[:2] == ("iwa", COUNT)
