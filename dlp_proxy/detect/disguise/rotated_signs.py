"""Lines in ROT47, the printable signs of ASCII 47 places on: 13800138000 is `bg__`bg___.

Told by a mobile number of China, the end of an e-mail address, or words of addresses and forms.
"""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.detect.disguise.lines import Turned

NAME: Final = "ROT47"

_TURN: Final = {code: 33 + (code - 33 + 47) % 94 for code in range(33, 127)}


def _turned(line: str) -> str:
    return line.translate(_TURN)


_DIGIT: Final = "[_`a-h]"
_MOBILE: Final = rf"(?<!{_DIGIT})`[b-h](?:[ \\]?{_DIGIT}){{9}}(?!{_DIGIT})"  # a space stays, a hyphen is a backslash
_WORDS: Final = (".com", ".net", "street", "avenue", "road", "drive", "phone", "mobile", "address", "email", "customer",
    "shipping", "Street", "Avenue", "Road", "Drive", "Phone", "Mobile", "Address", "Email", "Customer",
    "Shipping")  # fmt: skip
_NO_LETTER: Final = "(?![2-K])"
"""No small letter follows: they are the signs from 2 to K."""

GATE: Final = rf"{_MOBILE}|(?:{'|'.join(re.escape(_turned(word)) for word in _WORDS)}){_NO_LETTER}"

_LINES: Final = Turned(GATE, _turned, backwards=False)
may, patches = _LINES.may, _LINES.patches
