"""Numbers with something after every digit: 1-3-8-0, 1*3*8*0, [1][3][8][0], a digit a line.

Lists of small numbers look the same. A row is read when all of it is a mobile number or an identity number, or when a
word before it says that it is a number to call; and not when most such rows of the text are nothing of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each
from dlp_proxy.encodings.starting import starting

NAME: Final = "a sign after every digit"

GATE: Final = r"[0-9](?:[^0-9A-Za-z]{1,12}[0-9]){9}|[0-9](?:[A-Za-z][0-9]){9}"

_SIGN: Final = r"[-. _/,|*·~+#:;'^]"
_SAME: Final = re.compile(
    r"(?<![0-9])[0-9](?P<sign>[^0-9A-Za-z]{1,4}"
    r"|[A-Za-z])[0-9](?:(?P=sign)[0-9]){4,}+(?:(?P=sign)[Xx](?![A-Za-z0-9]))?"
)
"""A whole row, however long: were it cut, it would be looked at again from each of its digits."""
_MIXED: Final = re.compile(
    rf"(?<![0-9])(?<!(?<![0-9A-Za-z-])[0-9]{_SIGN})[0-9](?:{_SIGN}{{1,2}}[0-9]){{9,17}}+(?![0-9]|{_SIGN}{{1,2}}[0-9])"
)
# The last digit of a longer number or of an identifier is none of the row: SO-0042, 1, 3, 8, 0, 0 ...
_LONE_DIGIT: Final = re.compile(r"(?:\A|[^0-9A-Za-z-])[0-9]\Z")
_DIGIT: Final = re.compile(r"[0-9Xx](?![A-Za-z])|[0-9]")
_MOBILE: Final = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_RESIDENT: Final = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]")
_NUMBER: Final = re.compile(r"[0-9]{7,13}")
_CALL: Final = re.compile(
    r"(?i)(?:\b(?:tel|telephone|phone|mobile|mob|cell|call|fax|whatsapp|wechat|contact|ring|text|telefon|handy|mobil"
    r"|unter"
    r"|tél|téléphone|portable|teléfono|móvil|telefono|cellulare|telefone|telefoon|gsm|tlf|телефон|тел)(?: me)?|전화"
    r"|휴대폰|電話番号|电话|電話|手机|手機|号码|联系|致电|微信)"
    r"[^0-9\n]{0,12}\+?$"
)
_AROUND: Final = 40
_KINDS: Final = 3
_LONG: Final = 8
_LONGEST: Final = 100
"""Characters of a row that may be a number: eighteen figures, and up to four signs between two of them."""
_FIGURES: Final = frozenset("0123456789")


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    rows = 0
    for start, end in stretches:
        for pattern in (_SAME, _MIXED):
            for row in starting(pattern, text, start, end):
                if text[row.end() : row.end() + 1] in _FIGURES:
                    continue
                patch = _patch(row) if row.end() - row.start() <= _LONGEST else None
                rows += patch is not None or sum(sign.isdigit() for sign in row[0][:_LONGEST]) >= _LONG
                if patch is not None:
                    found.append(patch)
    if len(found) * 2 < rows:
        return []
    found.sort(key=lambda patch: (patch.start, patch.end))
    return [patch for number, patch in enumerate(found) if not number or patch.start >= found[number - 1].end]


def _patch(row: re.Match[str]) -> Patch | None:
    text, start = row.string, row.start()
    sign = row.groupdict().get("sign")
    if (
        sign
        and start > len(sign)
        and text.startswith(sign, start - len(sign))
        and _LONE_DIGIT.search(text, max(0, start - len(sign) - 2), start - len(sign))
    ):
        return None
    signs = [one for one in _DIGIT.finditer(row[0]) if not (sign and one[0] == sign)]
    number = "".join([one[0] for one in signs])
    if len(set(number)) < _KINDS or list(number) == sorted(number):
        return None
    sure = _MOBILE.fullmatch(number) or _RESIDENT.fullmatch(number)
    called = (
        not (sign or "").isalpha() and _NUMBER.fullmatch(number) and _CALL.search(text[max(0, start - _AROUND) : start])
    )
    if not sure and not called:
        return None
    places = [(start + one.start(), start + one.end()) for one in signs]
    return Patch(start, row.end(), number, each(places), whole=True)
