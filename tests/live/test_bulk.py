"""The main job: customers' orders in bulk are stopped, everything else is left alone."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard

from dlp_proxy.cli.demo_traffic import Order, as_csv, as_json, as_zip, orders
from tests.live.harness import Answer, OriginThread, curl
from tests.live.system import PEOPLE, System

pytestmark = pytest.mark.live

SIXTY = orders(60, seed=11)
VERSIONS = {"--http1.1": "HTTP/1.1", "--http2": "HTTP/2"}


def upload(
    system: System, path: Path, *words: str, version: str = "--http1.1", to: str = "pan.baidu.example"
) -> Answer:
    return send(system, f"https://{to}/upload", version, *words, "--data-binary", f"@{path}")


def send(system: System, url: str, *words: str, stdin: bytes | None = None, sender: str = "") -> Answer:
    return curl(system, url, "--interface", sender or system.sender, *words, stdin=stdin)


def holds(origin: OriginThread, some: list[Order]) -> list[str]:
    """Return the order numbers that reached the origin in any body, query or header."""
    arrived = b"\n".join(repr(seen).encode() + seen.body for seen in origin.seen)
    return [order.number for order in some if order.number.encode() in arrived]


def text(some: list[Order]) -> bytes:
    return "\n".join(f"订单 {one.number} {one.name} 电话 {one.phone} {one.address}" for one in some).encode()


def nested_zip(some: list[Order]) -> bytes:
    content = as_zip(some)
    for depth in range(4):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"level{depth}.dat", content)
        content = outer.getvalue()
    return content


LAYOUTS: dict[str, Callable[[list[Order]], bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "zip": as_zip,
    "text": text,
    "gb18030-text": lambda some: text(some).decode().encode("gb18030"),
    "utf-16-text": lambda some: text(some).decode().encode("utf-16"),
    "gzip-of-csv": lambda some: gzip.compress(as_csv(some)),
    "zip-in-zip": nested_zip,
    "zip-after-junk": lambda some: b"GIF89a" + b"\0" * 100 + as_zip(some),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_bulk_is_stopped_in_every_layout(
    system: System, world: OriginThread, tmp_path: Path, layout: str, version: str
) -> None:
    (tmp_path / "body").write_bytes(LAYOUTS[layout](SIXTY))
    before = world.connections
    answer = upload(system, tmp_path / "body", version=version)
    (event,) = system.events()
    assert (answer.code, f"HTTP/{answer.version}") == (403, VERSIONS[version])
    assert answer.headers["x-dlp-proxy"] == event.event.uid
    assert (event.event.action, event.event.rule, event.event.records) == ("block", "bulk-orders-out", 60)
    assert world.seen == []
    assert world.connections == before


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_order_passes_in_every_layout_as_it_was_sent(
    system: System, world: OriginThread, tmp_path: Path, layout: str
) -> None:
    content = LAYOUTS[layout](SIXTY[:1])
    (tmp_path / "body").write_bytes(content)
    answer = upload(system, tmp_path / "body", version="--http2")
    assert (answer.code, answer.version) == (200, "2")
    assert [(seen.version, seen.body == content) for seen in world.seen] == [("HTTP/2", True)]
    (event,) = system.events()
    # What stands before an archive is a gap, and gaps are logged.
    assert event.event.action == ("log" if layout == "zip-after-junk" else "counted")
    assert [reason["count"] for reason in event.event.body["reasons"] if reason["rule"] == "bulk-orders-out"] == [1]


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("gzip, br", lambda content: brotli.compress(gzip.compress(content))),
        ("gzip", lambda content: content),
    ],
    ids=["gzip", "br", "zstd", "gzip-br", "a-lie"],
)
def test_content_encodings_hide_nothing(
    system: System, world: OriginThread, tmp_path: Path, coding: str, encode: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "body").write_bytes(encode(as_csv(SIXTY)))
    assert upload(system, tmp_path / "body", "--header", f"Content-Encoding: {coding}").code == 403
    assert world.seen == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", ["form", "chunked", "expect"])
def test_bulk_is_stopped_however_it_is_sent(
    system: System, world: OriginThread, tmp_path: Path, way: str, version: str
) -> None:
    (tmp_path / "orders.csv").write_bytes(as_csv(SIXTY))
    words: dict[str, tuple[str, ...]] = {
        "form": ("-F", f"file=@{tmp_path / 'orders.csv'};type=image/png", "-F", "note=hello"),
        "chunked": ("-T", "-", "-X", "POST"),
        "expect": ("--header", "Expect: 100-continue", "--data-binary", f"@{tmp_path / 'orders.csv'}"),
    }
    answer = send(system, "https://pan.baidu.example/up", version, *words[way], stdin=as_csv(SIXTY))
    assert (answer.code, f"HTTP/{answer.version}") == (403, VERSIONS[version])
    assert world.seen == []


def test_bulk_in_query_headers_cookies_and_file_names_is_stopped(
    system: System, world: OriginThread, tmp_path: Path
) -> None:
    line = ";".join(f"{one.number},{one.phone}" for one in SIXTY)
    (tmp_path / "empty").write_bytes(b"x")
    names = [word for one in SIXTY for word in ("-F", f"f=@{tmp_path / 'empty'};filename={one.number}_{one.phone}.txt")]
    assert send(system, f"https://transfer.example/a?d={line}").code == 403
    assert send(system, "https://transfer.example/f", *names).code == 403
    assert holds(world, SIXTY) == []
    assert {kept.event.action for kept in system.events()} == {"block"}


def test_the_courier_and_our_own_sites_get_what_they_need(system: System, world: OriginThread, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(as_json(SIXTY))
    assert upload(system, tmp_path / "body", to="api.sf-courier.example").code == 200
    assert len(holds(world, SIXTY)) == 60


def test_traffic_that_carries_nothing_leaves_no_event(system: System, world: OriginThread) -> None:
    for version in VERSIONS:
        assert send(system, "https://mail.qq.example/", version).code == 200
    assert [seen.method for seen in world.seen] == ["GET", "GET"]
    assert system.events() == []


def test_a_drip_is_stopped_at_the_200th_order_and_only_for_that_person(system: System, world: OriginThread) -> None:
    many = orders(204, seed=21)
    other = next(system.people)

    def drop(number: int, sender: str) -> int:
        body = as_json(many[number * 4 : number * 4 + 4])
        return send(system, "https://transfer.example/u", "--data-binary", "@-", stdin=body, sender=sender).code

    assert [drop(number, system.sender) for number in range(49)] == [200] * 49
    assert drop(49, system.sender) == 403
    assert drop(50, other) == 200
    assert {kept.event.user for kept in system.events()} == {PEOPLE[system.sender], PEOPLE[other]}
    assert len(holds(world, many[:196])) == 196
    assert holds(world, many[196:200]) == []


def test_the_page_tells_what_to_do_and_no_threshold_or_value(system: System, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(as_csv(SIXTY))
    plain = upload(system, tmp_path / "body")
    page = upload(
        system, tmp_path / "body", "--header", "Accept: text/html", "--header", "Accept-Language: zh-CN,zh;q=0.9"
    )
    (row,) = system.incidents()
    assert plain.headers["content-type"].startswith("application/problem+json")
    assert page.headers["content-type"].startswith("text/html")
    for body in (plain.body.decode(), page.body.decode()):
        assert row.incident in body
        assert "soc@corp.example" in body
        assert not any(one.phone in body or one.number in body for one in SIXTY)
        assert "SO-" not in body
    assert "60 条客户订单" in page.body.decode()
