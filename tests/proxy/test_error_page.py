from __future__ import annotations

import pytest
from mitmproxy import version
from mitmproxy.proxy.layers.http._http1 import make_error_response

from dlp_proxy.proxy import patches

SAYS = "Connect call failed ('10.8.0.7', 9)"


@pytest.fixture(autouse=True)
def _installed() -> None:
    patches.install()


def test_an_error_of_the_destination_maps_nothing() -> None:
    answer = make_error_response(502, SAYS)
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert b"10.8.0.7" not in answer
    assert version.VERSION.encode() not in answer
    assert b"mitmproxy" not in answer


def test_an_error_of_the_request_is_told_and_escaped() -> None:
    assert b"<p>&lt;b&gt; is no header" in make_error_response(400, "<b> is no header")
