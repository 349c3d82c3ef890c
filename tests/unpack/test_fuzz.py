"""Whatever bytes come: no exception, no limit passed, no layout that lies."""

from __future__ import annotations

import base64
import bz2
import gzip
import json
import lzma
import pickle
import plistlib
import tarfile
import zlib

import brotli
import cbor2
import msgpack
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.registry import FORMATS
from dlp_proxy.unpack.unpack import Unpacked, unpack
from tests.unpack.samples import TABLE, message, tight, zipped

DOCUMENT = json.dumps(
    {"orders": [{"phone": 13800138000, "tags": ["a", None]}, [["x", 1], ["y", 2]]], "n": '{"k": "v"}'}
)
MULTIPART = (
    b'--B\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.zip"; filename*=UTF-8\'\'%E8%AE%A2.zip\r\n'
    b"Content-Type: application/zip\r\n\r\n" + zipped({"t.csv": TABLE.encode()}) + b"\r\n--B--\r\nbye"
)
TAR = tarfile.TarInfo("a.csv").tobuf() + bytes(1024)
SQLITE = (
    b"SQLite format 3\0\x02\0\1\1\0\x40\x20\x20".ljust(100, b"\0")
    + b"\x0d\0\0\0\1\1\x90\0\1\x90".ljust(300, b"\0")
    + b"\x20\1\6\x17\x13\x13\1\x2dtableaa\2CREATE TABLE a(b,c)".ljust(112, b"\0")
    + b"\x0d\0\0\0\1\1\xf0\0\1\xf0".ljust(496, b"\0")
    + b"\x0e\1\3\x23\1"
    + b"13800138000"
)
SAMPLES: tuple[tuple[bytes, str, str], ...] = (
    (TABLE.encode(), "text/csv", ""),
    (TABLE.encode("gb18030"), "text/plain", ""),
    (TABLE.encode("utf-16"), "", ""),
    (('"a","b\nc"\n' * 20).encode(), "text/csv", ""),
    (DOCUMENT.encode(), "application/json", ""),
    (b"\n".join([DOCUMENT.encode()] * 3), "application/x-ndjson", ""),
    (b"name=%E5%BC%A0&phone=13800138000&x={}", "application/x-www-form-urlencoded", ""),
    (MULTIPART, "multipart/form-data; boundary=B", ""),
    (zipped({"a.csv": TABLE.encode(), "b/": b"", "c.zip": zipped({"d": b"deep"})}, comment=b"note"), "", ""),
    (zipped({"s": b"stored " * 9}, method=0), "", ""),
    (gzip.compress(TABLE.encode()) * 2, "", ""),
    (gzip.compress(TABLE.encode()), "", "gzip"),
    (zlib.compress(DOCUMENT.encode()), "", "deflate"),
    (brotli.compress(DOCUMENT.encode()), "", "br"),
    (zstandard.compress(DOCUMENT.encode()), "", "zstd"),
    (zstandard.compress(gzip.compress(MULTIPART)), "", "gzip, zstd"),
    (bz2.compress(b"x" * 99), "", ""),
    (base64.b64encode(TABLE.encode()), "", ""),
    (lzma.compress(TABLE.encode()), "", ""),
    (TAR, "", ""),
    (cbor2.dumps(json.loads(DOCUMENT)), "", ""),
    (msgpack.packb(json.loads(DOCUMENT)), "", ""),
    (plistlib.dumps({"a": ["x", 13800138000, b"y"]}, fmt=plistlib.FMT_BINARY), "", ""),
    (pickle.dumps(json.loads(DOCUMENT)), "", ""),
    (b"\x0a\x0b13800138000\x12\x04\x0a\x02ab\x18\x01" * 3, "application/grpc", ""),
    (b"INSERT INTO `a` (`b`, c) VALUES (1,'x\\'y'),(NULL,\"z\");\nCOPY d FROM stdin;\n1\t2\n\\.\n", "", ""),
    (b"a:\n  - b: 'c d'\n    e: [1, {f: g}]\n  - |\n    text\n    more\n", "", ""),
    (b"PACK\0\0\0\2\0\0\0\1\x35" + zlib.compress(b"hello") + bytes(20), "", ""),
    (SQLITE, "", ""),
)
LIMITED = tight(expanded_bytes=20_000, ratio_floor=4_000, ratio=3, depth=3, members=20, parts=40)


def check(unpacked: Unpacked) -> None:
    assert [gap for gap in unpacked.gaps if gap.reason in {"failed", "crashed", "memory"}] == []
    assert unpacked.content in {form.NAME for form in FORMATS} | {""}
    for part in unpacked.parts:
        check_layout(part)


def check_layout(part: Part) -> None:
    size = len(part.text)
    part.text.encode()
    str(part.location).encode()
    assert all(0 <= unit.start < unit.end <= size for unit in part.units)
    assert list(part.units) == sorted(part.units, key=lambda unit: (unit.start, -unit.end))
    assert all(0 <= field.start <= field.end <= size for field in part.fields)
    ends = [field.end for field in part.fields]
    assert all(start >= end for start, end in zip([f.start for f in part.fields][1:], ends, strict=False))
    assert not any("\n" in step or "\r" in step for step in part.location.steps)
    "".join([unit.label for unit in part.units] + [field.name for field in part.fields]).encode()


def limited(body: bytes, label: str, coding: str) -> None:
    headers = {"Content-Type": label, "Content-Encoding": coding}
    unpacked = unpack(message(body, headers={k: v for k, v in headers.items() if v}), LIMITED)
    check(unpacked)
    assert len(unpacked.parts) <= LIMITED.parts
    assert unpacked.expanded_bytes <= max(LIMITED.expanded_bytes, len(body))


LABELS = st.sampled_from(
    [
        "",
        "application/json",
        "text/csv",
        "multipart/form-data; boundary=B",
        "image/png",
        "application/x-www-form-urlencoded",
        'multipart/mixed; boundary="',
        "multipart/x; boundary=-",
    ]
)
CODINGS = st.sampled_from(["", "gzip", "deflate", "br", "zstd", "gzip, br", "lzw", ",,identity", "gzip," * 20])
FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(st.binary(max_size=400), LABELS, CODINGS)
@FUZZ
def test_no_bytes_raise(body: bytes, label: str, coding: str) -> None:
    limited(body, label, coding)


@given(st.text(max_size=300), LABELS)
@FUZZ
def test_no_text_raises(body: str, label: str) -> None:
    limited(body.encode(errors="replace"), label, "")


@given(st.data())
@settings(FUZZ, max_examples=600)
def test_no_damaged_sample_raises(data: st.DataObject) -> None:
    body, label, coding = data.draw(st.sampled_from(SAMPLES))
    broken = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(broken) - 1)))
        kind = data.draw(st.sampled_from(["set", "cut", "drop", "insert", "repeat"]))
        if kind == "set" and broken:
            broken[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del broken[at:]
        elif kind == "drop":
            del broken[at : at + data.draw(st.integers(1, 20))]
        elif kind == "insert":
            broken[at:at] = data.draw(st.binary(max_size=20))
        else:
            broken[at:at] = broken[at : at + 30] * 3
    limited(bytes(broken), label, coding)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=30,
)


@given(JSON)
@FUZZ
def test_every_string_of_a_json_body_is_in_some_part(document: object) -> None:
    body = json.dumps(document).encode()
    unpacked = unpack(message(body), LIMITS)
    check(unpacked)
    together = "\n".join(part.text for part in unpacked.parts)
    assert [text for text in strings(document) if shown(text) not in together] == []


def strings(document: object) -> list[str]:
    if isinstance(document, str):
        return [document]
    if isinstance(document, dict):
        return [*document, *(text for value in document.values() for text in strings(value))]
    if isinstance(document, list):
        return [text for value in document for text in strings(value)]
    return []


def shown(text: str) -> str:
    """A string as parts show it: it may be JSON itself, and cells of rows lose their line ends."""
    return text if text.isprintable() and not text.startswith(("{", "[", '"')) else ""


@given(st.text(max_size=100), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=6))
@FUZZ
def test_no_target_and_no_header_raises(target: str, headers: list[tuple[str, str]]) -> None:
    raw = {name.encode("utf-8", "replace").decode("latin-1"): value for name, value in headers}
    check(unpack(message(b"", "/" + target, raw), LIMITS))


@pytest.mark.parametrize(("body", "label", "coding"), SAMPLES)
def test_every_beginning_of_a_sample_is_read(body: bytes, label: str, coding: str) -> None:
    for size in range(len(body)):
        limited(body[:size], label, coding)
