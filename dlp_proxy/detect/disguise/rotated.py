"""Lines in ROT13, letters thirteen places on: 12 Main Street is 12 Znva Fgerrg. Told by words of addresses."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.lines import turned
from dlp_proxy.detect.disguise.patch import Patch, Stretch

NAME: Final = "ROT13"

GATE: Final = (
    r"(?:[Ff]gerrg|[Nn]irahr|[Ee]bnq|[Qq]evir|[Cc]ubar|[Zz]bovyr|[Nn]qqerff|[Rr]znvy|[Pp]hfgbzre|[Ff]uvccvat)"
    r"[^A-Za-z0-9]"
)


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    return turned(GATE, text, stretches, _rotated, backwards=False)


def _rotated(line: str) -> str:
    return codecs.encode(line, "rot13")
