"""ARJ archives.

Source: *ARJ technical information* (TECHNOTE.TXT of ARJ 2.41).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.arj_codes import unpacked
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.naming import step

NAME: Final = "arj"

_MAGIC: Final = b"\x60\xea"
_LEAST, _MOST = 30, 2600  # bytes of a header
_LOCKED, _GOES_ON = 0x01, 0x04
_STORED, _FASTEST = 0, 4
_ARCHIVE, _FOLDER, _LABEL = 2, 3, 4


@dataclass(frozen=True, slots=True)
class _Member:
    """A header, and what is packed behind it."""

    name: str
    comment: str
    flags: int
    method: int
    kind: int
    size: int
    packed: bytes
    cut: bool


def accepts(content: Content) -> bool:
    return _header(content.data, 0) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    at = 0
    whole = True
    while (found := _header(content.data, at)) is not None:
        member, at = found
        whole &= not (member.cut or member.flags & _GOES_ON)
        if member.comment:
            yield Part(content.location / "comment", member.comment)
        if member.kind != _ARCHIVE:
            yield from _member(member, content, meter)
    ends = content.data.startswith(_MAGIC + b"\0\0", at)
    if not (whole and ends):
        yield Gap("malformed", content.location, "an ARJ archive that is cut, broken, or one volume of several")
    if rest := content.data[at + 4 * ends :]:
        yield content.inside(rest, "after the archive")


def _member(member: _Member, content: Content, meter: Meter) -> Iterator[Part | Gap | Content]:
    meter.budget.spend_member()
    yield Part(Location("filename", content.location.steps), member.name)
    if member.kind in {_FOLDER, _LABEL}:
        return
    where = content.location / step(member.name)
    if member.flags & _LOCKED:
        yield Gap("encrypted", where, "locked with a password")
        yield from strings(Content(member.packed, where))
        return
    room = meter.room
    size = len(member.packed) if member.method == _STORED else member.size
    data = member.packed
    if member.method != _STORED:
        meter.budget.decoder()
        fastest = member.method == _FASTEST
        data = unpacked(member.packed, min(size, room), meter.budget.hurry, fastest=fastest)
    if data := data[:room]:
        yield Content(data, where, member.name)
    meter.charge(len(data))
    if size > room:
        raise meter.overrun()
    if len(data) < size:
        yield Gap("malformed", where, "the archive's member is broken")


def _header(data: bytes, at: int) -> tuple[_Member, int] | None:
    """Return the member whose header begins at `at`, and what stands behind it; None for no header."""
    size = int.from_bytes(data[at + 2 : at + 4], "little")
    if not data.startswith(_MAGIC, at) or not _LEAST <= size <= _MOST:
        return None
    body = data[at + 4 : at + 4 + size]
    at += 4 + size
    if zlib.crc32(body) != int.from_bytes(data[at : at + 4], "little") or len(body) < size:
        return None
    at += 4
    while more := int.from_bytes(data[at : at + 2], "little"):
        at += 2 + more + 4
    at += 2
    name, _, rest = body[body[0] :].partition(b"\0")
    kind = body[6]
    packed = 0 if kind == _ARCHIVE else int.from_bytes(body[12:16], "little")
    member = _Member(
        _text(name),
        _text(rest.partition(b"\0")[0]),
        flags=body[4],
        method=body[5],
        kind=kind,
        size=int.from_bytes(body[16:20], "little"),
        packed=data[at : at + packed],
        cut=at + packed > len(data),
    )
    return member, at + packed


def _text(raw: bytes) -> str:
    found = charset.decode(raw)
    return found[0] if found else raw.decode("utf-8", "replace")
