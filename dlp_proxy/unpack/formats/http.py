"""HTTP/1.1 as it goes over a wire: requests and answers with their bodies, whatever these are wrapped in.

Source: RFC 9112, sections 2, 6 and 7.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import coding
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content

NAME: Final = "http"

_FIRST: Final = re.compile(
    rb"(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|REPORT|PROPFIND)[ ][^ \r\n]{1,16384}[ ]HTTP/1\.[01]"
    rb"|HTTP/1\.[01][ ][1-5][0-9]{2}(?:[ ][^\r\n]{0,256})?)\r?\n(?=[A-Za-z0-9-]{1,64}:)"
)
_END: Final = re.compile(rb"\r?\n\r?\n")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1024})?\r\n")
_HEAD_AT_MOST: Final = 256 * 1024
_MESSAGES_AT_MOST: Final = 5_000


def accepts(content: Content) -> bool:
    return _FIRST.match(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield the heads, and each body as what it is; what is behind the last message as well."""
    budget.decoder()
    data, at = content.data, 0
    for number in range(1, _MESSAGES_AT_MOST):
        if not _FIRST.match(data, at):
            break
        ended = _END.search(data, at, at + _HEAD_AT_MOST)
        head_end = ended.end() if ended else len(data)
        head = data[at:head_end].decode("utf-8", "replace")
        yield Part(content.location / f"head of message {number}", head)
        fields = _fields(head)
        body, at = _body(data, head_end, fields)
        if body:
            inside = content.inside(body, f"body of message {number}", label=fields.get("content-type", ""))
            yield from coding.peel(inside, fields.get("content-encoding", ""), budget)
    if at < len(data):
        yield content.inside(data[at:], "behind the messages")


def _fields(head: str) -> Mapping[str, str]:
    lines = (line.partition(":") for line in head.splitlines()[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _body(data: bytes, at: int, fields: Mapping[str, str]) -> tuple[bytes, int]:
    """Return a body, its chunks joined, and where it ends."""
    if "chunked" in fields.get("transfer-encoding", "").lower():
        pieces: list[bytes] = []
        while found := _CHUNK.match(data, at):
            size = int(found[1], 16)
            end = min(len(data), found.end() + size)
            pieces.append(data[found.end() : end])
            at = end + 2 * data.startswith(b"\r\n", end)
            if not size:
                break
        return b"".join(pieces), at
    said = fields.get("content-length", "")
    if said.isdecimal() and len(said) < 12:
        return data[at : at + int(said)], min(len(data), at + int(said))
    following = _next(data, at)
    return data[at:following], following


def _next(data: bytes, at: int) -> int:
    """Return where the next message begins: one of no said length goes on up to there."""
    if _FIRST.match(data, at):
        return at
    found = re.compile(rb"\n" + _FIRST.pattern).search(data, at)
    return found.start() + 1 if found else len(data)
