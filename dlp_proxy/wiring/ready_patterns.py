"""Compiled patterns, kept beside the compiled Python of the package.

Each start compiled eight hundred patterns, and so did each inspector: more than a second of CPU. `scripts/bootstrap`
has them compiled once. What is missing in the file, or was changed since, is compiled as before.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import sys
from array import array
from collections.abc import Sequence
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final, NamedTuple

from dlp_proxy.detect import ready
from dlp_proxy.detect.ready import SHELF, Ready
from dlp_proxy.wiring import library_patterns
from dlp_proxy.wiring.library_patterns import LibraryPattern

_CODE: Final = "I"
"""Codes of the library's engine are numbers of 32 bits."""


class Kept(NamedTuple):
    """Compiled patterns of `regex`, and those of the standard library."""

    patterns: tuple[Ready, ...]
    library: tuple[LibraryPattern, ...] = ()


def ready_file() -> Path:
    """Return where the patterns are kept for this Python."""
    return Path(cache_from_source(ready.__file__)).with_suffix(".patterns.json")


def use_ready_patterns() -> None:
    """Take up the kept patterns; none, where there are none that this release of `regex` made."""
    try:
        kept = read(ready_file())
    except (OSError, ValueError, TypeError):
        return
    SHELF.put(kept.patterns)
    library_patterns.put(kept.library)


def read(file: Path) -> Kept:
    """Return kept patterns.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, or another release made it.
    """
    digest, text = file.read_text(encoding="utf-8").split("\n", 1)
    if digest != digest_of(text):
        raise ValueError(f"{file} is not of this release, or damaged")
    patterns, library = json.loads(text)
    return Kept(tuple(_restored(*one) for one in patterns), tuple(_library_restored(*one) for one in library))


def keep(kept: Kept, file: Path) -> None:
    """Keep compiled patterns.

    Raises:
        OSError: they cannot be written.
    """
    text = json.dumps([[_plain(one) for one in kept.patterns], [_library_plain(one) for one in kept.library]])
    file.parent.mkdir(exist_ok=True)
    file.with_suffix(".new").write_text(f"{digest_of(text)}\n{text}", encoding="utf-8")
    file.with_suffix(".new").replace(file)


def digest_of(text: str) -> str:
    """Return the digest of what is kept for this Python and this release of `regex` alone."""
    made_by = f"{importlib.metadata.version('regex')} {sys.version}"
    return hashlib.sha256(f"{made_by}\n{text}".encode()).hexdigest()


def _plain(one: Ready) -> list[Any]:
    # Between the groups and what is required: the groups turned round, and lists of words given beside a pattern. No
    # pattern of ours has any.
    text, its_flags, code, groups, _, _, _, *required, count = one.made
    return [one.pattern, one.flags, text, int(its_flags), base64.b64encode(code).decode(), groups, required, count]


def _restored(  # noqa: PLR0917 - a row of the file
    pattern: str,
    flags: int,
    text: str,
    its_flags: int,
    code: str,
    groups: dict[str, int],
    required: Sequence[Any],
    count: int,
) -> Ready:
    packed = base64.b64decode(code)
    names = {number: name for name, number in groups.items()}
    offset, chars, char_flags = required
    chars = None if chars is None else tuple(chars)
    return Ready(pattern, flags, (text, its_flags, packed, groups, names, {}, [], offset, chars, char_flags, count))


def _library_plain(one: LibraryPattern) -> list[Any]:
    code = base64.b64encode(array(_CODE, one.code).tobytes()).decode()
    return [one.pattern, one.flags, one.all_flags, code, one.groups, one.names]


def _library_restored(  # noqa: PLR0917 - a row of the file
    pattern: str, flags: int, all_flags: int, code: str, groups: int, names: dict[str, int]
) -> LibraryPattern:
    return LibraryPattern(pattern, flags, all_flags, array(_CODE, base64.b64decode(code)).tolist(), groups, names)
