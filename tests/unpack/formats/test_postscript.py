from __future__ import annotations

from tests.samples.tools import grops, postscript
from tests.unpack.customers import reasons
from tests.unpack.samples import text_of, unpack_body

LINES = [f"order SO-20260115-00{n:04d} (gift) 1380013{n:04d} buyer{n}@shop.example" for n in range(100, 160)]


def lines_of(data: str) -> list[str]:
    unpacked = unpack_body(data.encode())
    assert unpacked.content == "postscript"
    return text_of(unpacked).splitlines()


def test_a_shown_text_is_a_line() -> None:
    assert set(LINES) <= set(lines_of(postscript(LINES)))


def test_words_that_groff_moves_apart_are_put_together() -> None:
    assert set(LINES) <= set(lines_of(grops(LINES)))


def test_letters_that_groff_spreads_are_words() -> None:
    head = "%!PS-Adobe-3.0\n%%Creator: groff\ngrops begin\n%%Page: 1 1\n"
    page = head + "(Oak)72 12 Q 2.5(WI)2.5 G(ndian Rd)-2.5 E (next)72 24 Q"
    assert lines_of(page)[:2] == ["Oak W Indian Rd", "next"]


def test_escapes_and_brackets_in_texts() -> None:
    page = "%!PS\n%%Page: 1 1\n1 2 moveto (a \\(b\\) (c) \\101\\\n d) show 1 9 moveto (second \\\\) show"
    assert lines_of(page)[:2] == ["a (b) (c) A d", "second \\"]


def test_hostile_pages() -> None:
    for text in (
        "%!PS\n" + "(" * 50_000,
        "%!PS\n" + "((" * 9_000 + ")" * 9_000,
        "%!PS\n(" + "\\" * 50_001,
        "%!",
        "%!PS\n" + "<" * 9999,
    ):
        assert "failed" not in reasons(text.encode())
