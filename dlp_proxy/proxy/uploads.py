"""Uploads in many requests, put together again, so that a file is judged as a file and not as slices of one.

The parts of an upload are kept as long as the upload goes on, in a file of the spool, under its quota. What is there
from the start on, without a hole, is inspected beside the part itself:

- with the first part, with the last one, and with the request that says it is complete;
- in between whenever it has grown enough, so that the work stays linear in the upload's size.

What went on before a verdict said stop has left; the event says how much. See docs/adr/0042.
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from dlp_proxy.model.finding import Gap, GapReason
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart, UploadState
from dlp_proxy.proxy.spool import SpoolFolder, SpoolFullError
from dlp_proxy.proxy.upload_files import Upload, bytes_in, forget_old, held, rename
from dlp_proxy.unpack.aws_chunks import unchunk
from dlp_proxy.unpack.uploads.registry import part_of
from dlp_proxy.unpack.uploads.tus import creation_of

MOST: Final = 4096
"""Uploads that are followed at once; the one that waited longest is forgotten first."""

IDLE_SECONDS: Final = 6 * 3600.0
"""An upload of which nothing was heard for so long is forgotten."""

_EVERY_PART: Final = 8 * 1024 * 1024
"""Up to this size what is there is inspected with every part."""
_GROWTH: Final = 1.25
_LOOK_SECONDS: Final = 60.0
_PIECE: Final = 1024 * 1024
_LARGEST_FORM: Final = 64 * 1024 * 1024
"""Forms over this size are not chunks: those that widgets send have 1 to 16 MiB."""
_DISK: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="uploads")


@dataclass(frozen=True, slots=True)
class Joined:
    """What is known of an upload when one of its parts is judged.

    Attributes:
        state: for the event.
        message: the upload so far as one message; None when it need not be looked at now.
        gap: why the upload cannot be judged whole; None when it can.
    """

    state: UploadState
    upload: Upload
    size: int
    message: Message | None = None
    gap: Gap | None = None

    def passed(self) -> None:
        """Say that the part was let go."""
        self.upload.passed(self.size)


class Uploads:
    """The uploads under way, in all processes that share the spool. One event loop uses it.

    Args:
        limit: bytes of one upload that are put together.
    """

    def __init__(self, spool: SpoolFolder, limit: int) -> None:
        self._spool = spool
        self._limit = limit
        self._looked = 0.0
        self._created: OrderedDict[str, tuple[str, str, str, str]] = OrderedDict()
        """Messages that create an upload whose name is not known before the answer."""

    async def join(self, message: Message) -> Joined | None:
        """Add a message's content to its upload; None for a message that is whole.

        Raises:
            OSError: the disk said no.
        """
        part = part_of(await _with_form(message))
        if part is None:
            part = self._creation(message)
        if part is None:
            return None
        await self._forget_old(message.time)
        async with held(self._spool.folder, _key(message, part)) as upload:
            joined = await self._join(upload, message, part)
            upload.keep(message.time)
            return joined

    async def _join(self, upload: Upload, message: Message, part: UploadPart) -> Joined:
        added, gap = 0, None
        upload.total = part.total if part.total is not None else upload.total
        part = replace(part, total=upload.total)
        if not part.completes:
            upload.parts += 1
            added, gap = await self._add(upload, message, part)
        order = _in_order(upload, numbered=part.numbered)
        size = sum(length for _, length in order)
        last = part.completes or _is_last(upload, part, size)
        if gap is None and not _without_hole(upload, part, size, last=last):
            gap = _gap("partial", "parts of the upload before this one were not seen")
        joined = Joined(UploadState(part.protocol, upload.parts, size, upload.released), upload, added, gap=gap)
        if not order or not _due(upload, part, size, last=last):
            return joined
        try:
            path = await _run(lambda: self._as_one(upload, order, size))
        except SpoolFullError:
            return replace(joined, gap=_gap("too-large", "no room to put the upload together"))
        upload.looked_at = size
        whole = replace(message, target="/", headers=(), body=b"", body_file=path, body_file_bytes=size, gaps=())
        return replace(joined, message=whole)

    def created(self, uid: str, site: str, path: str) -> None:
        """Say under which name the destination will know the upload that the message `uid` created."""
        key = self._created.pop(uid, None)
        if key is not None:
            rename(self._spool.folder, key, (key[0], site, key[2], path))

    def close(self) -> None:
        """Forget every upload, unless there are other processes that go on with them."""
        self._spool.close()

    def _creation(self, message: Message) -> UploadPart | None:
        part = creation_of(message) if message.channel == "http" else None
        if part is None:
            return None
        part = replace(part, upload=f"created by {message.uid}")
        self._created[message.uid] = _key(message, part)
        while len(self._created) > MOST:
            self._created.popitem(last=False)
        return part

    async def _forget_old(self, now: float) -> None:
        if abs(now - self._looked) >= _LOOK_SECONDS:
            self._looked = now
            await _run(lambda: forget_old(self._spool.folder, now - IDLE_SECONDS, MOST))

    async def _add(self, upload: Upload, message: Message, part: UploadPart) -> tuple[int, Gap | None]:
        if message.gaps:
            return 0, None  # what could not be taken in is a gap already
        try:
            return await _run(lambda: self._write(upload, message, part)), None
        except SpoolFullError:
            return 0, _gap("too-large", "no room to put the upload together")

    def _write(self, upload: Upload, message: Message, part: UploadPart) -> int:
        place = upload.size if part.numbered else part.position
        if place + message.size > self._limit:
            raise SpoolFullError
        self._room_for(message.size)
        descriptor = os.open(upload.body, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            file.seek(place)
            for content in _content(message, part):
                file.write(content)
            size = file.tell() - place
        upload.size = max(upload.size, place + size)
        upload.pieces[part.position] = (place, size)
        return size

    def _as_one(self, upload: Upload, order: list[tuple[int, int]], size: int) -> str:
        """Return a file that holds the pieces one behind the other: the upload's own, where they lie so already."""
        if order[0][0] == 0 and all(start + length == after for (start, length), (after, _) in pairwise(order)):
            return str(upload.body)
        self._room_for(size - (upload.in_order.stat().st_size if upload.in_order.exists() else 0))
        descriptor = os.open(upload.in_order, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with upload.body.open("rb") as source, os.fdopen(descriptor, "wb") as target:
            for start, length in order:
                source.seek(start)
                target.write(source.read(length))
        return str(upload.in_order)

    def _room_for(self, count: int) -> None:
        if self._spool.used + bytes_in(self._spool.folder) + count > self._spool.quota:
            raise SpoolFullError


def _key(message: Message, part: UploadPart) -> tuple[str, str, str, str]:
    return message.principal.user, message.destination.site, part.protocol, part.upload


def _in_order(upload: Upload, *, numbered: bool) -> list[tuple[int, int]]:
    """Return where the pieces without a hole from the start on lie, in the upload's order."""
    positions = sorted(upload.pieces)
    if numbered:
        if not positions or positions[0] > 1:
            return []
        return [upload.pieces[position] for count, position in enumerate(positions, positions[0]) if position == count]
    end = 0
    for position in positions:
        if position > end:
            break
        end = max(end, position + upload.pieces[position][1])
    return [(0, end)] if end else []


def _is_last(upload: Upload, part: UploadPart, size: int) -> bool:
    if part.total is None:
        return False
    return len(upload.pieces) >= part.total if part.numbered else size >= part.total


def _without_hole(upload: Upload, part: UploadPart, size: int, *, last: bool) -> bool:
    """Tell whether nothing is missing that should be here by now; parts with numbers may overtake each other."""
    if part.numbered:
        return not last or len(_in_order(upload, numbered=True)) == len(upload.pieces) > 0
    return size >= part.position


def _due(upload: Upload, part: UploadPart, size: int, *, last: bool) -> bool:
    if len(upload.pieces) == 1 and not part.completes:
        return False  # the part is the upload so far
    if part.completes:
        return True  # also when it was stopped before: what completes it must be stopped too
    if size <= upload.looked_at:
        return False
    return last or size <= _EVERY_PART or size >= upload.looked_at * _GROWTH


def _content(message: Message, part: UploadPart) -> Iterator[bytes]:
    """Yield what of the request belongs to the upload."""
    coded = "aws-chunked" in message.header("Content-Encoding").lower()
    if not message.body_file or part.span:
        message = _in_memory(message)
        content = message.body[slice(*part.span)] if part.span else message.body
        yield unchunk(content)[0] if coded else content
        return
    with Path(message.body_file).open("rb") as held:
        if coded:
            yield unchunk(held.read())[0]
            return
        while piece := held.read(_PIECE):
            yield piece


async def _with_form(message: Message) -> Message:
    """Return a held form with its content: which chunk it is stands in it."""
    is_form = "multipart/form-data" in message.header("Content-Type").lower()
    if not message.body_file or not is_form or message.size > _LARGEST_FORM:
        return message
    return await _run(lambda: _in_memory(message))


def _in_memory(message: Message) -> Message:
    return replace(message, body=Path(message.body_file).read_bytes()) if message.body_file else message


def _gap(reason: GapReason, detail: str) -> Gap:
    return Gap(reason, Location("body"), detail)


async def _run[Answer](work: Callable[[], Answer]) -> Answer:
    return await asyncio.get_running_loop().run_in_executor(_DISK, work)
