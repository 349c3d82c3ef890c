"""Extensions behind a phone number: 转8001, ext. 12, x12, #12, -8001, [8001].

A privacy number stands for a customer only together with its extension, so the extension is a part of what is counted.
"""

from __future__ import annotations

from typing import Final

import regex

_WORD: Final = (
    r"(?:转接?|轉接?|分机号?码?|分機號?碼?|内线|內線"
    r"|(?i:extension|extn|ext|durchwahl|poste|anexo|interno|ramal|toestel|доб)\.?)"
)
SPOKEN: Final = regex.compile(
    r"[ ,，;；-]{0,3}+(?:"
    rf"(?:{_WORD}[:： .=]{{0,2}}+|(?i:;ext=)|(?i:x)[. ]?|#)[0-9]{{1,6}}+(?![0-9A-Za-z])"
    rf"|[(（\[【]{_WORD}[:： .=]{{0,2}}+[0-9]{{1,6}}+[)）\]】])"
)
"""An extension that says that it is one."""

DASHED: Final = regex.compile(
    r"(?:-{1,2}|—{1,2})[0-9]{3,6}+(?![A-Za-z0-9]|[-./:][0-9])|[\[【(（][0-9]{3,6}[\]】)）]|_[0-9]{4}(?![0-9A-Za-z._-])"
)
"""An extension that only stands behind a whole number; three digits at least."""


def end_of(text: str, end: int) -> int:
    """Return where the extension ends that stands in `text` right behind a number, or `end` when none does."""
    if end == len(text) or text[end] in "\n\r\t\"'<}|":
        return end
    match = SPOKEN.match(text, end) or DASHED.match(text, end)
    return end if match is None else match.end()
