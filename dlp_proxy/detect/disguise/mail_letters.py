"""Mail addresses in which letters of other scripts look like Latin ones: аnnа@shор.соm with Cyrillic а, о, р, с.

An address in another script has letters that no Latin one looks like. One in which all others do is read in Latin.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch

NAME: Final = "letters that look like Latin ones"

# Unicode Technical Standard 39, confusables.txt: Cyrillic, Greek, Armenian and phonetic letters, and capitals.
_ALIKE: Final = {
    **dict(
        zip(
            "аАвВсСԁеЕёЁҽһНіІїјЈкКԟӏӀмМпоОрРԛгѕЅтТуУҮүѵԝхХ",
            "aAbBcCdeEeEehHiIijJkKkllmMnoOpPqrsStTyYYyvwxX",
            strict=True,
        )
    ),
    **dict(zip("αΑΒϲϹεΕΗιΙϳΚκΜΝηοΟΡρσΤτυΥνωχΧγΖ", "aABcCeEHiIjKkMNnoOPpoTtuYvwxXyZ", strict=True)),
    **dict(zip("օսոցզհѡɑɡıʏᴄᴏᴠᴡᴢꓳꓲ", "ounqqhwagiycovwzOI", strict=True)),
}
_OTHER: Final = "[" + "".join(_ALIKE) + "]"
_SIGN: Final = "[A-Za-z0-9._%+" + "".join(_ALIKE) + "-]"
GATE: Final = rf"{_OTHER}{_SIGN}{{0,64}}@|@{_SIGN}{{0,64}}{_OTHER}"
_MAIL: Final = re.compile(rf"(?<!\w){_SIGN}{{1,64}}@(?:{_SIGN}){{1,250}}(?!\w)")
_LATIN: Final = str.maketrans(_ALIKE)
_REACH: Final = 320


def may(text: str) -> bool:
    return "@" in text and not text.isascii()


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: dict[int, Patch] = {}
    for start, end in stretches:
        for mail in _MAIL.finditer(text, max(0, start - _REACH), min(len(text), end + _REACH)):
            if not mail[0].isascii():
                plain = mail[0].translate(_LATIN)
                found[mail.start()] = Patch(*mail.span(), plain, Same(mail.start()), whole=True)
    return [patch for _, patch in sorted(found.items())]
