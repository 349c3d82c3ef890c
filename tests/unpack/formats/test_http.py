from __future__ import annotations

import gzip

from tests.unpack.customers import COUNT, CSV, reasons, seen
from tests.unpack.samples import text_of, unpack_body

HEAD = b"POST /up HTTP/1.1\r\nHost: a.example\r\n"


def chunked(data: bytes) -> bytes:
    pieces = (data[at : at + 300] for at in range(0, len(data), 300))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_a_body_is_read_by_its_length_its_chunks_and_its_coding() -> None:
    assert seen(HEAD + b"Content-Length: %d\r\n\r\n" % len(CSV) + CSV) == ("http", COUNT, [])
    assert seen(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(CSV)) == ("http", COUNT, [])
    packed = HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunked(gzip.compress(CSV))
    assert seen(packed) == ("http", COUNT, [])
    assert seen(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n" + CSV) == ("http", COUNT, [])


def test_messages_one_behind_the_other_are_all_read() -> None:
    one = HEAD + b"Content-Length: 19\r\n\r\nphone 13800138000\r\n"
    other = b"GET /?q=13900139000 HTTP/1.1\r\nHost: b.example\r\n\r\n"
    text = text_of(unpack_body(one + other + one + b"and 13700137000 behind"))
    assert (text.count("13800138000"), text.count("13900139000"), text.count("13700137000")) == (2, 1, 1)


def test_words_that_begin_like_a_request_are_none() -> None:
    for text in (b"POST office\r\n", b"GET /x HTTP/1.1\n", b"HTTP/1.1 is a protocol\r\na: b"):
        assert seen(text)[0] != "http"
    assert "failed" not in reasons(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\nabc")
