"""Request bodies while they are held: small ones in memory, the rest in a file that nobody else can read.

A body's file lives as long as the body is held, and goes on every way out: released, blocked, refused, aborted. What a
killed proxy left behind goes when the next one starts. Several processes may share the folder: files in use are locked.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO, Final

IN_MEMORY: Final = 1024 * 1024
"""Bytes of one body that are held in memory; a longer one goes to a file, so many at a time."""

_PREFIX: Final = "body-"
_NO_WAIT: Final = getattr(os, "RWF_NOWAIT", 0)


class SpoolFullError(Exception):
    """The quota of held bodies is used up."""


class SpoolFolder:
    """Where bodies are held, and how many bytes of them there may be at once.

    Attributes:
        folder: private (0700); made when first needed.
        quota: bytes in files over all bodies; what does not fit cannot be inspected, which is a gap.
        used: bytes in files now.
    """

    def __init__(self, folder: Path, quota: int) -> None:
        self.folder = folder
        self.quota = quota
        self.used = 0
        self._lock = threading.Lock()  # bodies are written by several threads
        self._here = -1

    def prepare(self) -> None:
        """Make the folder, and empty it of what earlier proxies left; what others hold that still run stays.

        Raises:
            OSError: it cannot be made or read.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self._here = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        alone = _locks(self._here)
        for left in self.folder.iterdir():
            if left.is_dir() and not left.is_symlink():
                if alone:
                    shutil.rmtree(left)
            elif alone or not _is_held(left):
                left.unlink(missing_ok=True)
        fcntl.flock(self._here, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go of the folder; whoever is the last empties it."""
        if self._here < 0:
            return
        if _locks(self._here):
            for left in self.folder.iterdir():
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink(missing_ok=True)
        os.close(self._here)
        self._here = -1

    def reserve(self, count: int) -> None:
        """Count bytes that are about to be written.

        Raises:
            SpoolFullError: there is no room for them.
        """
        with self._lock:
            if self.used + count > self.quota:
                raise SpoolFullError
            self.used += count

    def give_back(self, count: int) -> None:
        with self._lock:
            self.used -= count


class HeldBody:
    """One body as it comes in. Only `write` and `read` touch the disk: they belong in a thread.

    Attributes:
        path: its file; empty while all of it is in memory.
    """

    def __init__(self, spool: SpoolFolder) -> None:
        self._spool = spool
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._written = 0
        self._file: BinaryIO | None = None
        self._closed = False
        self.path = ""

    def __len__(self) -> int:
        return self._written + self._waiting

    def __iadd__(self, data: bytes) -> HeldBody:  # noqa: PYI034 - mitmproxy's buffers are added to in place
        self._pieces.append(data)
        self._waiting += len(data)
        return self

    def __bytes__(self) -> bytes:
        """Return what is in memory: all of a body that has no file, nothing of one whose file is written."""
        return b"".join(self._pieces)

    @property
    def due(self) -> bool:
        """Tell whether so much waits in memory that `write` must be called."""
        return self._waiting >= IN_MEMORY

    @property
    def on_disk(self) -> bool:
        return bool(self.path)

    def clear(self) -> None:
        """Let go of what is in memory."""
        self._pieces.clear()
        self._waiting = 0

    def write(self) -> None:
        """Bring what waits in memory to the file.

        Raises:
            SpoolFullError: the quota is used up.
            OSError: the disk said no.
        """
        if self._closed or not self._waiting:
            return
        self._spool.reserve(self._waiting)
        try:
            if self._file is None:
                descriptor, self.path = tempfile.mkstemp(prefix=_PREFIX, dir=self._spool.folder)
                self._file = os.fdopen(descriptor, "w+b", buffering=0)
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # says to others that it is in use
            for piece in self._pieces:
                _write_whole(self._file, piece)
        except BaseException:
            self._spool.give_back(self._waiting)
            raise
        self._written += self._waiting
        self.clear()

    def append(self, data: memoryview) -> None:
        """Bring bytes to the file that were never in memory here, behind those that `write` brought there.

        Raises:
            SpoolFullError: the quota is used up.
            OSError: the disk said no, or the body was let go meanwhile.
        """
        if self._closed or self._file is None or self._waiting:
            raise OSError("the body is gone")
        self._spool.reserve(len(data))
        try:
            _write_whole(self._file, data)
        except BaseException:
            self._spool.give_back(len(data))
            raise
        self._written += len(data)

    def read(self, start: int, count: int) -> bytes:
        """Return bytes from `start` on, at most `count`; none at the end.

        Raises:
            OSError: the disk said no, or the body was let go meanwhile.
        """
        if self._closed:
            raise OSError("the body is gone")
        if start < self._written and self._file is not None:
            return os.pread(self._file.fileno(), min(count, self._written - start), start)
        return bytes(self)[start - self._written :][:count]

    def read_at_once(self, start: int, count: int) -> bytearray | None:
        """Return what `read` does when the system has all of it in memory; else None.

        It never waits for the disk (preadv2(2), RWF_NOWAIT), so it may be asked for in the event loop.
        """
        if not _NO_WAIT or self._closed or self._file is None or start >= self._written:
            return None
        held = bytearray(min(count, self._written - start))
        try:
            got = os.preadv(self._file.fileno(), [held], start, _NO_WAIT)
        except OSError:
            return None  # not in memory, or not with this file system: a thread reads it, and tells what is wrong
        return held if got == len(held) else None

    def close(self) -> None:
        """Let go of everything. Doing it twice changes nothing."""
        if self._closed:
            return
        self._closed = True
        self.clear()
        if self._file is not None:
            self._file.close()
            self._file = None
            Path(self.path).unlink(missing_ok=True)
            self._spool.give_back(self._written)


def _locks(descriptor: int) -> bool:
    """Tell whether nobody else holds what is open here; it is held then."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return not _locks(file.fileno())
    except FileNotFoundError:
        return True


def _write_whole(file: BinaryIO, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
