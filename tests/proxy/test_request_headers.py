"""Headers of tenants: the destination gets ours and nothing that it, or what stands before it, could take for it."""

from __future__ import annotations

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from dlp_proxy.proxy.request_headers import RequestHeaders

NAME, OURS = "X-GoogApps-Allowed-Domains", "corp.example"
SITE = "mail.google.com"


def sent(*fields: tuple[bytes, bytes], trailers: tuple[tuple[bytes, bytes], ...] = ()) -> http.Request:
    """Return a request of a client as it goes on."""
    flow = tflow.tflow()
    flow.request.scheme, flow.request.host, flow.request.port = "https", SITE, 443
    flow.request.headers = http.Headers([(b"Host", SITE.encode()), *fields])
    flow.request.trailers = http.Headers(trailers) if trailers else None
    RequestHeaders({"*.google.com": {NAME: OURS}}).request(flow)
    return flow.request


def alike(request: http.Request) -> list[tuple[bytes, bytes]]:
    wanted = NAME.lower().encode().replace(b"-", b"")
    return [one for one in request.headers.fields if one[0].lower().replace(b"-", b"").replace(b"_", b"") == wanted]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param((), id="nothing"),
        pytest.param(((NAME.encode(), b"private.example"),), id="another tenant"),
        pytest.param(((NAME.lower().encode(), b"a"), (NAME.upper().encode(), b"b")), id="twice"),
        pytest.param(((NAME.replace("-", "_").encode(), b"private.example"),), id="as servers write variables"),
    ],
)
def test_only_ours_goes_on(fields: tuple[tuple[bytes, bytes], ...]) -> None:
    assert [value for _, value in alike(sent(*fields))] == [OURS.encode()]


@pytest.mark.parametrize("named", [NAME, NAME.lower(), NAME.replace("-", "_"), f"close, {NAME}"])
def test_the_connection_field_does_not_take_ours_away_on_the_next_hop(named: str) -> None:
    """What it names is taken off by who gets it (RFC 9110, 7.6.1): a front end of the service would drop ours."""
    request = sent((b"Connection", named.encode()))
    assert "google" not in request.headers.get("connection", "").lower().replace("googapps", "google")
    assert ("close" in request.headers.get("connection", "")) is named.startswith("close")
    assert [value for _, value in alike(request)] == [OURS.encode()]


def test_trailers_name_no_other_tenant() -> None:
    request = sent(trailers=((NAME.encode(), b"private.example"), (b"X-Sum", b"1")))
    assert request.trailers is not None
    assert request.trailers.fields == ((b"X-Sum", b"1"),)


def test_other_sites_are_left_alone() -> None:
    flow = tflow.tflow()
    flow.request.scheme, flow.request.host = "https", "google.com.evil.example"
    flow.request.headers = http.Headers([(b"Connection", NAME.encode())])
    RequestHeaders({"*.google.com": {NAME: OURS}}).request(flow)
    assert flow.request.headers.fields == ((b"Connection", NAME.encode()),)
