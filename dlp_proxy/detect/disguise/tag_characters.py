"""Text in tag characters (Unicode block E0000), which are shown as nothing and repeat ASCII: a text within a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, each

NAME: Final = "tag characters"

_LEAST: Final = 7
_RUN: Final = re.compile(f"[\U000e0020-\U000e007e]{{{_LEAST},}}")
_OFFSET: Final = 0xE0000


def patches(text: str) -> Sequence[Patch]:
    """Return what the tag characters of `text`, not folded, say; ascending. Folding takes them out."""
    return [
        Patch(
            run.start(),
            run.end(),
            "".join([chr(ord(tag) - _OFFSET) for tag in run[0]]),
            each([(at, at + 1) for at in range(*run.span())]),
            apart=True,
        )
        for run in _RUN.finditer(text)
    ]
