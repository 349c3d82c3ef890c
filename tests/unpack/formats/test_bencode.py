from __future__ import annotations

from typing import Any

from tests.unpack.customers import COUNT, reasons, rows, seen
from tests.unpack.samples import text_of, unpack_body


def bencode(value: Any) -> bytes:
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        return b"%d:%b" % (len(value.encode()), value.encode())
    if isinstance(value, list):
        return b"l%be" % b"".join(map(bencode, value))
    return b"d%be" % b"".join(bencode(name) + bencode(value[name]) for name in sorted(value))


def test_lists_and_dictionaries_are_read() -> None:
    assert seen(bencode(rows())) == ("bencode", COUNT, [])
    assert seen(bencode({"info": {"rows": rows(), "size": 7}})) == ("bencode", COUNT, [])


def test_what_is_broken_or_deep_is_read_as_something_else() -> None:
    whole = bencode(rows())
    for broken in (whole[:-40], b"d3:abc", b"d1:a99:x", b"d" * 5000, b"li1ee" + whole):
        assert "failed" not in reasons(broken)


def test_words_are_no_bencode() -> None:
    for text in (b"d1: the first\nd2: the second\n", b"list of things", b"l1:some label"):
        assert seen(text)[0] != "bencode"


def test_a_name_that_comes_twice_keeps_both_values() -> None:
    text = text_of(unpack_body(b"d5:phone11:138001380005:phone11:13900139000e"))
    assert "13800138000" in text
    assert "13900139000" in text
