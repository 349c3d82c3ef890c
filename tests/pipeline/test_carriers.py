"""Data in what is not a body: host names, paths, headers, the method. All of it is seen, in its place."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, inspect
from tests.pipeline.test_scenarios import make_engine

PHONE = "13800138000"
ZONE = "evil.example"
_B32 = base64.b32encode(b"tel 13800138000").decode().rstrip("=").lower()
_CN = f"手机{PHONE}".encode("punycode").decode()


def asked(name: str) -> bytes:
    """Return a question to DNS as resolvers send it (RFC 1035, 4.1)."""
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    return b"\0\0\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\x10\0\1"


_DNS = base64.urlsafe_b64encode(asked(f"{_B32}.{ZONE}")).decode().rstrip("=")

CARRIERS: dict[str, dict[str, Any]] = {
    "host: a label": {"host": f"{PHONE}-beijing.{ZONE}"},
    "host: two labels": {"host": f"1380013.8000.{ZONE}"},
    "host: a digit a label": {"host": f"{'.'.join(PHONE)}.{ZONE}"},
    "host: hex": {"host": f"{PHONE.encode().hex()}.{ZONE}"},
    "host: hex in two labels": {"host": f"{PHONE.encode().hex()[:11]}.{PHONE.encode().hex()[11:]}.{ZONE}"},
    "host: base32": {"host": f"{_B32}.{ZONE}"},
    "host: base32 in labels": {"host": f"{_B32[:9]}.{_B32[9:]}.{ZONE}"},
    "host: a name of other letters": {"host": f"xn--{_CN}.{ZONE}"},
    "host: behind an order, by a dash": {"host": f"so-20260115-004217-{PHONE}.{ZONE}"},
    "host: behind an order, by a point": {"host": f"so-20260115-004217.{PHONE}.{ZONE}"},
    "host: before an order": {"host": f"a.{PHONE}.so-20260115-004217.{ZONE}"},
    "path: behind an order, by a dash": {"target": f"/SO-20260115-004217-{PHONE}.png"},
    "path: behind an order, by a point": {"target": f"/SO-20260115-004217.{PHONE}"},
    "query: behind an order": {"target": f"/?ref=SO-20260115-004217-{PHONE}"},
    "headers: behind an order": {"headers": {"X-Trace": f"SO-20260115-004217-{PHONE}"}},
    "cookies: behind an order": {"headers": {"Cookie": f"t=SO-20260115-004217.{PHONE}"}},
    "query: a name asked for": {"target": f"/dns-query?dns={_DNS}"},
    "path: a segment": {"target": f"/u/{PHONE}/x"},
    "path: escapes": {"target": "/u/" + "".join(f"%{ord(one):02x}" for one in PHONE)},
    "path: hex": {"target": f"/{f'tel {PHONE}'.encode().hex()}"},
    "path: a file's name": {"target": f"/img/{PHONE}.gif"},
    "query: a value": {"target": f"/?t={PHONE}"},
    "query: a name": {"target": f"/?{PHONE}"},
    "query: Base64": {"target": f"/?t={base64.b64encode(f'tel {PHONE}'.encode()).decode()}"},
    "headers: Referer": {"headers": {"Referer": f"https://x.example/?t={PHONE}"}},
    "headers: User-Agent": {"headers": {"User-Agent": f"curl/8 ({PHONE})"}},
    "headers: a name": {"headers": {f"X-{PHONE}": "1"}},
    "headers: Accept-Language": {"headers": {"Accept-Language": f"zh;q={PHONE}"}},
    "headers: If-None-Match": {"headers": {"If-None-Match": f'"{PHONE}"'}},
    "headers: Range": {"headers": {"Range": f"bytes={PHONE}-"}},
    "headers: Sec-WebSocket-Protocol": {"headers": {"Sec-WebSocket-Protocol": f"chat, {PHONE}"}},
    "headers: Authorization": {
        "headers": {"Authorization": "Basic " + base64.b64encode(f"a:{PHONE}".encode()).decode()}
    },
    "headers: the method": {"method": PHONE},
    "cookies: a value": {"headers": {"Cookie": f"a=b; t={PHONE}"}},
    "cookies: a name": {"headers": {"Cookie": f"{PHONE}=1"}},
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


def message(
    host: str = "files.example", target: str = "/", method: str = "POST", headers: dict[str, str] | None = None
) -> Message:
    return Message(
        uid="t",
        time=1.0,
        channel="http",
        principal=Principal("li@corp.example", "declared", "none"),
        destination=Destination("https", host, 443),
        method=method,
        target=target,
        headers=tuple((name.encode(), value.encode()) for name, value in (headers or {}).items()),
    )


def places(engine: Engine, sent: Message) -> set[str]:
    return {one.location.area for one in inspect(sent, engine).findings if one.kind == "phone"}


@pytest.mark.parametrize("name", CARRIERS)
def test_a_number_is_seen_where_it_is(name: str, engine: Engine) -> None:
    assert name.partition(":")[0] in places(engine, message(**CARRIERS[name]))


@pytest.mark.parametrize(
    "host",
    [
        "files.example",
        "192.168.10.245",
        "2001:db8::13:8001",
        "ec2-203-0-113-25.eu-west-1.compute.amazonaws.com",
        "d111111abcdef8.cloudfront.net",
        "rr5---sn-4g5ednsl.googlevideo.com",
        "s3.dualstack.cn-north-1.amazonaws.com.cn",
        "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9.blob.example",
    ],
)
def test_names_of_machines_hold_nobody(host: str, engine: Engine) -> None:
    assert inspect(message(host), engine).findings == ()


def test_a_plain_host_is_no_part(engine: Engine) -> None:
    """Nothing is scanned for it: most requests pay nothing."""
    assert inspect(message(), engine).parts == 0
    assert inspect(replace(message(), method="PROPFIND"), engine).parts == 0


@pytest.mark.parametrize("name", [f"{PHONE}-beijing.{ZONE}", f"{_B32}.{ZONE}", f"{_B32[:9]}.{_B32[9:]}.{ZONE}"])
def test_a_name_that_dns_is_asked_for_over_https_is_read_as_a_host_is(name: str, engine: Engine) -> None:
    sent = replace(message(), body=asked(name), headers=((b"Content-Type", b"application/dns-message"),))
    seen = inspect(sent, engine)
    assert "phone" in {one.kind for one in seen.findings}
    assert (seen.content, seen.gaps) == ("dns_message", ())


BODIES = {
    "JSON": ("application/json", f'{{"ref": "SO-20260115-004217-{PHONE}"}}'.encode()),
    "a form": ("application/x-www-form-urlencoded", f"ref=SO-20260115-004217-{PHONE}".encode()),
    "a file's name": (
        "multipart/form-data; boundary=B",
        (
            f'--B\r\nContent-Disposition: form-data; name="f"; filename="SO-20260115-004217-{PHONE}.bin"'
            "\r\n\r\nx\r\n--B--\r\n"
        ).encode(),
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_in_a_small_body_they_are_too(name: str, engine: Engine) -> None:
    label, body = BODIES[name]
    seen = inspect(replace(message(), body=body, headers=((b"Content-Type", label.encode()),)), engine)
    assert {kind: len(some) for (kind, _), some in seen.records.items()}["customer-order"] == 1


def test_an_order_and_a_mobile_joined_to_it_are_one_customer(engine: Engine) -> None:
    sent = message(target=f"/SO-20260115-004217-{PHONE}.png")
    records = {name: len(some) for (name, _), some in inspect(sent, engine).records.items()}
    assert records["customer-order"] == 1
