"""Reading a bundle as a sceptic does, file by file: BagIt, with rules that are stricter than BagIt's.

Exactly the files that are listed, each under a name that is a name on every system, no links, nothing to be fetched
from elsewhere, and a signature that is not optional. The first thing that is wrong ends it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dlp_proxy.evidence.checkpoint import public_of
from dlp_proxy.evidence.timestamp import query_of
from dlp_proxy.reporting.bundle.bag import DECLARATION, PAYLOAD, PUBLIC, QUERY, REPLY, SIGNATURE, TAGS, sums_of

_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
_MANIFESTS: Final = ("manifest-sha256.txt", "manifest-sm3.txt")
_TAG_FILES: Final = frozenset(
    {"bagit.txt", "bag-info.txt", PUBLIC, "verify.sh", "README.en.md", "README.zh.md", *_MANIFESTS}
)
_MOST: Final = 64 * 1024 * 1024
"""Bytes of a list: longer ones are not ours."""


class RefusedError(Exception):
    """A bundle that is not believed.

    Attributes:
        file: the first file that is wrong, by its path in the bundle.
        says: one sentence.
    """

    def __init__(self, file: str, says: str) -> None:
        super().__init__(f"{file}: {says}" if file else says)
        self.file = file
        self.says = says


def read_strictly(folder: Path) -> tuple[bytes, int]:
    """Check every file of a bundle and return the public key (32 bytes) that signed it, and how many files there are.

    That the key is the right one is for the caller to tell.

    Raises:
        RefusedError: something is not as it was signed.
    """
    there = _there(folder)
    for name in sorted({*_TAG_FILES, TAGS, SIGNATURE, QUERY} - there):
        raise RefusedError(name, "is not there")
    if (folder / "bagit.txt").read_bytes() != DECLARATION:
        raise RefusedError("bagit.txt", "was changed")
    signed = _small(folder, TAGS)
    public = _key(folder)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_small(folder, SIGNATURE), signed)
    except InvalidSignature as error:
        raise RefusedError(_suspect(folder, signed), "is not what was signed") from error
    if _small(folder, QUERY) != query_of(signed):
        raise RefusedError(QUERY, "is not about this tag manifest")
    tags = _listed(folder, TAGS)
    apart = {TAGS, SIGNATURE, QUERY, REPLY}
    _same_set(set(tags), there, lambda path: not path.startswith(PAYLOAD) and path not in apart)
    _compare(folder, tags, "sha256")
    for algorithm in ("sha256", "sm3"):
        listed = _listed(folder, f"manifest-{algorithm}.txt")
        _same_set(set(listed), there, lambda path: path.startswith(PAYLOAD))
        _compare(folder, listed, algorithm)
    return public, len(there)


def _there(folder: Path) -> set[str]:
    """Return every file's path, having refused what can stand for another file on some system."""
    found: set[str] = set()
    folded: dict[str, str] = {}
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise RefusedError(name, "is a link")
        if name == "fetch.txt":
            raise RefusedError(name, "would fetch files from elsewhere")
        if why := _odd(name):
            raise RefusedError(name, why)
        same = unicodedata.normalize("NFC", name).casefold()
        if same in folded:
            raise RefusedError(name, f"is the same name as {folded[same]} on some systems")
        folded[same] = name
        if path.is_dir():
            continue
        if not path.is_file():
            raise RefusedError(name, "is no file")
        found.add(name)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    if folder.is_symlink() or not folder.is_dir():
        raise RefusedError("", f"{folder} is no folder")
    for path in sorted(folder.iterdir()):
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)


def _odd(name: str) -> str:
    """Return what is wrong with a path; nothing where it is a path below here on every system."""
    parts = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "is an absolute path"
    if any(part in {"", ".", ".."} for part in parts):
        return "leads out of the bundle"
    if "\\" in name or any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for one in name):
        return "has characters that no name of ours has"
    return ""


def _listed(folder: Path, name: str) -> dict[str, str]:
    """Return path -> digest of a manifest."""
    try:
        text = _small(folder, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(name, "is no text") from error
    found: dict[str, str] = {}
    if not text.endswith("\n"):
        raise RefusedError(name, "was cut")
    for number, line in enumerate(text[:-1].split("\n"), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise RefusedError(name, f"line {number} is no line of a manifest")
        digest, path = match.groups()
        if why := _odd(path):
            raise RefusedError(name, f"line {number}: {path} {why}")
        if path in found:
            raise RefusedError(name, f"line {number}: {path} is listed twice")
        found[path] = digest
    return found


def _same_set(listed: set[str], there: set[str], ours: Callable[[str], bool]) -> None:
    for path in sorted(listed - there):
        raise RefusedError(path, "is not there")
    for path in sorted(path for path in there - listed if ours(path)):
        raise RefusedError(path, "was put in: no manifest lists it")


def _compare(folder: Path, listed: Mapping[str, str], algorithm: str) -> None:
    for path, digest in listed.items():
        if getattr(sums_of(folder / path), algorithm) != digest:
            raise RefusedError(path, f"was changed: its {algorithm.upper()} is another")


def _suspect(folder: Path, signed: bytes) -> str:
    """Return what was touched when the signature does not fit: the list of tags, unless it says that the key was."""
    listed = f"{sums_of(folder / PUBLIC).sha256}  {PUBLIC}\n".encode()
    return TAGS if listed in signed else PUBLIC


def _key(folder: Path) -> bytes:
    try:
        return public_of(_small(folder, PUBLIC))
    except ValueError as error:
        raise RefusedError(PUBLIC, "is no Ed25519 key") from error


def _small(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.stat().st_size > _MOST:
        raise RefusedError(name, "is too long to be ours")
    return path.read_bytes()
