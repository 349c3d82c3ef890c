"""One spelling for the many of an address of Japan or Korea, so that it is counted once."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dlp_proxy.detect.late import late

_POSTCODE: Final = late(r"〒? ?(?<![0-9-])[0-9]{3}-?[0-9]{4}(?![0-9-])|\(?우?\)? ?(?<![0-9-])[0-9]{5}\)?(?![0-9-])")
_DASH: Final = re.compile("(?<=[0-9])[ー―—–~のノ](?=[0-9])")
_UNITS: Final = re.compile("丁目|番地の?|番(?=[0-9])|(?<=[0-9])(?:番|号室?|번지)")
_KANJI: Final = re.compile("[一二三四五六七八九〇](?=丁目|番|号)")
_BETWEEN: Final = re.compile(r"[\s,、，.\"'|()\[\]〒·-]+(?![0-9])|(?<![0-9])[\s,、，.\"'|()\[\]〒·-]+|[\s,、，]+")
_DASHES: Final = re.compile("-+")
_FIGURES: Final = {kanji: str(number) for number, kanji in enumerate("〇一二三四五六七八九")}


def spell(value: str) -> str:
    """Return `value` without postcode, spaces and marks, its numbers joined by dashes: 3丁目1番2号, 3-1-2."""
    plain = unicodedata.normalize("NFKC", value).casefold()
    without = _POSTCODE.sub(" ", plain).strip()
    plain = _DASH.sub("-", without or plain)
    plain = _KANJI.sub(lambda found: _FIGURES[found[0]], plain)
    plain = _DASHES.sub("-", _UNITS.sub("-", plain))
    return _BETWEEN.sub("", plain).strip("-")
