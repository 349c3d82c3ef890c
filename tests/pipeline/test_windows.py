"""Long bodies are read piece by piece; what is found is what reading them whole finds."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import itertools
import json
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import zstandard

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import Limits
from dlp_proxy.pipeline import Engine, inspect, inspect_long
from dlp_proxy.policy.load import load
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.tape import Played
from dlp_proxy.unpack.windows import windows
from tests.pipeline.test_enough import POLICY, message

SMALL = Limits(window_bytes=4096, long_bytes=4096, whole_bytes=4096, ratio_floor=1 << 26)
"""So that a few dozen kilobytes are long."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    loaded = load({"orders.yaml": POLICY}, date(2026, 1, 1), {})
    assert loaded.policy is not None
    return Engine(loaded.policy, KeyedFingerprint(b"k" * 32), SMALL)


_HEADER = "order,name,phone,city\n"


def _table(rows: int, seed: int) -> bytes:
    some = random.Random(seed)
    return (_HEADER + "".join(f"A{i},n{i},1{some.randrange(10**10):010},c\n" for i in range(rows))).encode()


def cut(body: bytes, size: int) -> list[bytes]:
    return [window.data for window in windows(Played(Mapped(body)), size)]


@pytest.mark.parametrize("seed", range(20))
def test_no_row_is_lost_cut_or_seen_twice_and_each_window_has_the_header(seed: int) -> None:
    body = _table(200, seed)
    seen = cut(body, random.Random(seed).randrange(40, 900))
    assert len(seen) > 3
    assert all(one.startswith(_HEADER.encode()) for one in seen)
    assert b"".join([seen[0], *(one.removeprefix(_HEADER.encode()) for one in seen[1:])]) == body


def test_windows_say_at_which_line_they_begin() -> None:
    body = _table(200, 1)
    found = list(windows(Played(Mapped(body)), 900))
    lines = body.split(b"\n")
    assert [window.data.split(b"\n")[1] for window in found[1:]] == [lines[window.line - 1] for window in found[1:]]


@pytest.mark.parametrize("mark", [b"", b" ", b"},", b">"])
def test_a_line_longer_than_a_window_is_read_over_the_seam(mark: bytes) -> None:
    value = b"(138" + b"0" * 7 + b")"
    for place in range(900, 1100, 7):
        body = b"first\n" + (b"x" * 40 + mark) * (place // 40) + value + (b"y" * 40 + mark) * 30
        assert sum(value in one for one in cut(body, 1000)) >= 1


def test_base64_without_line_ends_is_cut_between_fours() -> None:
    plain = random.Random(4).randbytes(6000)
    body = b'x="' + base64.b64encode(plain)
    seen = cut(body, 1000)
    assert len(seen) > 4
    assert all(base64.b64decode(one[: len(one) // 4 * 4]) in plain for one in seen[1:])


CUSTOMERS = 40


def orders(seed: int) -> list[tuple[str, str]]:
    pick = random.Random(seed)
    return [(f"SO-{pick.randrange(10**6):06}", f"138{pick.randrange(10**8):08}") for _ in range(CUSTOMERS)]


def as_csv(filler: int = 1500) -> bytes:
    """Return a table with customers at its beginning, in its middle and at its end."""
    rows = [f"plain {index},none" for index in range(filler)]
    for place, pair in zip(range(0, filler, filler // CUSTOMERS), orders(1), strict=False):
        rows[place] = ",".join(pair)
    return ("order,phone\n" + "\n".join(rows) + "\n").encode()


def as_zip(compression: int, *, filler: int = 1500, film: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        archive.writestr("film.mp4", random.Random(1).randbytes(film or 9000))
        archive.writestr("orders.csv", as_csv(filler))
    return packed.getvalue()


def as_tar(*, name: str = "orders.csv") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for called, data in (("film.mp4", random.Random(1).randbytes(9000)), (name, as_csv())):
            member = tarfile.TarInfo(called)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def as_form(content: bytes = b"") -> bytes:
    said = b"--bnd\r\nContent-Disposition: form-data; name="
    head = said + b'"note"\r\n\r\nhello\r\n' + said + b'"file"; filename="orders.csv"\r\n\r\n'
    return head + (content or as_csv()) + b"\r\n--bnd--\r\n"


def as_json(*, indent: int | None = None, inner: bool = True) -> bytes:
    rows: list[dict[str, object]] = [
        {"title": f'plain "{{{index}"', "tags": [{"a": 1}, {"b": "]"}]} for index in range(2000)
    ]
    for place, (number, phone) in zip(range(0, 2000, 2000 // CUSTOMERS), orders(1), strict=False):
        rows[place] = {"order": number, "to": {"phone": phone}}
    whole: object = {"page": 1, "data": {"items": rows}} if inner else rows
    return json.dumps(whole, indent=indent).encode()


def as_json_lines() -> bytes:
    return b"\n".join(json.dumps({"order": a, "phone": b}).encode() for a, b in orders(1)) * 9


def as_noise() -> bytes:
    """Return binary data with customers here and there, as a database file has them."""
    some = random.Random(3)
    return b"".join(some.randbytes(700) + b"\0" + f"order {a} phone {b}".encode() + b"\0" for a, b in orders(1))


WAYS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "csv": (as_csv, "", "csv"),
    "utf-16": (lambda: as_csv().decode().encode("utf-16"), "", "csv"),
    "lines of JSON": (
        lambda: b"\n".join(json.dumps({"order": a, "phone": b}).encode() for a, b in orders(1)) * 9,
        "",
        "json",
    ),
    "one JSON": (as_json, "", "json"),
    "indented JSON": (lambda: as_json(indent=2), "", "json"),
    "JSON list": (lambda: as_json(inner=False), "", "json"),
    "stored zip": (lambda: as_zip(zipfile.ZIP_STORED), "", "zip"),
    "deflated zip": (lambda: as_zip(zipfile.ZIP_DEFLATED), "", "zip"),
    "zip behind a film": (lambda: random.Random(2).randbytes(30_000) + as_zip(zipfile.ZIP_DEFLATED), "", "zip"),
    "tar": (as_tar, "", "tar"),
    "tar with a long name": (lambda: as_tar(name="x/" * 120 + "orders.csv"), "", "tar"),
    "tar.gz": (lambda: gzip.compress(as_tar()), "", "gzip"),
    "tar.bz2": (lambda: bz2.compress(as_tar()), "", "gzip"),
    "gzip of two members": (lambda: gzip.compress(as_csv()[:40_000]) + gzip.compress(as_csv()[40_000:]), "", "gzip"),
    "zip in a form": (lambda: as_form(as_zip(zipfile.ZIP_DEFLATED)), "", "multipart"),
    "csv in a form": (as_form, "", "multipart"),
    "gzip encoding": (lambda: gzip.compress(as_csv()), "gzip", "csv"),
    "deflate encoding": (lambda: zlib.compress(as_csv()), "deflate", "csv"),
    "zstd encoding": (lambda: zstandard.compress(as_csv()), "zstd", "csv"),
    "aws-chunked": (
        lambda: b"".join(b"%x;s=1\r\n%s\r\n" % (len(p), p) for p in (as_csv()[:9000], as_csv()[9000:])) + b"0\r\n\r\n",
        "aws-chunked",
        "csv",
    ),
    "binary": (as_noise, "", "binary"),
}


def look(body: bytes, engine: Engine, encoding: str = "") -> Inspection:
    headers = ((b"content-encoding", encoding.encode()),) if encoding else ()
    return inspect_long(replace(message(""), headers=headers), body, engine)


@pytest.mark.parametrize("way", WAYS)
def test_a_long_body_gives_the_customers_that_are_in_it(way: str, engine: Engine) -> None:
    make, encoding, content = WAYS[way]
    monitor = replace(engine, monitor=True)  # so that it is read to its end
    found = look(make(), monitor, encoding)
    ((_, records),) = [(key, some) for key, some in found.records.items()][:1]
    assert len({one.identity for one in records}) == CUSTOMERS
    assert found.content == content
    assert {gap.reason for gap in found.gaps} <= {"unknown-format"}


def test_every_way_was_tried() -> None:
    assert len(WAYS) == 21


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_noise_has_the_time_of_its_length(encoding: str, engine: Engine) -> None:
    """What holds few strings gives nothing to let go for long; its windows have each their time all the same."""
    asked = itertools.count()
    timed = replace(engine, monitor=True, clock=lambda: next(asked) * 0.02)
    dull = bytes(range(1, 8)) * 580  # no string in it, so that the strings of all windows together are none to let go
    body = (dull + b"\0of no use\0") * 300 + as_noise()
    found = look(gzip.compress(body, 1) if encoding else body, timed, encoding)
    assert next(asked) * 0.02 > SMALL.work_seconds
    assert {gap.reason for gap in found.gaps} == {"unknown-format"}
    assert {len({one.identity for one in some}) for some in found.records.values()} == {CUSTOMERS}


def test_what_is_enough_ends_the_reading(engine: Engine) -> None:
    many = "".join(f"SO-{index:06},138{index:08}\n" for index in range(200)).encode()
    found = look(b"order,phone\n" + many + b"plain,none\n" * 20_000, engine)
    assert found.at_least
    assert found.parts < 10


@pytest.mark.parametrize("size", [700, 3000, 20_000])
def test_windows_find_the_customers_that_the_whole_has(engine: Engine, size: int) -> None:
    engine = replace(engine, limits=replace(SMALL, window_bytes=size), monitor=True)
    whole = inspect(message(as_csv().decode()), engine)
    parts = look(as_csv(), engine)
    for key, records in whole.records.items():
        assert sorted(one.identity for one in parts.records[key]) == sorted(one.identity for one in records)
    assert len(whole.findings) == len(parts.findings) > 0
    assert parts.bytes == len(as_csv())
    assert not parts.gaps


def broken_deflate() -> bytes:
    packed = bytearray(as_zip(zipfile.ZIP_DEFLATED, filler=20_000))
    packed[-9000:-8900] = b"\xff" * 100
    return bytes(packed)


CUT = {
    "PDF": (b"%PDF-1.7\n" + random.Random(1).randbytes(20_000), {"too-large"}),
    "an archive in Base64 over a seam": (
        b'{"name":"a.zip","content":"' + base64.b64encode(as_zip(zipfile.ZIP_STORED)) + b'"}', {"too-large"},
    ),
    "a broken stream in an archive": (broken_deflate(), {"too-large"}),
    "gzip that is cut": (gzip.compress(random.Random(1).randbytes(30_000))[:-400], {"too-large"}),
    "a locked archive": (b"", {"encrypted"}),
    "two encodings": (gzip.compress(gzip.compress(as_csv())), {"too-large"}),
    "a bomb": (gzip.compress(bytes(50_000_000)), {"too-large"}),
}  # fmt: skip


@pytest.mark.parametrize("what", CUT)
def test_what_could_not_be_read_to_its_end_is_a_gap(what: str, engine: Engine) -> None:
    body, reasons = CUT[what]
    if what == "a locked archive":
        packed = bytearray(as_zip(zipfile.ZIP_STORED))
        for at in (packed.find(b"PK\x03\x04") + 6, packed.find(b"PK\x01\x02") + 8):
            packed[at] |= 1
        body = bytes(packed)
    if what == "a bomb":
        engine = replace(engine, limits=replace(SMALL, ratio_floor=1 << 16, ratio=10))
    found = look(body, engine, "gzip, gzip" if what == "two encodings" else "")
    assert reasons <= {gap.reason for gap in found.gaps}


@pytest.mark.parametrize("seed", range(30))
def test_reading_a_long_body_never_raises(seed: int, engine: Engine) -> None:
    """Damage of every kind: what is there is read or a gap, and memory is bounded by the window."""
    some = random.Random(seed)
    make, encoding, _ = WAYS[sorted(WAYS)[seed % len(WAYS)]]
    body = bytearray(make())
    for _ in range(some.randrange(1, 30)):
        at = some.randrange(len(body))
        body[at : at + some.randrange(3)] = some.randbytes(some.randrange(4))
    found = look(bytes(body[: some.randrange(1, len(body))]), engine, encoding)
    assert found.bytes > 0


def test_a_document_is_read_whole_and_its_members_are_bounded(engine: Engine) -> None:
    """An archive is taken apart file by file, but an Office document is more than its members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("film.bin", random.Random(1).randbytes(9000))
        archive.writestr("orders.csv", as_csv())
    body = packed.getvalue()
    read = replace(engine, limits=replace(SMALL, whole_bytes=1 << 20), monitor=True)
    assert {gap.reason for gap in look(body, read).gaps} <= {"unknown-format"}
    bounded = replace(engine, limits=replace(SMALL, whole_bytes=1 << 20, expanded_bytes=12_000))
    assert "too-large" in {gap.reason for gap in look(body, bounded).gaps}
    streamed = replace(engine, limits=replace(SMALL, expanded_bytes=12_000), monitor=True)
    assert "too-large" not in {gap.reason for gap in look(body, streamed).gaps}


def test_more_values_than_are_kept_end_the_reading_with_one_gap(engine: Engine) -> None:
    body = b"".join(b"TK-%04d and a note\n" % number for number in range(5000))
    bounded = replace(engine, limits=replace(SMALL, findings=1000), monitor=True)
    seen = inspect_long(message(""), body, bounded)
    assert [(gap.reason, gap.detail) for gap in seen.gaps] == [
        ("too-large", "More values were found than are kept for one message.")
    ]
    assert 1000 < len(seen.findings) < 1000 + 2 * SMALL.window_bytes // 19
    assert not seen.at_least
    unbounded = inspect_long(message(""), body, replace(engine, monitor=True))
    assert (unbounded.gaps, len(unbounded.findings)) == ((), 5000)
