"""Compiled patterns, kept beside the compiled Python of the package.

Each start compiled four hundred patterns, and so did each inspector: a second of CPU. `scripts/bootstrap` has them
compiled once. What is missing in the file, or was changed since, is compiled as before.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from dlp_proxy.detect import ready
from dlp_proxy.detect.ready import SHELF, Ready


def ready_file() -> Path:
    """Return where the patterns are kept for this Python."""
    return Path(cache_from_source(ready.__file__)).with_suffix(".patterns.json")


@cache
def use_ready_patterns() -> bool:
    """Take up the kept patterns, once in a process; False when there are none that this release of `regex` made."""
    try:
        patterns = read(ready_file())
    except (OSError, ValueError, TypeError):
        return False
    SHELF.put(patterns)
    return True


def read(file: Path) -> tuple[Ready, ...]:
    """Return kept patterns.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, or another release made it.
    """
    digest, text = file.read_text(encoding="utf-8").split("\n", 1)
    if digest != _digest(text):
        raise ValueError(f"{file} is not of this release, or damaged")
    return tuple(_restored(*one) for one in json.loads(text))


def keep(patterns: Iterable[Ready], file: Path) -> None:
    """Keep compiled patterns.

    Raises:
        OSError: they cannot be written.
    """
    text = json.dumps([_plain(one) for one in patterns])
    file.parent.mkdir(exist_ok=True)
    file.with_suffix(".new").write_text(f"{_digest(text)}\n{text}", encoding="utf-8")
    file.with_suffix(".new").replace(file)


def _digest(text: str) -> str:
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
