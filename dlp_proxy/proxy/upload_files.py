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
_FORGOTTEN: Final = "forgotten-uploads"
_FORGOTTEN_BYTES: Final = 4 * 1024 * 1024
_WAIT_SECONDS: Final = 0.005
_STATE, _BODY, _IN_ORDER, _RELEASED = "state.json", "body", "in-order", "released"
_FIRST, _OTHER_ORDER, _STOPPED = "first", "other-order", "stopped"


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
        family: digest of whose it is and by which protocol.
        named: digest of the name that its parts give it.
        firsts: of pieces that came again with other bytes, where the first ones lie in `first`.
    """

    folder: Path
    parts: int = 0
    looked_at: int = 0
    total: int | None = None
    size: int = 0
    pieces: dict[int, tuple[int, int]] = field(default_factory=dict)
    released: int = 0
    family: str = ""
    named: str = ""
    firsts: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def first(self) -> Path:
        """Return where bytes are kept that others came in place of."""
        return self.folder / _FIRST

    @property
    def other_order(self) -> Path:
        return self.folder / _OTHER_ORDER

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

    def stop(self) -> None:
        """Note that a part was stopped: what begins under the same name from here on is another upload."""
        with contextlib.suppress(OSError):
            (self.folder / _STOPPED).touch(0o600)

    @property
    def stopped(self) -> bool:
        return (self.folder / _STOPPED).exists()

    def drop_stopped(self) -> None:
        """Forget the part that was stopped: what is appended next comes in its place, for the destination lacks it."""
        if not self.stopped or not self.pieces:
            return
        _, (self.size, _) = self.pieces.popitem()
        self.looked_at = min(self.looked_at, self.size)
        os.truncate(self.body, self.size)
        (self.folder / _STOPPED).unlink(missing_ok=True)

    def begin_anew(self) -> None:
        """Forget what is known and kept of it."""
        for name in (_BODY, _IN_ORDER, _FIRST, _OTHER_ORDER, _RELEASED, _STOPPED):
            (self.folder / name).unlink(missing_ok=True)
        self.parts = self.looked_at = self.size = self.released = 0
        self.pieces, self.firsts = {}, {}

    def keep(self, heard: float) -> None:
        """Keep what is known for whoever takes the next part.

        Raises:
            OSError: the disk said no.
        """
        known = asdict(self)
        del known["folder"], known["released"]
        for name, some in (("pieces", self.pieces), ("firsts", self.firsts)):
            known[name] = [[position, *place] for position, place in some.items()]
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
    return spool / (PREFIX + digest(*key))


def digest(*words: str) -> str:
    """Return what names are known by: on disk stands none of them."""
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:32]


def rename(spool: Path, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Keep an upload under another key; what was kept under that one was another."""
    if folder_of(spool, old).exists():
        shutil.rmtree(folder_of(spool, new), ignore_errors=True)
    with contextlib.suppress(OSError):  # it was forgotten
        folder_of(spool, old).rename(folder_of(spool, new))


def adopt(spool: Path, key: tuple[str, ...], *, family: str, named: str, begins: int, total: int | None) -> None:
    """Have an upload that is not known under a key go on with one of the same family.

    Args:
        named: the name that its parts give it: the same is the same, at whatever host.
        begins: bytes that one of another name must have to be gone on with, and its total no other one; 0 for none.
    """
    if (folder_of(spool, key) / _STATE).exists():
        return
    for folder in list(folders(spool)):
        try:
            one = _known(folder)
        except (OSError, ValueError):
            continue  # it is being made, or forgotten
        follows = begins and one.size == begins and (total is None or one.total in {None, total})
        if one.family == family and (one.named == named or follows):
            with contextlib.suppress(OSError):
                folder.rename(folder_of(spool, key))
            return


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
                if heard >= before:
                    _remember(spool, folder.name)
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _remember(spool: Path, name: str) -> None:
    """Note that an upload was forgotten because of others: of it nobody may say later that it was never seen."""
    path = spool / _FORGOTTEN
    with contextlib.suppress(OSError):
        if path.exists() and path.stat().st_size > _FORGOTTEN_BYTES:
            kept = path.read_bytes()[-_FORGOTTEN_BYTES // 2 :]
            path.write_bytes(kept[kept.find(b"\n") + 1 :])
        with path.open("ab", buffering=0) as file:
            file.write(name.encode() + b"\n")


def was_forgotten(spool: Path, key: tuple[str, ...]) -> bool:
    """Tell whether an upload was forgotten because there were too many."""
    try:
        return folder_of(spool, key).name.encode() + b"\n" in (spool / _FORGOTTEN).read_bytes()
    except OSError:
        return False


def folders(spool: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError):
        yield from (Path(one.path) for one in os.scandir(spool) if one.name.startswith(PREFIX))


def bytes_in(spool: Path) -> int:
    """Return the bytes that all uploads take on disk."""
    count = 0
    for folder in folders(spool):
        for name in (_BODY, _IN_ORDER, _FIRST, _OTHER_ORDER):
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
    pieces, firsts = (
        {position: (start, length) for position, start, length in known.pop(name, ())} for name in ("pieces", "firsts")
    )
    try:
        released = sum(map(int, (folder / _RELEASED).read_bytes().split()))
    except FileNotFoundError:
        released = 0
    return Upload(folder, pieces=pieces, firsts=firsts, released=released, **known)
