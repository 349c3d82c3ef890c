"""Where the uploads under way are kept, so that every process of an installation finds the parts that others took.

Each upload is a folder of the spool with what is known of it as JSON, its bytes, and the sizes of what was let go. Who
adds to it holds a lock on the folder; the kernel lets go of the lock of a process that dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

PREFIX: Final = "upload-"
_WAIT_SECONDS: Final = 0.005
_STATE, _BODY, _IN_ORDER, _RELEASED = "state.json", "body", "in-order", "released"


@dataclass(slots=True)
class Upload:
    """What is known of an upload.

    Attributes:
        folder: where it is kept.
        looked_at: bytes when it was last looked at as one.
        total: bytes or parts, as parts or the creation said it.
        size: bytes of the file.
        pieces: position -> where it lies in the file, and how long it is.
        released: bytes that were let go.
    """

    folder: Path
    parts: int = 0
    looked_at: int = 0
    total: int | None = None
    size: int = 0
    pieces: dict[int, tuple[int, int]] = field(default_factory=dict)
    released: int = 0

    @property
    def body(self) -> Path:
        return self.folder / _BODY

    @property
    def in_order(self) -> Path:
        return self.folder / _IN_ORDER

    def passed(self, size: int) -> None:
        """Add to what was let go. Nobody need hold the upload: what is added at the end of a file is added whole."""
        with contextlib.suppress(OSError), (self.folder / _RELEASED).open("ab", buffering=0) as file:
            file.write(b"%d\n" % size)

    def keep(self, heard: float) -> None:
        """Keep what is known for whoever takes the next part.

        Raises:
            OSError: the disk said no.
        """
        known = asdict(self)
        del known["folder"], known["released"]
        known["pieces"] = [[position, *place] for position, place in self.pieces.items()]
        path = self.folder / _STATE
        path.with_suffix(".new").write_text(json.dumps(known), encoding="ascii")
        path.with_suffix(".new").replace(path)
        os.utime(path, (heard, heard))


@contextlib.asynccontextmanager
async def held(spool: Path, key: tuple[str, ...]) -> AsyncIterator[Upload]:
    """Yield the upload of a key, new where there is none, while nobody else can change it."""
    folder = folder_of(spool, key)
    while (lock := _try(folder)) is None:  # noqa: ASYNC110 - who has it may be another process
        await asyncio.sleep(_WAIT_SECONDS)
    try:
        yield _known(folder)
    finally:
        os.close(lock)


def folder_of(spool: Path, key: tuple[str, ...]) -> Path:
    return spool / (PREFIX + hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32])


def rename(spool: Path, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Keep an upload under another key."""
    with contextlib.suppress(OSError):  # it was forgotten, or is known under that key already
        folder_of(spool, old).rename(folder_of(spool, new))


def forget_old(spool: Path, before: float, most: int) -> None:
    """Forget uploads of which nothing was heard since `before`, and those beyond the newest `most`."""
    ages: list[tuple[float, Path]] = []
    for folder in folders(spool):
        with contextlib.suppress(OSError):  # it is being made, or forgotten by another process
            ages.append(((folder / _STATE).stat().st_mtime, folder))
    ages.sort(reverse=True)
    for place, (heard, folder) in enumerate(ages):
        if heard < before or place >= most:
            lock = _try(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def folders(spool: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError):
        yield from (Path(one.path) for one in os.scandir(spool) if one.name.startswith(PREFIX))


def bytes_in(spool: Path) -> int:
    """Return the bytes that all uploads take on disk."""
    count = 0
    for folder in folders(spool):
        for name in (_BODY, _IN_ORDER):
            with contextlib.suppress(OSError):
                count += (folder / name).stat().st_blocks * 512
    return count


def _try(folder: Path) -> int | None:
    """Return a lock on an upload's folder, which is made; None when somebody else has it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), folder.stat()):
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass  # somebody has it, or it was forgotten or renamed meanwhile
    os.close(lock)
    return None


def _known(folder: Path) -> Upload:
    try:
        known = json.loads((folder / _STATE).read_text(encoding="ascii"))
    except FileNotFoundError:
        return Upload(folder)
    pieces = {position: (start, length) for position, start, length in known.pop("pieces")}
    try:
        released = sum(map(int, (folder / _RELEASED).read_bytes().split()))
    except FileNotFoundError:
        released = 0
    return Upload(folder, pieces=pieces, released=released, **known)
