"""Whose account at the destination a message goes to: what tells it, and what must not."""

from __future__ import annotations

from base64 import b64encode

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.unpack.account import account_of
from dlp_proxy.unpack.unpack import unpack


def told(target: str = "/up", authorization: str = "", body: bytes = b"", label: str = "") -> tuple[str, str] | None:
    headers = [(b"Authorization", authorization.encode())] * bool(authorization)
    headers += [(b"content-type", label.encode())] * bool(label)
    who, where = Principal("li", "declared", "none"), Destination("https", "pan.example", 443)
    message = Message("t", 1.0, "http", who, where, "POST", target, tuple(headers), body)
    found = account_of(message, unpack(message, LIMITS).parts)
    return None if found is None else (found.by, found.normalised)


def basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


def multipart(*fields: tuple[str, str]) -> bytes:
    parts = [f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    file = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n'
    return "".join((*parts, file, "--B--\r\n")).encode()


FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=B"

TOLD = {
    "basic": (told(authorization=basic("Drop.Box@Out.example:pw:1")), ("basic", "drop.box@out.example")),
    "basic, other letters": (told(authorization=basic("王:pw")), ("basic", "王")),
    "digest": (told(authorization='Digest realm="r", username="Bob", uri="/"'), ("digest", "bob")),
    "S3": (
        told(authorization="AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu/s3/aws4_request, Signature=ab"),
        ("access-key", "akidexample"),
    ),
    "S3, signed link": (
        told("/b/k?X-Amz-Credential=AKID9%2F20260101%2Feu%2Fs3%2Faws4_request"),
        ("access-key", "akid9"),
    ),
    "OSS": (told(authorization="OSS LTAI5:c2ln"), ("access-key", "ltai5")),
    "OSS form": (told(body=multipart(("OSSAccessKeyId", "LTAI5")), label=FILES), ("access-key", "ltai5")),
    "Azure": (told(authorization="SharedKey outsider:c2ln"), ("access-key", "outsider")),
    "WebDAV": (told("/remote.php/dav/files/out%40side.example/a.csv"), ("webdav", "out@side.example")),
    "login in a form": (told(body=b"login=bob&note=x", label=FORM), ("form", "bob")),
    "mail address beside a file": (
        told(body=multipart(("email", "b@out.example")), label=FILES),
        ("form", "b@out.example"),
    ),
    "mail address with a password": (
        told(body=b"email=b%40out.example&password=x", label=FORM),
        ("form", "b@out.example"),
    ),
}
NOT_TOLD = {
    "nothing": told(),
    "bearer": told(authorization="Bearer abc.def"),
    "no base64": told(authorization="Basic ====="),
    "no user": told(authorization=basic(":pw")),
    "a form that asks for a customer's address": told(body=b"email=kim%40mail.example&phone=1", label=FORM),
    "two logins": told(body=b"login=a&user_name=b", label=FORM),
    "customers in JSON": told(body=b'[{"email": "a@x.example", "login": "a"}]', label="application/json"),
    "rows": told(body=b"login,email\na,b@x.example\nc,d@x.example\n", label="text/csv"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_tells_an_account(name: str) -> None:
    found, expected = TOLD[name]
    assert found == expected


@pytest.mark.parametrize("name", NOT_TOLD)
def test_what_tells_none(name: str) -> None:
    assert NOT_TOLD[name] is None
