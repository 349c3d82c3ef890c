"""Lines in ROT13, letters thirteen places on: 12 Main Street is 12 Znva Fgerrg. Told by words of addresses."""

from __future__ import annotations

import codecs
from typing import Final

from dlp_proxy.detect.disguise.lines import Turned

NAME: Final = "ROT13"

GATE: Final = (
    r"(?:[Ff]gerrg|[Nn]irahr|[Ee]bnq|[Qq]evir|[Cc]ubar|[Zz]bovyr|[Nn]qqerff|[Rr]znvy|[Pp]hfgbzre|[Ff]uvccvat)"
    r"[^A-Za-z0-9]"
)

_LINES: Final = Turned(GATE, lambda line: codecs.encode(line, "rot13"), backwards=False)
may, patches = _LINES.may, _LINES.patches
