"""Archives and streams by the system's libarchive, from memory to memory; it starts no program and opens no file.

Only one format and at most one filter is switched on at a time: with all of them libarchive would run programs.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.libraries import library
from dlp_proxy.unpack.naming import step

_PIECE: Final = 64 * 1024
_LOCKED: Final = re.compile("(?i)encrypt|passphrase|password")
_KIND, _DIRECTORY = 0o170000, 0o040000


class Unsupported(Exception):  # noqa: N818 - an answer about this system
    """libarchive is not here, or cannot read this format."""


class Reading:
    """One archive being read.

    Attributes:
        members: files that were named.
        locked: of these, the ones that need a password.
        broken: and the ones that could not be read to their end.
        problem: libarchive stopped before the end.
    """

    def __init__(self, content: Content, form: str, meter: Meter, locked: Collection[str] = ()) -> None:
        """Prepare to read; `locked` are names of members that are known to need a password."""
        self.members = 0
        self.locked = 0
        self.broken = 0
        self.problem = False
        self._content, self._form, self._meter, self._known = content, form, meter, locked

    def items(self) -> Iterator[Part | Gap | Content]:
        """Yield names and contents of the members.

        Raises:
            Unsupported: nothing was read.
            Exhausted: a limit was reached; what was unpacked up to there was yielded.
        """
        archive = _library("format", self._form)
        try:
            with archive.memory_reader(self._content.data, self._form, "none", header_codec="utf-8") as entries:
                for entry in entries:
                    yield from self._member(archive, entry)
        except archive.exception.ArchiveError as broken:
            if not _LOCKED.search(str(broken)):
                self.problem = True
                return
            self.locked += 1
            yield Gap("encrypted", self._content.location, "locked with a password, names too or from here on")

    def _member(self, archive: Any, entry: Any) -> Iterator[Part | Gap | Content]:  # noqa: ANN401 - libarchive's types
        self._meter.budget.spend_member()
        self.members += 1
        name, link = _text(entry.pathname), _text(getattr(entry, "linkpath", ""))
        for one in filter(None, (name, link)):
            yield Part(Location("filename", self._content.location.steps), one)
        where = self._content.location / step(name)
        data, problem, reached = _data(entry, self._meter, archive)
        if name in self._known or _is_locked(archive, entry) or _LOCKED.search(problem):
            self.locked += 1
            yield Gap("encrypted", where, "locked with a password")
            yield from strings(Content(data, where))
            problem = ""
        elif data:
            yield Content(data, where, name)
        if reached:
            raise reached
        if problem:
            self.broken += 1
            yield Gap("malformed", where, "the archive's member is broken, or goes on in another volume")


def stream(data: bytes, codec: str, meter: Meter) -> tuple[bytes, bool, Exhausted | None]:
    """Return what a compressed stream holds, whether it was read to its end, and the limit that was reached.

    Raises:
        Unsupported: nothing was read.
    """
    archive = _library("filter", codec)
    made = io.BytesIO()  # a list of pieces would be there twice once joined
    try:
        with archive.memory_reader(data, "raw", codec) as entries:
            for entry in entries:
                if not entries.filter_names:
                    break  # on a closer look it is no such stream, and raw passes all things on
                for piece in entry.get_blocks(_PIECE):
                    made.write(piece[: meter.room])
                    _charge(len(piece), meter)
    except archive.exception.ArchiveError:
        return made.getvalue(), False, None
    except Exhausted as reached:
        return made.getvalue(), False, reached
    return made.getvalue(), made.tell() > 0, None


def _data(entry: Any, meter: Meter, archive: Any) -> tuple[bytes, str, Exhausted | None]:  # noqa: ANN401
    """Return what a member holds, what libarchive says of its end, and the limit that was reached."""
    made = io.BytesIO()  # a list of pieces would be there twice once joined
    if entry.filetype & _KIND == _DIRECTORY:
        return b"", "", None
    try:
        for piece in entry.get_blocks(_PIECE):
            made.write(piece[: meter.room])
            _charge(len(piece), meter)
    except archive.exception.ArchiveError as broken:
        return made.getvalue(), str(broken) or "broken", None
    except Exhausted as reached:
        return made.getvalue(), "", reached
    return made.getvalue(), "", None


def _is_locked(archive: Any, entry: Any) -> bool:  # noqa: ANN401
    asked = archive.ffi.libarchive.archive_entry_is_data_encrypted
    asked.argtypes = [ctypes.c_void_p]
    return bool(asked(entry._entry_p))  # noqa: SLF001 - the wrapper has no name for this


def _charge(size: int, meter: Meter) -> None:
    room = meter.room
    meter.charge(min(size, room), packed=True)
    if size > room:
        raise meter.overrun()


def _text(name: str | bytes | None) -> str:
    return name.decode(errors="replace") if isinstance(name, bytes) else name or ""


def _library(kind: str, name: str) -> Any:  # noqa: ANN401 - a module
    try:
        archive = library("libarchive")
    except ImportError as missing:
        raise Unsupported from missing
    archive.ffi.logger.disabled = True  # its warnings may name files
    try:
        getattr(archive.ffi, f"get_read_{kind}_function")(name)
    except ValueError as missing:
        raise Unsupported from missing
    return archive
