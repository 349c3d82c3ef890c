"""Requests that two readers could read in two ways are refused, before anybody reads them.

Request smuggling lives on such differences: what the proxy takes for the end of a request, or for its destination, the
origin takes for something else, and what is hidden between them is never judged. So this is stricter than the RFCs ask
where they let a recipient choose. Sources: RFC 9112 (HTTP/1.1), RFC 9110 (semantics), RFC 9113 (HTTP/2), RFC 3986.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mitmproxy import http

SAID: Final = "The request was refused: "
"""What clients are told, with the fault behind it."""

_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]"
_FIELD: Final = _TOKEN + rb"{1,256}+:[\t\x20-\x7e\x80-\xff]*+\r\n"
# RFC 9112, 3 and 5: single spaces, no space before the colon, no folded lines, nothing but CRLF as a line's end.
_HEAD: Final = re.compile(
    _TOKEN + rb"{1,32}+ [\x21\x22\x24-\x7e\x80-\xff]++ HTTP/1\.[01]\r\n(?:" + _FIELD + rb")*+\r\n"
)
_TRAILERS: Final = re.compile(rb"(?:" + _FIELD + rb")*+\r\n")
_BARE: Final = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\0")
_EMPTY_LINES: Final = 2
"""Empty lines before a request that are passed over; RFC 9112, 2.2 asks for one."""

_HOST: Final = re.compile(
    r"(?:[A-Za-z0-9_-](?:\.?[A-Za-z0-9_-]){0,254}\.?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
)
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}")
_TARGET: Final = re.compile(rb"/[\x21\x22\x24-\x7e\x80-\xff]*+")
_NAME: Final = re.compile(_TOKEN + rb"{1,256}")
_VALUE: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*+")
_LENGTH: Final = re.compile(rb"0|[1-9][0-9]{0,18}")

_MOST_FIELDS: Final = 1000
_ONCE: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"content-type", b"expect", b"upgrade"})
# Readers that write fields as variables, or that clean names up, take these for the real ones.
_LOOK_ALIKE: Final = re.compile(rb"[^a-z0-9]*(?:content[^a-z0-9]*length|transfer[^a-z0-9]*encoding)[^a-z0-9]*")
_FRAMING: Final = {b"content-length", b"transfer-encoding"}
_LIST: Final = re.compile(rb"[\t ]*(?:" + _TOKEN + rb"{1,64}[\t ]*)?(?:,[\t ]*(?:" + _TOKEN + rb"{1,64}[\t ]*)?){0,32}")
# RFC 9113, 8.2.2; and what a Connection field may not take away on the next hop (RFC 9110, 7.6.1).
_OF_CONNECTION: Final = frozenset({b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"})
_END_TO_END: Final = frozenset(
    b"host content-length content-type content-encoding transfer-encoding cookie authorization expect trailer".split()
)
_NOT_IN_TRAILERS: Final = _END_TO_END | frozenset(
    b"connection te proxy-authorization content-range range cache-control".split()
)


def fault_of_head(data: bytes) -> str:
    """Return what is wrong with the bytes of an HTTP/1 head as far as they have come; empty when nothing is.

    `data` may go on behind the head.
    """
    start = 0
    while data.startswith(b"\r\n", start):
        start += 2
        if start > 2 * _EMPTY_LINES:
            return "empty lines before the request"
    end = data.find(b"\r\n\r\n", start)
    if end >= 0:
        return "" if _HEAD.fullmatch(data, start, end + 4) else "the request's head is malformed"
    if _BARE.search(data, start):
        return "a line of the request's head does not end in CRLF"
    return ""


def fault_of_trailers(data: bytes, *, whole: bool) -> str:
    """Return what is wrong with the bytes of a trailer section, which is `whole` or has not ended yet."""
    if not whole:
        return "a line of the trailers does not end in CRLF" if _BARE.search(data) else ""
    if not _TRAILERS.fullmatch(data):
        return "malformed trailers"
    lines = [line.partition(b":") for line in data.split(b"\r\n") if line]
    return fault_of_trailer_fields((name, value.strip(b" \t")) for name, _, value in lines)


def fault_of_trailer_fields(fields: Iterable[tuple[bytes, bytes]]) -> str:
    """Return what is wrong with the fields of a trailer section (RFC 9110, 6.5.1)."""
    for name, value in fields:
        key = bytes(name).lower()
        if not _NAME.fullmatch(key) or not _VALUE.fullmatch(value):
            return "a trailer is malformed"
        if key in _NOT_IN_TRAILERS or _looks_alike(key):
            return "a field that cannot stand in trailers"
    return ""


def fault_of_request(request: http.Request, *, tunnel: bool) -> str:
    """Return why a request is refused whatever it carries; empty when it is not.

    `tunnel` tells that it came inside a CONNECT, where its destination is settled.
    """
    fault = _fault_of_fields(request)
    if not fault and request.is_http2:
        fault = _fault_of_http2(request, tunnel=tunnel)
    elif not fault:
        fault = _fault_of_http1(request, tunnel=tunnel)
    return fault


def _fault_of_fields(request: http.Request) -> str:
    seen: set[bytes] = set()
    if len(request.headers.fields) > _MOST_FIELDS:
        return "too many header fields"
    for name, value in request.headers.fields:
        key = name.lower()
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            return "a header field is malformed"
        if key in _ONCE and key in seen:
            return f"the field {key.decode()} is there twice"
        if key not in _FRAMING and _looks_alike(key):
            return "a field looks like one that frames the message"
        seen.add(key)
        if fault := _fault_of_value(key, value):
            return fault
    if seen >= _FRAMING:
        return "both Content-Length and Transfer-Encoding"
    if not _METHOD.fullmatch(request.method) or request.method == "PRI":
        return "the method is malformed"
    if request.method in {"CONNECT", "TRACE"} and seen & _FRAMING:
        return f"{request.method} with a body"
    return ""


def _looks_alike(key: bytes) -> bool:
    return (b"ength" in key or b"ncoding" in key) and _LOOK_ALIKE.fullmatch(key) is not None


def _fault_of_value(key: bytes, value: bytes) -> str:
    if key == b"content-length":
        return "" if _LENGTH.fullmatch(value) else "Content-Length is no length"
    if key == b"transfer-encoding":
        return "" if value.lower() == b"chunked" else "Transfer-Encoding is not chunked"
    if key == b"expect":
        return "" if value.lower() == b"100-continue" else "Expect is not 100-continue"
    if key == b"connection":
        if not _LIST.fullmatch(value):
            return "Connection is no list of names"
        if not _END_TO_END.isdisjoint(one.strip() for one in value.lower().split(b",")):
            return "Connection names a field that belongs to the message"
    return ""


def _fault_of_http1(request: http.Request, *, tunnel: bool) -> str:
    hosts = request.headers.get_all("host")
    if b"transfer-encoding" in {name.lower() for name, _ in request.headers.fields} and not request.is_http11:
        return "Transfer-Encoding in HTTP/1.0"
    if request.is_http11 and not hosts and request.method != "CONNECT":
        return "no Host"  # many clients leave it out of CONNECT, whose target says it all
    if hosts and not _HOST.fullmatch(hosts[0]):
        return "Host is malformed"
    authority = request.data.authority.decode("latin-1")
    if request.method == "CONNECT":
        return "" if _HOST.fullmatch(authority) and ":" in authority else "the CONNECT target is malformed"
    if authority and tunnel:
        return "an absolute target inside a tunnel"
    if fault := _fault_of_upgrade(request):
        return fault
    if authority and not _HOST.fullmatch(authority):
        return "the target's host is malformed"
    return _fault_of_path(request)


def forget_upgrade(request: http.Request) -> None:
    """Take an offer away that nobody has to take up (RFC 9110, 7.8): a client may offer HTTP/2 in the clear."""
    headers = request.headers
    if "upgrade" not in headers or headers["upgrade"].strip().lower() == "websocket":
        return
    kept = [one.strip() for one in headers.get("connection", "").split(",")]
    kept = [one for one in kept if one.lower() not in {"", "upgrade", "http2-settings"}]
    for name in ("upgrade", "http2-settings", "connection"):
        headers.pop(name, None)
    if kept:
        headers["connection"] = ", ".join(kept)


def _fault_of_upgrade(request: http.Request) -> str:
    """Return what is wrong with a change of protocol: only a WebSocket can be read on (RFC 6455, 4.1)."""
    upgrade = request.headers.get("upgrade")
    if upgrade is None:
        return "HTTP2-Settings without a change of protocol" if "http2-settings" in request.headers else ""
    if upgrade.strip().lower() != "websocket" or "http2-settings" in request.headers:
        return "Upgrade to what is not read"
    headers = request.headers
    whole = (
        request.method == "GET"
        and request.is_http11
        and headers.get("sec-websocket-version") == "13"
        and "sec-websocket-key" in headers
        and "upgrade" in {one.strip().lower() for one in headers.get("connection", "").split(",")}
        and not ({"content-length", "transfer-encoding"} & {name.lower() for name in headers})
    )
    return "" if whole else "the WebSocket handshake is malformed"


def _fault_of_http2(request: http.Request, *, tunnel: bool) -> str:
    if not _OF_CONNECTION.isdisjoint(name.lower() for name, _ in request.headers.fields):
        return "a field that belongs to HTTP/1"
    authority = request.data.authority.decode("latin-1")
    if authority and not _HOST.fullmatch(authority):
        return ":authority is malformed"
    if not authority and not request.headers.get("host"):
        return "no :authority"
    if request.method == "CONNECT":
        return "CONNECT inside a tunnel" if tunnel else ""
    if tunnel and request.scheme != "https":
        return ":scheme is not the connection's"
    return _fault_of_path(request)


def _fault_of_path(request: http.Request) -> str:
    path = request.data.path
    if _TARGET.fullmatch(path) or (path == b"*" and request.method == "OPTIONS"):
        return ""
    return "the target is malformed"
