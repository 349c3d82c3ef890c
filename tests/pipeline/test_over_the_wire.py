"""What an insider does with the parts of HTTP themselves: two hundred customers in many small places are customers."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

import brotli
import pytest

from dlp_proxy.cli.demo_traffic import as_csv, orders
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, inspect
from tests.pipeline.test_carriers import message
from tests.pipeline.test_scenarios import make_engine

MANY: Final = 200
NEARLY: Final = 190
"""Of the customers; where pieces are read by themselves, some that lie on a border may be missed."""
ORDERS: Final = orders(MANY, seed=31)
CSV: Final = as_csv(ORDERS)
PLAIN: Final = base64.b64encode(CSV).decode()
PACKED: Final = base64.urlsafe_b64encode(gzip.compress(CSV)).decode().rstrip("=")
ROWS: Final = [f"{one.number},{one.phone}" for one in ORDERS]
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS: Final = {"Content-Type": "multipart/form-data; boundary=XX"}


def cut(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def posted(body: str | bytes, headers: dict[str, str] | None = None) -> Message:
    return replace(message(headers=headers), body=body.encode() if isinstance(body, str) else body)


def fields(*some: tuple[str, str]) -> Message:
    return replace(message(), headers=tuple((name.encode(), value.encode()) for name, value in some))


def parts(some: Sequence[tuple[str, bytes]]) -> Message:
    body = b"".join(b"--XX\r\n%b\r\n\r\n%b\r\n" % (head.encode(), content) for head, content in some)
    return posted(body + b"--XX--\r\n", PARTS)


def _ways() -> Iterator[tuple[str, Message]]:
    # what parts of a form say of themselves
    told = {
        "a parameter that nobody knows": "Content-Disposition: form-data; name=f; note=",
        "a parameter of the type": "Content-Disposition: form-data; name=f\r\nContent-Type: text/plain; note=",
        "the transfer encoding": "Content-Disposition: form-data; name=f\r\nContent-Transfer-Encoding: ",
        "the length": "Content-Disposition: form-data; name=f\r\nContent-Length: ",
    }
    for name, head in told.items():
        yield f"part: {name}", parts([(f'{head}"{row}"', b"x") for row in ROWS])
    # pieces of one width
    for name, text, width in (("text", PLAIN, 8), ("packed", PACKED, 60), ("hexadecimal", CSV.hex(), 8)):
        some = cut(text, width)
        yield f"JSON: {name}, items", posted(json.dumps(some))
        yield f"JSON: {name}, objects", posted(json.dumps([{"i": i, "d": one} for i, one in enumerate(some)]))
        yield f"form: {name}", posted("&".join(f"d{i}={quote(one, safe='')}" for i, one in enumerate(some)), FORM)
        yield f"query: {name}", message(target="/?" + "&".join(f"d{i}={quote(one)}" for i, one in enumerate(some)))
    some = cut(PACKED, 60)
    yield "path: packed", message(target=f"/x/{PACKED}")
    yield "path: packed, in steps", message(target="/x/" + "/".join(some))
    yield "cookies: packed", fields(("Cookie", "; ".join(f"c{i}={one}" for i, one in enumerate(some))))
    yield "cookies: packed, a field each", fields(*[("Cookie", f"c{i}={one}") for i, one in enumerate(some)])
    yield "headers: packed", fields(*[(f"X-{i}", one) for i, one in enumerate(some)])
    # fields that browsers send, short each
    yield "headers: conditions", fields(*[("If-None-Match", one) for one in cut(PACKED, 30)])
    yield (
        "headers: orders and halves of phones",
        fields(
            *[
                pair
                for one in ORDERS
                for pair in (("Pragma", one.number), ("If-Match", one.phone[:6]), ("Range", one.phone[6:]))
            ]
        ),
    )
    # escapes
    text = ";".join(ROWS)
    for times in (1, 2, 3):
        text = quote(text)
        yield f"escaped {times} times, in a query", message(target=f"/?d={quote(text)}")
        yield f"escaped {times} times, a body", posted(text)
        yield f"escaped {times} times, in JSON", posted(json.dumps({"d": text}))
    yield "form: names without values", posted("&".join(row.replace(",", "+") for row in ROWS), FORM)
    # packed without a word of it
    raw = zlib.compress(CSV, wbits=-15)
    for name, data in (("deflate", raw), ("Brotli", brotli.compress(CSV))):
        head = 'Content-Disposition: form-data; name="f"; filename="a.bin"'
        yield f"{name}: in a form", parts([(head, data)])
        yield f"{name}: a part that says so", parts([(f"{head}\r\nContent-Encoding: x", data)])
        yield f"{name}: Base64 in JSON", posted(json.dumps({"d": base64.b64encode(data).decode()}))
        yield f"{name}: with bytes behind it", posted(data + b"xy")
    yield "deflate: twice", posted(zlib.compress(raw, wbits=-15))
    yield "Brotli: twice", posted(brotli.compress(brotli.compress(CSV)))
    # one file in several parts of one form
    whole = gzip.compress(CSV)
    pieces = [whole[at : at + 900] for at in range(0, len(whole), 900)]
    yield (
        "gzip: over files of a form",
        parts([(f'Content-Disposition: form-data; name="f"; filename="{i}"', one) for i, one in enumerate(pieces)]),
    )


WAYS: Final = dict(_ways())


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


def customers(engine: Engine, sent: Message) -> int:
    seen = inspect(sent, engine)
    return max((len({one.identity for one in some}) for some in seen.records.values()), default=0)


@pytest.mark.parametrize("way", WAYS)
def test_customers_in_many_places_are_customers(way: str, engine: Engine) -> None:
    assert customers(engine, WAYS[way]) >= NEARLY


def test_a_path_is_kept_without_what_encodes_values_in_it(engine: Engine) -> None:
    """Only the part of an encoding that was mapped back to a value was masked: the rest could be decoded."""
    steps = cut(base64.urlsafe_b64encode(CSV).decode(), 60)
    seen = inspect(message(target="/share/" + "/".join(steps)), engine)
    assert seen.path.startswith("/share/")
    assert set(seen.path.removeprefix("/share/")) <= set("*/") | set(steps[-1])
    assert not any(step[8:24] in seen.path for step in steps)


HARMLESS: Final = {
    "identifiers of one width": posted(json.dumps([{"id": f"{i * 7919:032x}", "n": i} for i in range(500)])),
    "tokens of one width": posted(json.dumps([base64.b64encode(bytes([i] * 24)).decode() for i in range(200)])),
    "what a browser sends": fields(
        ("Accept", "*/*"),
        ("Range", "bytes=0-65535"),
        ("If-None-Match", '"5f3a-61"'),
        ("Content-Length", "12345"),
        ("Sec-CH-UA-Platform", '"Windows"'),
        ("Cache-Control", "max-age=0"),
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_nothing(name: str, engine: Engine) -> None:
    seen = inspect(HARMLESS[name], engine)
    assert (seen.findings, seen.gaps) == ((), ())


def test_there_are_ways() -> None:
    assert len(WAYS) >= 40
