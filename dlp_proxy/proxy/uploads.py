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
import shutil
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from dlp_proxy.model.finding import Gap, GapReason
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart, UploadState
from dlp_proxy.proxy.sessions import Listener
from dlp_proxy.proxy.spool import SpoolFolder, SpoolFullError
from dlp_proxy.proxy.upload_content import bare, content_of, tells_inside
from dlp_proxy.proxy.upload_files import (
    Upload,
    adopt,
    bytes_in,
    digest,
    folder_of,
    forget_old,
    held,
    rename,
    was_forgotten,
)
from dlp_proxy.proxy.upload_order import due, in_order, is_another, is_last, is_whole, positions_of, without_hole
from dlp_proxy.unpack.uploads.offsets import started_by
from dlp_proxy.unpack.uploads.registry import part_of
from dlp_proxy.unpack.uploads.tus import creation_of

MOST: Final = 4096
"""Uploads that are followed at once; the one that waited longest is forgotten first."""

IDLE_SECONDS: Final = 6 * 3600.0
"""An upload of which nothing was heard for so long is forgotten."""

_LOOK_SECONDS: Final = 60.0
_PIECE: Final = 1024 * 1024
_SURE_NAME: Final = 16
"""Characters from which a name is one that a destination made up: nobody else's is the same."""
_DISK: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="uploads")

type _Key = tuple[str, str, str, str]
"""Whose an upload is, at which site, by which protocol, and its name."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What is known of an upload when one of its parts is judged.

    Attributes:
        state: for the event.
        message: the upload so far as one message; None when it need not be looked at now.
        gap: why the upload cannot be judged whole; None when it can.
        otherwise: the same with the first of what came twice, and differed; None where nothing did.
    """

    state: UploadState
    upload: Upload
    size: int
    message: Message | None = None
    gap: Gap | None = None
    otherwise: Message | None = None

    def passed(self) -> None:
        """Say that the part was let go."""
        self.upload.passed(self.size)

    def stopped(self) -> None:
        """Say that the part was not let go."""
        self.upload.stop()


class Uploads:
    """The uploads under way, in all processes that share the spool. One event loop uses it.

    Args:
        limit: bytes of one upload that are put together.
    """

    def __init__(self, spool: SpoolFolder, limit: int) -> None:
        self._spool = spool
        self._limit = limit
        self._looked = 0.0
        self._created: OrderedDict[str, _Key] = OrderedDict()
        """Messages that create an upload whose name is not known before the answer."""
        self._started: OrderedDict[str, _Key] = OrderedDict()
        """Messages that start one whose name stands within the answer."""

    async def join(self, message: Message) -> Joined | None:
        """Add a message's content to its upload; None for a message that is whole.

        Raises:
            OSError: the disk said no.
        """
        if tells_inside(message):
            message = await _run(lambda: bare(message))
        part = part_of(message)
        if part is None:
            part = self._creation(message)
        if part is None:
            return None
        if part.upload == started_by(message):
            self._remember(self._started, message.uid, _key(message, part))
        if message.header("Content-Encoding"):
            message = await _run(lambda: bare(message))
        await self._forget_old(message.time)
        family, named = digest(message.principal.user, part.protocol), digest(part.upload)
        await self._adopt(message, part, family, named)
        async with held(self._spool.folder, _key(message, part)) as upload:
            upload.family, upload.named = family, named
            joined = await self._join(upload, message, part)
            upload.keep(message.time)
            return joined

    async def _adopt(self, message: Message, part: UploadPart, family: str, named: str) -> None:
        """Have a part that begins nothing go on with what it may belong to: what names an upload is the sender's."""
        begins = 0 if part.numbered else part.position
        goes_on = part.position > 1 if part.numbered else part.position > 0
        sure = named if len(part.upload) >= _SURE_NAME else ""
        if part.whole_of or not (goes_on or part.completes):
            return
        folder, key = self._spool.folder, _key(message, part)
        if not await _run(lambda: was_forgotten(folder, key)):
            await _run(lambda: adopt(folder, key, family=family, named=sure, begins=begins, total=part.total))

    async def _join(self, upload: Upload, message: Message, part: UploadPart) -> Joined:
        if part.whole_of:
            return await self._put_together(upload, message, part)
        added, gap = 0, None
        if part.appends:
            upload.drop_stopped()
            part = replace(part, position=0 if is_whole(upload, part) else upload.size)
        if is_another(upload, part):
            upload.begin_anew()
        upload.total = part.total if part.total is not None else upload.total
        part = replace(part, total=upload.total)
        if not part.completes:
            upload.parts += 1
            added, gap = await self._add(upload, message, part)
        if part.ends or (part.completes and not part.numbered):
            upload.total = upload.size
        order = in_order(upload, part)
        size = sum(length for _, length in order)
        last = part.completes or part.ends or is_last(upload, part, size)
        if gap is None and not without_hole(upload, part, size, last=last):
            gap = await self._not_seen(message, part)
        joined = Joined(UploadState(part.protocol, upload.parts, size, upload.released), upload, added, gap=gap)
        if not order or not due(upload, part, size, last=last):
            return joined
        try:
            path = await _run(lambda: self._as_one(upload, order, size))
            other = await _run(lambda: self._otherwise(upload, part, size)) if upload.firsts else None
        except SpoolFullError:
            return replace(joined, gap=_gap("too-large", "no room to put the upload together"))
        upload.looked_at = size
        return replace(joined, message=_whole(message, path, size), otherwise=other and _whole(message, *other))

    async def _not_seen(self, message: Message, part: UploadPart) -> Gap:
        """Return why parts are missing: others push an upload out only where somebody has thousands under way."""
        folder, key = self._spool.folder, _key(message, part)
        if await _run(lambda: was_forgotten(folder, key)):
            return _gap("too-large", "too many uploads were under way to keep what came of this one")
        return _gap("partial", "parts of the upload before this one were not seen")

    async def _put_together(self, upload: Upload, message: Message, part: UploadPart) -> Joined:
        """Return uploads that the request says are one."""
        keys = [_key(message, replace(part, upload=name)) for name in part.whole_of]
        try:
            size, seen = await _run(lambda: self._concatenate(upload, keys))
        except SpoolFullError:
            return Joined(UploadState(part.protocol, 0, 0, 0), upload, 0, gap=_gap("too-large", "no room for it"))
        gap = None if seen == len(keys) else _gap("partial", "uploads that it is made of were not seen")
        state = UploadState(part.protocol, len(keys), size, size)
        return Joined(state, upload, 0, _whole(message, str(upload.in_order), size) if size else None, gap)

    def _concatenate(self, upload: Upload, keys: list[tuple[str, str, str, str]]) -> tuple[int, int]:
        """Write what is there of uploads one behind the other; return the bytes, and how many are there."""
        bodies = [path for key in keys if (path := Upload(folder_of(self._spool.folder, key)).body).exists()]
        self._room_for(sum(path.stat().st_size for path in bodies))
        descriptor = os.open(upload.in_order, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            for path in bodies:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, target, _PIECE)
            return target.tell(), len(bodies)

    def created(self, uid: str, site: str, path: str) -> None:
        """Say under which name the destination will know the upload that the message `uid` created."""
        key = self._created.pop(uid, None)
        if key is not None:
            rename(self._spool.folder, key, (key[0], site, key[2], path))

    def listener(self, uid: str, codings: str) -> Listener | None:
        """Return what is to hear the answer to the message `uid`; None where it names no upload."""
        key = self._started.pop(uid, None)
        if key is None:
            return None
        return Listener(codings, lambda name: rename(self._spool.folder, key, (*key[:3], name)))

    def close(self) -> None:
        """Forget every upload, unless there are other processes that go on with them."""
        self._spool.close()

    def _creation(self, message: Message) -> UploadPart | None:
        part = creation_of(message) if message.channel == "http" else None
        if part is None:
            return None
        part = replace(part, upload=f"created by {message.uid}")
        self._remember(self._created, message.uid, _key(message, part))
        return part

    @staticmethod
    def _remember(some: OrderedDict[str, _Key], uid: str, key: _Key) -> None:
        some[uid] = key
        while len(some) > MOST:
            some.popitem(last=False)

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
        self._keep_first(upload, message, part, place)
        descriptor = os.open(upload.body, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            file.seek(place)
            for content in content_of(message, part):
                file.write(content)
            size = file.tell() - place
        upload.size = max(upload.size, place + size)
        upload.pieces[part.position] = (place, size)
        return size

    def _keep_first(self, upload: Upload, message: Message, part: UploadPart, place: int) -> None:
        """Keep what is there already where other bytes come in its place: the destination may keep either."""
        if part.numbered:
            start, length = upload.pieces.get(part.position, (0, 0))
        else:
            start, length = place, min(max(0, upload.size - place), message.size)
        if not length or part.position in upload.firsts:
            return
        with upload.body.open("rb") as body:
            body.seek(start)
            there = body.read(length)
        if b"".join(content_of(message, part))[:length] == there:
            return
        self._room_for(length)
        descriptor = os.open(upload.first, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as first:
            upload.firsts[part.position] = (first.tell(), length)
            first.write(there)

    def _otherwise(self, upload: Upload, part: UploadPart, size: int) -> tuple[str, int]:
        """Return a file, and its size, that holds the first of every piece."""
        self._room_for(size)
        first, body = upload.first.read_bytes(), upload.body
        descriptor = os.open(upload.other_order, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "r+b") as target, body.open("rb") as source:
            if part.numbered:
                for position in positions_of(upload, part):
                    start, length = upload.pieces[position]
                    source.seek(start)
                    kept = upload.firsts.get(position)
                    target.write(first[kept[0] : sum(kept)] if kept else source.read(length))
            else:
                shutil.copyfileobj(source, target, _PIECE)
                for position, (start, length) in upload.firsts.items():
                    target.seek(position)
                    target.write(first[start : start + length])
            return str(upload.other_order), target.seek(0, os.SEEK_END)

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


def _whole(message: Message, path: str, size: int) -> Message:
    return replace(message, target="/", headers=(), body=b"", body_file=path, body_file_bytes=size, gaps=())


def _key(message: Message, part: UploadPart) -> _Key:
    return message.principal.user, message.destination.site, part.protocol, part.upload


def _gap(reason: GapReason, detail: str) -> Gap:
    return Gap(reason, Location("body"), detail)


async def _run[Answer](work: Callable[[], Answer]) -> Answer:
    return await asyncio.get_running_loop().run_in_executor(_DISK, work)
