"""Old Office documents and Outlook mail: xls, doc, ppt, msg. Also objects within them, and locked new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents import biff8, ole, outlook, powerpoint_binary, word_binary
from dlp_proxy.unpack.formats.binary import glance, strings
from dlp_proxy.unpack.leftover import Leftover
from dlp_proxy.unpack.naming import step, whole
from dlp_proxy.unpack.percent import as_text
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "ole"

_BARE: Final = (b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05")
_LOCKED: Final = frozenset({"EncryptedPackage", "EncryptionInfo"})
_DULL: Final = re.compile(
    r"\x01CompObj|\x01Ole|\x03ObjInfo|\x03LinkInfo|\x05\w{0,30}SummaryInformation|[01]Table|Current User|PROJECT\w{0,3}"
    r"|_VBA_PROJECT|dir|__SRP_\d+|__properties_version1\.0|__substg1\.0_\w{8}|\x01Ole10Native|Ctls|Data|Pictures"
)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_PICTURES: Final = 50
_LEAST: Final = 16

type _Streams = dict[ole.Path, bytes]


def accepts(content: Content) -> bool:
    return content.data.startswith((ole.MAGIC, *_BARE))


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    if not content.data.startswith(ole.MAGIC):
        yield from _workbook(content, content.data)
        return
    found: _Streams = {}
    reached: Exhausted | None = None
    beside = ole.Beside(Leftover(content.data), len(content.data))
    try:
        for path, data in ole.streams(content.data, budget, beside):
            found[path] = data
    except Exhausted as caught:
        reached = caught
    except ole.Broken:
        yield Gap("malformed", content.location, "a broken Office document; its readable runs are looked at")
        yield from strings(content)
        return
    yield from _storage(content, found, (), budget)
    if rest := content.data[beside.end :].strip(b"\0"):
        yield content.inside(rest, "after the document")
    beside.left.take(beside.end, len(content.data))
    yield from strings(content.inside(beside.left.rest(), "beside the streams"))
    if beside.broken:
        yield Gap("malformed", content.location, f"{beside.broken} streams of the document that cannot be read")
    if reached:
        raise reached


def _storage(content: Content, found: _Streams, top: ole.Path, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield what the streams hold; nothing is passed over, whatever the document says it is."""
    mail = top != () or ("__properties_version1.0",) in found
    if mail:
        yield from _mail(content, found, top, budget)
    for path, data in found.items():
        if path[: len(top)] != top or (mail and path[-1].startswith(("__substg1.0_", "__properties", "__nameid"))):
            continue
        where = content.location if len(path) == 1 else content.location / step("/".join(path))
        inner = Content(data, where, path[-1])
        yield from _stream(inner, path, found)


def _stream(inner: Content, path: ole.Path, found: _Streams) -> Iterator[Part | Gap | Content]:
    name, data = path[-1], inner.data
    if name in _LOCKED:
        yield Gap("encrypted", inner.location, "the document is locked with a password")
    elif data.startswith(_BARE):
        yield from _workbook(inner, data)
    elif name == "WordDocument":
        yield from _word(inner, found.get((*path[:-1], word_binary.table_name(data)), b""))
    elif name == "PowerPoint Document":
        if powerpoint_binary.is_locked(data):
            yield Gap("encrypted", inner.location, "the presentation is locked with a password")
        if lines := list(powerpoint_binary.texts(data)):
            yield Content("\n".join(lines).encode(errors="replace"), inner.location / "texts of slides")
    elif name == "\x01Ole10Native":
        yield _packaged(inner)
    elif _DULL.fullmatch(name):
        yield from glance(Content(data, inner.location / step(name)))
        yield from _pictures(inner)
    elif len(data) >= _LEAST:
        yield Content(data, inner.location / step(name), name)


def _workbook(content: Content, data: bytes) -> Iterator[Part | Gap | Content]:
    book = biff8.Workbook(data)
    if book.locked:
        yield Gap("encrypted", content.location, "the workbook is locked with a password")
        return
    for number, sheet in enumerate(book.sheets, 1):
        where = content.location / step(f'sheet "{sheet.name}"' if sheet.name else f"sheet {number}")
        yield from Sheet(sheet.rows).parts(where)
    for lines, name in ((book.beside, "not shown"), (book.unseen, "strings that no cell shows")):
        if lines:
            yield Content("\n".join(lines).encode(errors="replace"), content.location / name)


def _word(content: Content, table: bytes) -> Iterator[Part | Gap | Content]:
    if word_binary.is_locked(content.data):
        yield Gap("encrypted", content.location, "the document is locked with a password")
        return
    text, left = word_binary.text(content.data, table)
    if text.strip():
        yield Content(text.encode(errors="replace"), content.location / "text")
        # Quick saves leave behind what was deleted.
        yield from strings(Content(left, content.location / "left in the file"))
    else:
        yield Gap("malformed", content.location, "a Word document without its table of pieces")
        yield from strings(content)


def _mail(content: Content, found: _Streams, top: ole.Path, budget: Budget) -> Iterator[Part | Gap | Content]:
    mail = outlook.Mail(found, top)
    if mail.lines:
        yield Part(content.location / "headers of the mail", whole("\n".join(mail.lines)))
    for label, body in mail.bodies:
        yield Content(body, content.location / f"{label} of the mail", "", f"text/{label}")
    for number, attachment in enumerate(mail.attachments, 1):
        where = content.location / step(attachment.name or f"attachment {number}")
        if attachment.name:
            yield Part(Location("filename", content.location.steps), whole(attachment.name))
        if attachment.data:
            yield Content(attachment.data, where, attachment.name)
        if attachment.inner and len(attachment.inner) <= 3 * budget.limits.depth:
            yield from _mail(Content(b"", where), found, attachment.inner, budget)
        elif attachment.inner:
            yield Gap("too-deep", where, "more mails inside mails than are opened")


def _packaged(inner: Content) -> Content:
    """Return the file in a package (MS-OLEDS 2.3.6): names of it in front, then its size and bytes."""
    data = inner.data
    label_end = data.find(b"\0", 6)
    command = data.find(b"\0", label_end + 1) + 5
    if label_end < 0 or command < 5:
        return inner
    at = command + 4 + int.from_bytes(data[command : command + 4], "little")
    size = int.from_bytes(data[at : at + 4], "little")
    if not size or at + 4 + size > len(data):
        return inner
    name = as_text(data[6:label_end])
    return Content(data[at + 4 :], inner.location / step(name or "package"), name)


def _pictures(inner: Content) -> Iterator[Content]:
    """Yield PNG and JPEG files that lie in a stream one after the other."""
    data, at = inner.data, 0
    for number in range(1, _PICTURES + 1):
        png, jpeg = data.find(_PNG, at), data.find(_JPEG, at)
        start = min(png if png >= 0 else len(data), jpeg if jpeg >= 0 else len(data))
        if start >= len(data):
            return
        following = data.find(_JPEG, start + 3)
        stop = (
            data.find(b"IEND", start) + 8 if start == png else data.rfind(b"\xff\xd9", start, max(following, 0) or None)
        )
        at = stop if stop > start else len(data)
        yield inner.inside(data[start:at], f"picture {number}")
