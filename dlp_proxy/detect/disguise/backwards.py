"""Lines that are written backwards: 号821街沈 for 沈街128号, teertS niaM 21 for 12 Main Street.

Told by house number, street and district in the wrong order, or by words of addresses and forms; a number alone says
nothing, it may be read either way.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.disguise.lines import Turned

NAME: Final = "written backwards"

GATE: Final = (
    r"[号號][0-9]{1,4}[路街道巷弄村][^0-9\n]{1,12}[区區县縣镇鎮市]"
    r"|(?:teert[Ss]|eunev[Aa]|dao[Rr]|evir[Dd]|enoh[Pp]|elibo[Mm]|sserdd[Aa]|liam[Ee])[^A-Za-z0-9]"
)

_LINES: Final = Turned(GATE, lambda line: line[::-1], backwards=True)
may, patches = _LINES.may, _LINES.patches
