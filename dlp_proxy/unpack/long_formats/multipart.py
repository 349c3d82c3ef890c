"""Long multipart bodies: a browser's form with a film in it. Each part is a stretch of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import values
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.multipart import boundary_of, part, stops
from dlp_proxy.unpack.long import HEAD, Long, long
from dlp_proxy.unpack.long_formats.text import charset_of
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.mime import BOUNDARY, parse_head, transfer_decode
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text
from dlp_proxy.unpack.until import Until

NAME: Final = "multipart"

_NEAR: Final = 1024 * 1024
"""Bytes within which a form without a label must show its first boundary."""


def accepts(content: Long) -> bool:
    return content.data is not None and bool(_boundary(content))


def _boundary(content: Long) -> bytes:
    """Return the boundary. One that is not declared must show near the beginning of a text: its windows are read too.

    What has NULs is no form without a label, wherever it shows a boundary, and the rest may not be here yet.
    """
    data = content.stretch
    near = not BOUNDARY.search(content.label) and (b"\0" in content.head or charset_of(content))
    return boundary_of(data[:_NEAR] if near else data, content.label)


def read(content: Long, budget: Budget) -> Iterator[Part | Gap | Content | Long]:
    data = content.stretch
    mark = b"--" + _boundary(content)
    stop = next(stops(data, mark), None)
    simple: list[tuple[str, str]] = []
    rest: list[bytes] = []
    last, ends = False, 0
    yield from _beside(content, data.inside(0, stop[0] if stop else len(data)), "before the first part")
    while stop:
        _, start, last = stop
        between = Until(data, start, mark)
        ends += last
        if ends > budget.limits.members:
            yield content.inside("after the last part", data.inside(start, len(data)))
            break
        if last:
            yield from _beside(content, between, "after the last part")
        else:
            budget.spend_member()
            yield from _part(content, between, budget, simple, rest)
        stop = between.stop
    if not last:
        yield Gap("malformed", content.location, "the multipart body has no closing boundary")
    yield from values.render(simple, content.location, label="form field")
    if rest:
        yield Part(content.location / "headers of parts", "\n".join(map(as_text, rest)))


def _part(
    content: Long, data: Until, budget: Budget, simple: list[tuple[str, str]], rest: list[bytes]
) -> Iterator[Part | Gap | Content | Long]:
    beginning = data[: 2 * HEAD]
    head, body = parse_head(beginning)
    rest += head.others
    if body is None:
        yield Gap("malformed", content.location, "a part of the multipart body has no end of its headers")
        body = beginning
    start = len(beginning) - len(body)
    if not data.longer(start + budget.limits.long_bytes):
        yield from part(content.about(b""), head, transfer_decode(head, data[start:]), simple)
        return
    where = content.location / step(f'form field "{head.name}"') if head.name else content.location / "part"
    for name in head.filenames:
        yield Part(Location("filename", where.steps), name)
    name = head.filenames[0] if head.filenames else ""
    yield long(data.after(start), where / step(name) if name else where, name, head.label)


def _beside(content: Long, data: Mapped, step: str) -> Iterator[Long]:
    if data[:HEAD].strip() or data.longer(HEAD):
        yield content.inside(step, data)
