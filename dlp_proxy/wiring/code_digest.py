"""Which code it was that made something that is kept, or that a process was started from."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import dlp_proxy

_ROOMS: Final = ("detect", "encodings", "model")


@cache
def code_digest(package: Path = Path(dlp_proxy.__file__).parent) -> str:
    """Return the digest of all code that detectors and gates are made by."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def code_stamp(package: Path = Path(dlp_proxy.__file__).parent) -> str:
    """Return what tells this program from another one that was put in its place: names, sizes and times of its files.

    Asked as a process begins, it takes some milliseconds; `code_digest` reads all files.
    """
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        about = path.stat()
        digest.update(f"{path.relative_to(package)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
