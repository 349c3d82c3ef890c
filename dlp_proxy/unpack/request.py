"""The head of a request: query, path, headers and cookies."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Message, Part
from dlp_proxy.unpack import host_name, pieces, values
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.form import pairs
from dlp_proxy.unpack.mime import disposition
from dlp_proxy.unpack.percent import as_text, decode, decode_bytes

HOST: Final = Location("host")
QUERY: Final = Location("query")
PATH: Final = Location("path")
HEADERS: Final = Location("headers")
COOKIES: Final = Location("cookies")

_PROTOCOL: Final = frozenset(
    b"host connection keep-alive proxy-connection te trailer transfer-encoding upgrade content-length content-type"
    b" content-encoding expect accept accept-encoding accept-language accept-charset cache-control pragma origin"
    b" upgrade-insecure-requests if-modified-since if-none-match if-match range dnt priority user-agent date"
    b" sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform"
    b" sec-gpc sec-websocket-version sec-websocket-key sec-websocket-extensions".split()
)
_WORD: Final = re.compile(r"[A-Z][A-Z-]{0,19}")
_SHORT: Final = 32
_REMEMBERED: Final = 256
_DIGIT: Final = re.compile(rb"\d")
_MANY_DIGITS: Final = 7
_TIMES: Final = 2
"""That one field of the protocol comes, at the most, to be passed over where it is short."""
_TOGETHER: Final = 40
"""Digits of all short values together: a browser's have a dozen or so."""
_LARGEST_QUERY: Final = 8 * 1024
# Nothing but words that browsers send: a value built of these has no room for anyone's data.
_FIXED: Final = re.compile(
    rb"(?:text/(?:html|css|plain|event-stream|javascript)|application/(?:json|xml|xhtml\+xml|signed-exchange"
    rb"|javascript|x-www-form-urlencoded|octet-stream)|image/(?:avif|webp|apng|png|jpeg|svg\+xml|\*)|\*/\*"
    rb"|multipart/form-data|;? ?q=[01](?:\.\d)?|;v=b3"
    rb"|gzip|deflate|br|zstd|identity|(?:zh|en|de|fr|ja|ko)(?:-[A-Z]{2}|-Han[st])?|[,;] ?){1,64}+"
)
_BROWSER: Final = re.compile(
    rb"(?:Mozilla/5\.0 \((?:X11; Linux x86_64|Windows NT 10\.0; Win64; x64|Macintosh; Intel Mac OS X 10_15_7)"
    rb"(?:; rv:\d{2,3}\.0)?\) (?:Gecko/20100101 Firefox/\d{2,3}\.0|AppleWebKit/537\.36 \(KHTML, like Gecko\)"
    rb" (?:Headless)?Chrome/\d{2,3}\.0\.0\.0 Safari/537\.36(?: Edg/\d{2,3}\.0\.0\.0)?)"
    rb'|(?:"(?:Chromium|Google Chrome|Microsoft Edge|Not[A-Za-z?_:/ ()-]{1,12}Brand)";v="\d{1,3}"(?:, )?){1,4})'
)


def read(message: Message) -> Iterator[Part | Content]:
    """Yield the parts of everything before the body."""
    if text := host_name.readings(message.destination.host):
        yield Part(HOST, text)
    path, _, query = _raw(message.target).partition(b"?")
    if query:
        yield from values.render(pairs(query), QUERY, label="query field")
        yield from _of_dns(query)
    if len(path) > 1:
        text = as_text(decode_bytes(path))
        yield Part(PATH, text)
        yield from pieces.joined(text.split("/"), PATH)
    crumbs: list[Part] = []
    have_room = _have_room(message.headers)
    lines = [] if _WORD.fullmatch(message.method) else [f"method: {message.method}"]
    for name, value in message.headers:
        kind, line = _header(name, value, passed_over=not have_room)
        if kind == "cookie":
            crumbs.append(_cookies(line))
        elif line:
            lines.append(line)
            if kind == "content-disposition":
                for filename in disposition(value)[1]:
                    yield Part(Location("filename"), filename)
    if lines:
        yield Part(HEADERS, "\n".join(lines))
        yield from pieces.joined((line.partition(": ")[2] for line in lines), HEADERS)
    yield from crumbs
    yield from pieces.joined((one.text[field.start : field.end] for one in crumbs for field in one.fields), COOKIES)


def _of_dns(query: bytes) -> Iterator[Content]:
    """Yield what is asked of DNS in a query (RFC 8484, 4.1)."""
    if b"dns=" not in query or len(query) > _LARGEST_QUERY:
        return
    for name, value in pairs(query):
        if name == "dns":
            with suppress(binascii.Error, ValueError):
                data = base64.urlsafe_b64decode(value.encode("ascii", "replace") + b"==")
                yield Content(data, QUERY / "dns", "", "application/dns-message")


def filenames(message: Message) -> list[str]:
    """Return the file names in the message's own Content-Disposition."""
    return [
        filename
        for name, value in message.headers
        if name.lower() == b"content-disposition"
        for filename in disposition(value)[1]
    ]


def _raw(target: str) -> bytes:
    try:
        return target.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return target.encode(errors="replace")


def _have_room(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether fields of the protocol that are short each have room for data together."""
    times: Counter[bytes] = Counter()
    digits = 0
    for name, value in headers:
        if len(value) <= _SHORT and (key := name.lower()) in _PROTOCOL:
            times[key] += 1
            digits += _count_of_digits(value)
    return digits > _TOGETHER or any(count > _TIMES for count in times.values())


def _header(name: bytes, value: bytes, *, passed_over: bool) -> tuple[str, str]:
    """Return the name in lower case and the line to scan, empty when it has no room for data.

    Args:
        passed_over: what has no room by itself has none beside the others either.
    """
    key = name.lower()
    if key == b"cookie":
        return "cookie", as_text(value)
    if passed_over and key in _PROTOCOL and len(value) <= _REMEMBERED and _is_ordinary(value):
        return "", ""
    text = as_text(value)
    return key.decode("latin-1"), f"{as_text(name)}: {decode(text)}"


@lru_cache(maxsize=1024)
def _is_ordinary(value: bytes) -> bool:
    """Tell whether a header of the protocol has no room for anyone's data.

    Pure, so answers are remembered: most headers of a browser are the same in each request.
    """
    short = len(value) <= _SHORT and _count_of_digits(value) < _MANY_DIGITS
    return short or _FIXED.fullmatch(value) is not None or _BROWSER.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _count_of_digits(value: bytes) -> int:
    return len(_DIGIT.findall(value))


def _cookies(text: str) -> Part:
    lines: list[str] = []
    fields: list[Field] = []
    at = 0
    for crumb in text.split(";"):
        name, mark, value = crumb.strip().partition("=")
        name, value = decode(name), decode(value)
        line = f"{name}: {value}\n" if mark else f"{name}\n"
        if mark:
            fields.append(Field(at + len(line) - len(value) - 1, at + len(line) - 1, name))
        lines.append(line)
        at += len(line)
    return Part(COOKIES, "".join(lines), (), tuple(fields))
