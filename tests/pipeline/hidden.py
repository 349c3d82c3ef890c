"""Orders that somebody hid: encoded as a whole, or value by value."""

from __future__ import annotations

import base64
import gzip
import json
import quopri
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import quote

from dlp_proxy.cli.demo_traffic import Order
from tests.detect.disguise.ways import ENCODINGS, ESCAPES, SIGNS, SPACED
from tests.pipeline.layouts import Layout
from tests.unpack.samples import zipped


def table(some: Sequence[Order]) -> bytes:
    rows = "".join(",".join(one.cells) + "\n" for one in some)
    return f"订单号,收货人,手机,地址\n{rows}".encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def dump(data: bytes) -> str:
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return "".join(
        f"{16 * number:08x}: {row.hex(' ', -2):<39}  {''.join(chr(c) if 32 <= c < 127 else '.' for c in row)}\n"
        for number, row in enumerate(rows)
    )


def phones(hide: Callable[[str], str]) -> Layout:
    return lambda some: "\n".join(f"{one.number} {one.name} {hide(one.phone)}" for one in some)


WHOLE: Final[dict[str, Layout]] = {
    "Base64": lambda some: b64(table(some)),
    "Base64 in lines": lambda some: base64.encodebytes(table(some)),
    "Base64 for URLs": lambda some: base64.urlsafe_b64encode(table(some)).rstrip(b"="),
    "Base64 in JSON": lambda some: json.dumps({"id": 7, "data": b64(table(some))}),
    "a data URI": lambda some: json.dumps({"src": f"data:text/csv;base64,{b64(table(some))}"}),
    "Base64 in a form": lambda some: f"id=7&data={quote(b64(table(some)))}",
    "Base64 in a letter": lambda some: f"hello,\n\n{base64.encodebytes(table(some)).decode()}\nbye",
    "Base64 three times": lambda some: b64(b64(b64(table(some)).encode()).encode()),
    "a zip in Base64": lambda some: json.dumps({"file": b64(zipped({"o.csv": table(some)}))}),
    "gzip in Base64": lambda some: json.dumps({"file": b64(gzip.compress(table(some)))}),
    "a line each in Base64": lambda some: "\n".join(b64(" ".join(one.cells).encode()) for one in some),
    "Base32": lambda some: base64.b32encode(table(some)),
    "hex": lambda some: table(some).hex(),
    "hex with spaces": lambda some: table(some).hex(" "),
    "a dump": lambda some: dump(table(some)),
    "numbers of bytes": lambda some: json.dumps({"d": list(table(some))}),
    "percent-encoding": lambda some: quote(table(some)),
    "percent-encoding twice": lambda some: quote(quote(table(some))),
    "percent-encoding of all": lambda some: "".join(f"%{byte:02X}" for byte in table(some)),
    "quoted-printable": lambda some: quopri.encodestring(table(some)),
    "references": lambda some: "".join(f"&#{ord(sign)};" for sign in table(some).decode()),
    "escapes": lambda some: "".join(f"\\u{ord(sign):04x}" for sign in table(some).decode()),
}

PIECES: Final[dict[str, Layout]] = {
    "three cells": lambda some: "".join(
        f"{one.number},{one.phone[:3]},{one.phone[3:7]},{one.phone[7:]}\n" for one in some
    ),
    "two cells": lambda some: (
        "电话一\t电话二\t号\n" + "".join(f"{one.phone[:5]}\t{one.phone[5:]}\t{one.number}\n" for one in some)
    ),
    "bars": lambda some: "\n".join(
        f"{one.number} | {one.phone[:3]} | {one.phone[3:7]} | {one.phone[7:]}" for one in some
    ),
    "arrays": lambda some: json.dumps([[one.number, one.phone[:3], one.phone[3:7], one.phone[7:]] for one in some]),
    "digits in arrays": lambda some: json.dumps(
        [{"n": one.number, "p": [int(sign) for sign in one.phone]} for one in some]
    ),
    "a field in Base64": lambda some: json.dumps([{"no": one.number, "p": b64(one.phone.encode())} for one in some]),
}

BY_VALUE: Final[dict[str, Layout]] = {
    name: phones(hide) for ways in (SIGNS, ESCAPES, ENCODINGS, SPACED) for name, hide in ways.items()
}
