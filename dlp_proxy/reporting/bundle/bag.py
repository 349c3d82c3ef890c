"""A folder by BagIt (RFC 8493) under a signature, and never half of one.

It is written under another name and put on disk; then the log says that it was given out, then it is signed, and then
renamed: whoever is killed in between leaves a folder that has not the name that was asked for, and no signature or one
that the log knows of.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.evidence.timestamp import query_of
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import sync_folder

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS: Final = ("sha256", "sm3")
"""SHA-256 for everybody, SM3 (GB/T 32905) for a court in China; both over every file."""

TAGS: Final = "tagmanifest-sha256.txt"
SIGNATURE: Final = "sig/tagmanifest.ed25519"
PUBLIC: Final = "sig/pub.pem"
QUERY: Final = "sig/tagmanifest.tsq"
"""What a time stamp authority is to be sent (RFC 3161). No manifest lists it: it is about the manifests."""
REPLY: Final = "sig/tagmanifest.tsr"
"""Where its answer is kept, once there is one."""
PAYLOAD: Final = "data/"
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sums:
    """A file's size and its digests in hexadecimal."""

    size: int
    sha256: str
    sm3: str


type Content = bytes | Path
"""What goes into a file: its bytes, or a file to be copied."""


def sums_of(content: Content) -> Sums:
    return _each(content, lambda _: None)


def _each(content: Content, take: Callable[[bytes], object]) -> Sums:
    """Give a content away piece by piece, and return its sums: what is written is what was summed."""
    hashes = [hashlib.new(one) for one in ALGORITHMS]
    size = 0
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            take(piece)
            for one in hashes:
                one.update(piece)
    return Sums(size, hashes[0].hexdigest(), hashes[1].hexdigest())


def write_bag(
    target: Path,
    payload: Mapping[str, Content],
    tags: Mapping[str, bytes],
    signer: Signer,
    *,
    at: int,
    before_it_is_there: Callable[[str], None],
) -> str:
    """Write a bag and return the SHA-256 of its tag manifest, which stands for all of it.

    Args:
        payload: path below ``data/`` -> content.
        tags: path beside it -> content; manifests, declaration and keys are added.
        at: the time that all files get, in milliseconds since the epoch, so that equal bags are equal archives too.
        before_it_is_there: called with that digest when all but the signature is on disk: nobody believes it yet.

    Raises:
        StoreError: it is there already, or cannot be written; then nothing of that name is.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} is there already: a bundle is never written over")
    waiting = target.with_name(f".{target.name}.{secrets.token_hex(4)}.unfinished")
    try:
        waiting.mkdir(mode=0o700, parents=True)
        listed = _fill(waiting, payload, tags, signer)
        digest = hashlib.sha256(listed).hexdigest()
        before_it_is_there(digest)
        _sign(waiting, listed, signer)
        _date(waiting, at)
        waiting.rename(target)
        sync_folder(target.absolute().parent)
    except OSError as error:
        raise StoreError(f"cannot write the bundle {target}: {error}") from error
    finally:
        if waiting.exists():
            shutil.rmtree(waiting, ignore_errors=True)
    return digest


def _fill(folder: Path, payload: Mapping[str, Content], tags: Mapping[str, bytes], signer: Signer) -> bytes:
    """Write all but the signature and return the tag manifest, which stands for all of it."""
    sums: dict[str, Sums] = {}
    for name in sorted(payload):
        path = PAYLOAD + unicodedata.normalize("NFC", name)
        sums[path] = _write(folder / path, payload[name])
    total = sum(one.size for one in sums.values())
    beside = {
        **tags,
        "bagit.txt": DECLARATION,
        "bag-info.txt": tags["bag-info.txt"] + f"Payload-Oxum: {total}.{len(sums)}\n".encode(),
        PUBLIC: signer.verifier.pem,
        "manifest-sha256.txt": manifest((one.sha256, path) for path, one in sums.items()),
        "manifest-sm3.txt": manifest((one.sm3, path) for path, one in sums.items()),
    }
    listed = manifest((_write(folder / name, beside[name]).sha256, name) for name in sorted(beside))
    _write(folder / TAGS, listed)
    _write(folder / QUERY, query_of(listed))
    for below in sorted(path for path in folder.rglob("*") if path.is_dir()):
        sync_folder(below)
    sync_folder(folder)
    return listed


def _sign(folder: Path, listed: bytes, signer: Signer) -> None:
    _write(folder / SIGNATURE, Ed25519PrivateKey.from_private_bytes(signer.secret).sign(listed))
    sync_folder((folder / SIGNATURE).parent)


def manifest(lines: Iterable[tuple[str, str]]) -> bytes:
    """Return lines of digest and path, in order of path, as ``sha256sum -c`` reads them."""
    return "".join(f"{digest}  {path}\n" for digest, path in sorted(lines, key=lambda one: one[1])).encode()


def _write(path: Path, content: Content) -> Sums:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        sums = _each(content, file.write)
        file.flush()
        os.fsync(file.fileno())
    return sums


def _date(folder: Path, at: int) -> None:
    seconds = at // 1000
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (seconds, seconds))
    os.utime(folder, (seconds, seconds))
