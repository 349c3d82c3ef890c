"""Header fields are looked up as mitmproxy does, in one pass."""

from __future__ import annotations

from typing import Any

import pytest
from mitmproxy.coretypes.multidict import MultiDict
from mitmproxy.http import Headers

from dlp_proxy.proxy import fields

FIELDS = (
    (b"Host", b"a.example"),
    (b"accept", b"text/html"),
    (b"Accept", b"*/*"),
    (b"X-\xff", b"\xe4\xb8\xad"),
    (b"Broken", b"\xff\xfe"),
    (b"empty", b""),
)
NAMES: tuple[str | bytes, ...] = (
    "host",
    "HOST",
    b"Accept",
    "accept",
    "x-\udcff",
    b"x-\xff",
    "broken",
    "empty",
    "none",
    "",
)


def stock(name: str | bytes) -> list[str]:
    """Return what mitmproxy's own classes say: its `MultiDict` on bytes, decoded as its headers are."""
    key = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    found: Any = MultiDict.get_all(Headers(FIELDS), key)
    return [value.decode("utf-8", "surrogateescape") for value in found]


@pytest.mark.parametrize("name", NAMES)
def test_the_answers_are_those_of_mitmproxy(name: str | bytes) -> None:
    fields.install()
    headers, expected = Headers(FIELDS), stock(name)
    assert headers.get_all(name) == expected
    assert (name in headers) == bool(expected)
    assert headers.get(name, "nothing") == (", ".join(expected) if expected else "nothing")
    if expected:
        assert headers[name] == headers.pop(name) == ", ".join(expected)
        assert name not in headers
    else:
        assert headers.pop(name, None) is None
        for asked in (headers.__getitem__, headers.pop):
            with pytest.raises(KeyError):
                asked(name)
    assert len(headers.fields) == len(FIELDS) - len(expected)


def test_what_is_no_name_is_not_there() -> None:
    fields.install()
    assert 3 not in Headers(FIELDS)
