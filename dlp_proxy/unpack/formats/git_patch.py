"""Patches of git that hold whole files: `git diff --binary`, `git format-patch`, with the text around them.

Each file is packed by zlib and written in Base85, in lines whose first sign says how many bytes they have. A delta has
what is new of a file between copies of what was there; its bytes are read as they are.

Source: git's documentation of *diff-generate-patch* (binary patches) and *gitformat-pack* (deltas).
"""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.inflate import inflate

NAME: Final = "git_patch"

_HEAD: Final = b"GIT binary patch"
_FILE: Final = re.compile(
    rb"(?m)^(?:literal|delta) [0-9]{1,12}\r?\n(?P<lines>(?:[A-Za-z][0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{5,65}\r?\n)+)"
)
_NAME: Final = re.compile(rb"(?m)^diff --git [^\r\n]{1,500} b/(?P<name>[^\r\n]{1,255})")


def accepts(content: Content) -> bool:
    return _HEAD in content.data


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data, meter = content.data, budget.meter(len(content.data))
    around: list[bytes] = []
    at = 0
    for number, file in enumerate(_FILE.finditer(data), 1):
        result = inflate("zlib", _bytes_of(file["lines"]), 0, meter)
        names = _NAME.findall(data, at, file.start())
        yield content.inside(result.data, f"file {number}", name=names[-1].decode("utf-8", "replace") if names else "")
        if result.problem:
            yield Gap("malformed", content.location / f"file {number}", result.problem)
        if result.exhausted:
            raise result.exhausted
        around.append(data[at : file.start()])
        at = file.end()
    if not around:
        raise Mismatch
    around.append(data[at:])
    yield content.inside(b"\n".join(around), "around the files")


def _bytes_of(lines: bytes) -> bytes:
    """Return what lines of Base85 hold; one that is none stands for nothing, and the stream says that it is broken."""
    held = bytearray()
    for line in lines.splitlines():
        with contextlib.suppress(ValueError):
            held += base64.b85decode(line[1:])[: _size(line[0])]
    return bytes(held)


def _size(sign: int) -> int:
    """Return the bytes of a line by its first sign: A to Z are 1 to 26, a to z 27 to 52."""
    return sign - 0x40 if sign <= 0x5A else sign - 0x60 + 26
