"""7z archives by py7zr, for what libarchive does not read; members go to memory, and bytes are counted as they come."""

from __future__ import annotations

import io
import lzma
from collections.abc import Generator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.libraries import library
from dlp_proxy.unpack.naming import step

_BROKEN: Final = (
    ValueError,
    OSError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    AssertionError,
    lzma.LZMAError,
)


def unpacked(content: Content, meter: Meter) -> Generator[Part | Gap | Content, None, bool]:
    """Yield names and contents of the members. Return whether all of it was read."""
    try:
        py7zr = library("py7zr")
    except ImportError:
        return False
    members: dict[str, _Member] = {}
    reached: list[Exhausted] = []
    names: list[str] = []
    whole = True
    try:
        with py7zr.SevenZipFile(io.BytesIO(content.data)) as archive:
            names = archive.getnames()
            archive.extractall(factory=_Factory(members, meter, reached))
    except py7zr.exceptions.PasswordRequired:
        yield Gap("encrypted", content.location, "locked with a password")
    except Exhausted:
        pass
    except (py7zr.exceptions.ArchiveError, py7zr.exceptions.AbsolutePathError, *_BROKEN):
        whole = False
    for name in names:
        meter.budget.spend_member()
        yield Part(Location("filename", content.location.steps), name)
    for name, member in members.items():
        yield Content(bytes(member.data), content.location / step(name), name)
    if reached:
        raise reached[0]
    return whole


def names(content: Content) -> list[str]:
    """Return the names of the members of an archive that is locked, when they are not."""
    try:
        with library("py7zr").SevenZipFile(io.BytesIO(content.data)) as archive:
            return [str(name) for name in archive.getnames()]
    except Exception:  # noqa: BLE001 - there is a gap already; this would only have told more
        return []


class _Member:
    """A member on its way to memory: what py7zr calls a Py7zIO."""

    def __init__(self, meter: Meter, reached: list[Exhausted]) -> None:
        self.data = bytearray()
        self._meter, self._reached = meter, reached

    def write(self, piece: bytes) -> int:
        room = self._meter.room
        self.data += piece[:room]
        self._meter.charge(min(len(piece), room), packed=True)
        if len(piece) > room:
            self._reached.append(self._meter.overrun())
            raise self._reached[-1]
        return len(piece)

    def read(self, size: int | None = None) -> bytes:
        return bytes(self.data[:size])

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        pass

    def size(self) -> int:
        return len(self.data)

    def close(self) -> None:
        pass


class _Factory:
    """Makes members: what py7zr calls a WriterFactory."""

    def __init__(self, members: dict[str, _Member], meter: Meter, reached: list[Exhausted]) -> None:
        self._members, self._meter, self._reached = members, meter, reached

    def create(self, filename: str) -> Any:  # noqa: ANN401 - as py7zr calls it
        self._members[filename] = _Member(self._meter, self._reached)
        return self._members[filename]
