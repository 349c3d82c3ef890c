"""Requests that two readers could read in two ways are refused, before anybody reads them.

Request smuggling lives on such differences: what the proxy takes for the end of a request, or for its destination, the
origin takes for something else, and what is hidden between them is never judged. So this is stricter than the RFCs ask
where they let a recipient choose. Sources: RFC 9112 (HTTP/1.1), RFC 9110 (semantics), RFC 9113 (HTTP/2), RFC 3986.
"""

from __future__ import annotations

import re
from typing import Final

import h11
from h11._receivebuffer import ReceiveBuffer
from mitmproxy import http

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

_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}")
_TARGET: Final = re.compile(rb"/[\x21\x22\x24-\x7e\x80-\xff]*+")
_NAME: Final = re.compile(_TOKEN + rb"{1,256}")
_VALUE: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*+")
_LENGTH: Final = re.compile(rb"0|[1-9][0-9]{0,18}")

_ONCE: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"content-type", b"expect", b"upgrade"})
_LOOK_ALIKE: Final = {b"content_length", b"transfer_encoding"}
# RFC 9113, 8.2.2; and what a Connection field may not take away on the next hop (RFC 9110, 7.6.1).
_OF_CONNECTION: Final = frozenset({b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"})
_END_TO_END: Final = frozenset(
    b"host content-length content-type content-encoding transfer-encoding cookie authorization expect trailer".split()
)
_NOT_IN_TRAILERS: Final = _END_TO_END | {b"connection", b"te", b"content-range", b"range", b"cache-control"}


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
    for name, value in request.headers.fields:
        key = name.lower()
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            return "a header field is malformed"
        if key in _ONCE and key in seen:
            return f"the field {key.decode()} is there twice"
        if key in _LOOK_ALIKE:
            return "a field looks like one that frames the message"
        seen.add(key)
        if key == b"content-length" and not _LENGTH.fullmatch(value):
            return "Content-Length is no length"
        if key == b"transfer-encoding" and value.lower() != b"chunked":
            return "Transfer-Encoding is not chunked"
        if key == b"connection" and not _END_TO_END.isdisjoint(one.strip() for one in value.lower().split(b",")):
            return "Connection names a field that belongs to the message"
        if key == b"expect" and value.lower() != b"100-continue":
            return "Expect is not 100-continue"
    if {b"content-length", b"transfer-encoding"} <= seen:
        return "both Content-Length and Transfer-Encoding"
    if not _METHOD.fullmatch(request.method) or request.method == "PRI":
        return "the method is malformed"
    if request.method in {"CONNECT", "TRACE"} and seen & {b"content-length", b"transfer-encoding"}:
        return f"{request.method} with a body"
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
    if authority and not _HOST.fullmatch(authority):
        return "the target's host is malformed"
    return _fault_of_path(request)


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


class ChunkedReader:
    """Reads a chunked body (RFC 9112, 7.1) and takes nothing that another reader could take for something else.

    Chunk extensions are refused: no client of ours sends any, and the next hop would not get them. Trailers are kept,
    so that they are judged.

    Attributes:
        trailers: what stood behind the last chunk.
    """

    _SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}\r\n")
    _LINE: Final = 17
    _TRAILER_BYTES: Final = 16 * 1024

    def __init__(self) -> None:
        self._left = 0
        self._ending = b""
        self._last = False
        self.trailers: tuple[tuple[bytes, bytes], ...] = ()

    def __call__(self, buffer: ReceiveBuffer) -> h11.Data | h11.EndOfMessage | None:
        """Return the next piece, the end, or None when more must come first.

        Raises:
            h11.RemoteProtocolError: it is not chunked as it must be.
        """
        if self._last:
            return self._read_trailers(buffer)
        if self._ending and not self._read_ending(buffer):
            return None
        if not self._left:
            line = buffer.maybe_extract_next_line()
            if line is None:
                if len(buffer) > self._LINE:
                    raise h11.RemoteProtocolError("malformed chunk")
                return None
            if not self._SIZE.fullmatch(line):
                raise h11.RemoteProtocolError("malformed chunk")
            self._left = int(line[:-2], 16)
            if not self._left:
                self._last = True
                return self._read_trailers(buffer)
        data = buffer.maybe_extract_at_most(self._left)
        if data is None:
            return None
        self._left -= len(data)
        if not self._left:
            self._ending = b"\r\n"
        return h11.Data(data=bytes(data))

    def read_eof(self) -> h11.Data | h11.EndOfMessage:
        raise h11.RemoteProtocolError("the body is not complete")

    def _read_ending(self, buffer: ReceiveBuffer) -> bool:
        got = buffer.maybe_extract_at_most(len(self._ending))
        if got is None:
            return False
        if not self._ending.startswith(got):
            raise h11.RemoteProtocolError("malformed chunk")
        self._ending = self._ending[len(got) :]
        return not self._ending

    def _read_trailers(self, buffer: ReceiveBuffer) -> h11.EndOfMessage | None:
        data = bytes(buffer)
        end = 2 if data.startswith(b"\r\n") else data.find(b"\r\n\r\n") + 4
        if end < 4 and not data.startswith(b"\r\n"):
            if len(data) > self._TRAILER_BYTES or _BARE.search(data):
                raise h11.RemoteProtocolError("malformed trailers")
            return None
        if end > self._TRAILER_BYTES or not _TRAILERS.fullmatch(data, 0, end):
            raise h11.RemoteProtocolError("malformed trailers")
        buffer.maybe_extract_at_most(end)
        lines = [line.partition(b":") for line in data[:end].split(b"\r\n") if line]
        self.trailers = tuple((name, value.strip(b" \t")) for name, _, value in lines)
        if any(name.lower() in _NOT_IN_TRAILERS for name, _ in self.trailers):
            raise h11.RemoteProtocolError("a field that cannot stand in trailers")
        return h11.EndOfMessage()
