"""Indexes of values that exist, for exact data match: is this number a customer's of ours?

An index holds 8 bytes for each value, the keyed BLAKE2b (RFC 7693) of its kind and its normalised form, sorted. Without
the key, which lies apart from it, an index tells nothing; but who holds both can try all telephone numbers.
With ten million values the chance that another value is taken for one of them is 5 in 10^13 a look-up.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from dlp_proxy.stores.ports import StoreError

SUFFIX: Final = ".known"
_HEAD: Final = 4096  # bytes before the values: what the index says of itself
_SHAPE: Final = 1
_BATCH: Final = 1_000_000

type Value = tuple[str, str]
"""(kind, normalised form), as a finding's fingerprint is made of."""


@dataclass(frozen=True, slots=True)
class Description:
    """What an index says of itself.

    Attributes:
        values: different values in it.
        columns: column it was made from -> detector that normalised it.
        skipped: column -> cells that the detector did not take for such a value.
        built: when, in seconds since the epoch, UTC.
        key: tells which key it was made with, and nothing about it.
    """

    values: int
    columns: dict[str, str]
    skipped: dict[str, int]
    built: float
    key: str


class KnownValues:
    """One index, mapped into memory: all processes of a machine share its pages."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open an index.

        Raises:
            StoreError: there is none, it is damaged, or it was made with another key.
        """
        self.about = describe(path)
        if self.about.key != key_name(key):
            raise StoreError(f"the index {path} was made with another key: build it again, or bring its key back")
        self._hash = hashlib.blake2b(key=key, digest_size=8)
        shape = (self.about.values,)
        try:
            self._sorted: npt.NDArray[np.uint64] = (
                np.memmap(path, dtype="<u8", mode="r", offset=_HEAD, shape=shape)
                if self.about.values
                else np.empty(0, "<u8")
            )
        except (OSError, ValueError) as error:
            raise StoreError(f"the index {path} is damaged: build it again") from error

    def holds(self, values: Sequence[Value]) -> list[bool]:
        """Tell of each value whether it is in the index."""
        if not values or not len(self._sorted):
            return [False] * len(values)
        hashes = np.frombuffer(b"".join(_hashed(self._hash, value) for value in values), "<u8")
        places = np.searchsorted(self._sorted, hashes)
        places[places == len(self._sorted)] = 0
        found: list[bool] = (self._sorted[places] == hashes).tolist()
        return found


@dataclass(frozen=True, slots=True)
class Indexes:
    """The indexes of an installation as they were when they were looked for: another `stamp` is another index.

    Attributes:
        stamps: name -> when its file was written, in nanoseconds.
    """

    folder: Path
    key: bytes = field(repr=False)
    stamps: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, folder: Path, key: bytes) -> Self:
        """Look which indexes there are."""
        found = sorted(folder.glob(f"*{SUFFIX}"))
        return cls(folder, key, tuple((path.stem, path.stat().st_mtime_ns) for path in found))

    def opened(self, names: Iterable[str]) -> dict[str, KnownValues]:
        """Open those that are asked for.

        Raises:
            StoreError: one is missing, damaged, or made with another key.
        """
        return {name: KnownValues(self.folder / f"{name}{SUFFIX}", self.key) for name in sorted(names)}


def describe(path: Path) -> Description:
    """Read what an index says of itself.

    Raises:
        StoreError: there is none, or it is damaged.
    """
    try:
        with path.open("rb") as file:
            head = json.loads(file.read(_HEAD).rstrip(b"\0"))
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise StoreError(f"there is no index at {path}: make it with `dlp-proxy index build`") from error
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read the index {path}: build it again") from error
    if head.pop("shape", 0) != _SHAPE or size != _HEAD + 8 * head.get("values", -1):
        raise StoreError(f"the index {path} is cut or of another version: build it again")
    return Description(**head)


def key_name(key: bytes) -> str:
    """Return a name of a key from which it cannot be told."""
    return hashlib.blake2b(b"name of the key", key=key, digest_size=8).hexdigest()


class IndexWriter:
    """Takes in values, then writes the index in one step: whoever reads meanwhile sees the old one or the new one."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._hash = hashlib.blake2b(key=key, digest_size=8)
        self._batches: list[npt.NDArray[np.uint64]] = []
        self._waiting = bytearray()

    def add(self, values: Iterable[Value]) -> None:
        for value in values:
            self._waiting += _hashed(self._hash, value)
        if len(self._waiting) >= 8 * _BATCH:
            self._settle()

    def finish(self, columns: dict[str, str], skipped: dict[str, int], now: float) -> Description:
        """Write the index and return what it says of itself.

        Raises:
            StoreError: it cannot be written; an index that was there stays.
        """
        self._settle()
        every = np.concatenate(self._batches) if self._batches else np.empty(0, "<u8")
        every = _distinct(every)
        about = Description(len(every), columns, skipped, now, key_name(self._key))
        head: dict[str, Any] = {"shape": _SHAPE, **asdict(about)}
        said = json.dumps(head, ensure_ascii=False).encode()
        if len(said) > _HEAD:
            raise StoreError("too many columns, or names too long, for one index: build several")
        waiting = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(said.ljust(_HEAD, b"\0"))
                every.astype("<u8", copy=False).tofile(file)
                file.flush()
                os.fsync(file.fileno())
            waiting.replace(self._path)
        except OSError as error:
            waiting.unlink(missing_ok=True)
            raise StoreError(f"cannot write the index {self._path}: {error}") from error
        return about

    def _settle(self) -> None:
        if self._waiting:
            self._batches.append(_distinct(np.frombuffer(bytes(self._waiting), "<u8").copy()))
            self._waiting.clear()


def _distinct(some: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Sort in place and drop what is there twice; `numpy.unique` takes many times as long."""
    some.sort()
    return some[np.concatenate(([True], some[1:] != some[:-1]))] if len(some) else some


def _hashed(keyed: Any, value: Value) -> bytes:  # noqa: ANN401 - hashlib has no name for it
    one = keyed.copy()
    one.update(f"{value[0]}\0{value[1]}".encode(errors="surrogatepass"))
    digest: bytes = one.digest()
    return digest
