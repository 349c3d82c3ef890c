from __future__ import annotations

import pytest
from mitmproxy import http

from dlp_proxy.proxy.grpc import INTERNAL, PERMISSION_DENIED, Messages, coding_of, refusal, speaks_grpc


def framed(payload: bytes, flag: int = 0) -> bytes:
    return bytes([flag]) + len(payload).to_bytes(4) + payload


def request(kind: str, version: str = "HTTP/2.0", **headers: str) -> http.Request:
    made = http.Request.make("POST", "https://files.example/s/M", b"")
    made.headers["content-type"] = kind
    made.http_version = version
    for name, value in headers.items():
        made.headers[name.replace("_", "-")] = value
    return made


def test_messages_come_out_whole_however_the_bytes_are_cut() -> None:
    messages, out = Messages(100), []
    for byte in framed(b"one") + framed(b"") + framed(b"three", 1):
        messages.feed(bytes([byte]))
        while (one := messages.next()) is not None:
            out.append((one.payload, one.compressed))
    assert out == [(b"one", False), (b"", False), (b"three", True)]
    assert not messages.incomplete


def test_several_come_out_of_one_piece() -> None:
    messages = Messages(100)
    messages.feed(framed(b"one") + framed(b"two") + framed(b"three")[:4])
    assert [one.raw for one in iter(messages.next, None)] == [framed(b"one"), framed(b"two")]
    assert messages.incomplete


@pytest.mark.parametrize("flag", [2, 3, 0x80, 0xFF])
def test_an_unknown_flag_ends_the_stream(flag: int) -> None:
    messages = Messages(100)
    messages.feed(framed(b"one", flag))
    assert messages.next() is None
    assert messages.fault
    messages.feed(framed(b"fine"))
    assert messages.next() is None


def test_one_over_the_limit_is_told_at_its_beginning_and_only_its_own_bytes_pass() -> None:
    messages = Messages(10)
    whole = framed(b"x" * 20)
    messages.feed(whole[:12])
    one = messages.next()
    assert one is not None
    assert (one.too_large, one.raw) == (True, whole[:5])
    passed = messages.rest()
    assert messages.next() is None
    messages.feed(whole[12:] + framed(b"next"))
    passed += messages.rest()
    assert one.raw + passed == whole
    after = messages.next()
    assert after is not None
    assert after.payload == b"next"


@pytest.mark.parametrize(
    ("kind", "version", "speaks"),
    [
        ("application/grpc", "HTTP/2.0", True),
        ("application/grpc+proto; x=y", "HTTP/2.0", True),
        ("Application/GRPC", "HTTP/2.0", True),
        ("application/connect+json", "HTTP/2.0", True),
        ("application/grpc", "HTTP/1.1", False),
        ("application/grpc-web+proto", "HTTP/2.0", False),
        ("application/json", "HTTP/2.0", False),
    ],
)
def test_what_is_taken_for_a_stream(kind: str, version: str, speaks: bool) -> None:  # noqa: FBT001
    assert speaks_grpc(request(kind, version)) is speaks


def test_a_flag_without_a_name_for_its_coding_is_a_coding_that_nothing_reads() -> None:
    assert coding_of(request("application/grpc")) == "unnamed"
    assert coding_of(request("application/grpc", grpc_encoding="GZIP")) == "gzip"
    assert coding_of(request("application/connect+proto", connect_content_encoding="zstd")) == "zstd"


def test_a_refusal_is_trailers_only() -> None:
    made = refusal(request("application/grpc"), PERMISSION_DENIED, "stopped, 100% é")
    assert (made.status_code, made.content, "content-length" in made.headers) == (200, b"", False)
    assert (made.headers["grpc-status"], made.headers["grpc-message"]) == ("7", "stopped, 100%25 %C3%A9")


def test_a_refusal_of_connect_is_a_last_message() -> None:
    made = refusal(request("application/connect+json"), INTERNAL, "broken")
    assert made.content == framed(b'{"error": {"code": "internal", "message": "broken"}}', 2)
