"""Multipart bodies (RFC 2046 section 5.1, RFC 7578), with what stands before, between and after the parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from dlp_proxy.encodings.run import MAGIC
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import values
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.mapped import Bytes
from dlp_proxy.unpack.mime import BOUNDARY, PartHead, parse_head, transfer_decode
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text

NAME: Final = "multipart"

_FIRST: Final = re.compile(rb"\s{0,16}--(-*+[^\r\n]{1,256}?)[ \t]{0,64}\r?\n[!-9;-~]{1,64}:")
_LATER: Final = re.compile(rb"\n--([^\r\n]{1,256}?)[ \t]{0,64}\r?\n[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-")
_RANGE: Final = re.compile(rb"content-range:\s*bytes (\d{1,15})-", re.IGNORECASE)
_REST: Final = 66
_CUT: Final = 2
_OPENING: Final = (b"PK\x03\x04", b"\x1f\x8b")


def accepts(content: Content) -> bool:
    return bool(boundary_of(content.data, content.label))


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    mark = b"--" + boundary_of(data, content.label)
    lines = list(islice(stops(data, mark), budget.limits.members + 2))
    simple: list[tuple[str, str]] = []
    rest: list[bytes] = []
    packed: list[bytes] = []
    ranges: list[tuple[int, bytes]] = []
    if preamble := data[: lines[0][0]].strip():
        yield content.inside(preamble, "before the first part")
    for (_, start, last), (end, _, _) in zip(lines, [*lines[1:], (len(data), 0, False)], strict=True):
        if last:
            if epilogue := data[start:end].strip():
                yield content.inside(epilogue, "after the last part")
            continue
        budget.spend_member()
        head, body = parse_head(data[start:end])
        rest += head.others
        if body is None:
            yield Gap("malformed", content.location, "a part of the multipart body has no end of its headers")
            body = data[start:end]
        ranges += [(int(found[1]), body) for found in map(_RANGE.match, head.others) if found]
        for one in part(content, head, transfer_decode(head, body), simple):
            yield one
            if isinstance(one, Content) and one.text is None:
                packed.append(one.data)
    if not lines[-1][2]:
        yield Gap("malformed", content.location, "the multipart body has no closing boundary")
    yield from values.render(simple, content.location, label="form field")
    if rest:
        yield Part(content.location / "headers of parts", "\n".join(map(as_text, rest)))
    if len(ranges) >= _CUT:
        yield content.inside(b"".join(body for _, body in sorted(ranges)), "ranges side by side")
    elif _is_cut(packed):
        yield content.inside(b"".join(packed), "parts side by side")


def _is_cut(packed: list[bytes]) -> bool:
    """Tell whether what is no text is one archive, cut into parts of one size and a rest."""
    if len(packed) < _CUT or not packed[0].startswith(MAGIC) or all(one.startswith(MAGIC) for one in packed):
        return False
    size = len(packed[0])
    return all(len(one) == size for one in packed[:-1]) and len(packed[-1]) <= size


def part(content: Content, head: PartHead, body: bytes, simple: list[tuple[str, str]]) -> Iterator[Part | Content]:
    """Yield a file as a content of its own; put a plain field to the others of the form."""
    mail = content.label.lower().startswith("multipart/") and "form-data" not in content.label.lower()
    where = content.location / step(f'form field "{head.name}"') if head.name else content.location
    for name in head.filenames:
        yield Part(Location("filename", where.steps), name)
    if head.filenames:
        name = head.filenames[0]
        yield Content(body, where / step(name), name, head.label)
        return
    inner = Content(body, where if head.name else where / "part", "", head.label)
    plain = not head.label or head.label.lower().startswith("text/plain")
    if plain and (head.name or not mail) and inner.text is not None and not body.startswith(_OPENING):
        simple.append((head.name, inner.text))
    elif body:
        simple += [(head.name, "")] if head.name else []
        yield inner


def stops(data: Bytes, mark: bytes, at: int = 0, until: int | None = None) -> Iterator[tuple[int, int, bool]]:
    """Yield (end of what is before, start of what is after, is it the last) for each line of the boundary."""
    until = len(data) if until is None else until
    at = data.find(mark, at, until)
    while at >= 0:
        end = at + len(mark)
        last = data[end : end + 2] == b"--"
        line = data.find(b"\n", end, end + _REST)  # bounded: a body may be full of boundaries on one line
        after = min(len(data), end + _REST) if line < 0 else line + 1
        tail = data[end + 2 * last : after]
        if (at == 0 or data[at - 1] == 10) and not tail.strip() and (line >= 0 or after == len(data)):
            before = at - 2 if at > 1 and data[at - 2 : at] == b"\r\n" else max(0, at - 1)
            yield before, after, last
            at = data.find(mark, after, until)
        else:
            at = data.find(mark, end, until)


def boundary_of(data: Bytes, label: str) -> bytes:
    """Return the boundary: the label's when the body has it, else what the body itself shows; empty for none."""
    if found := BOUNDARY.search(label):
        declared = (found[1] or found[2]).encode("latin-1", "replace")
        if next(stops(data, b"--" + declared), None):
            return declared
    if data[:4].startswith(_OPENING):
        return b""
    if data.find(b"--") < 0:
        return b""
    seen = _FIRST.match(data) or _LATER.search(data)
    if seen and b"\0" in data[: seen.start()]:
        return b""  # a mail within something packed
    if seen and next(stops(data, b"--" + seen[1]), None):
        return seen[1]
    return b""
