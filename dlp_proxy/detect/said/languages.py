"""Labels by language, cut in groups that a gate can hold, and without their accents too, as keyboards leave them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from dlp_proxy.detect.chars import CASE_STRAYS
from dlp_proxy.detect.fold import fold

type Labels = Mapping[str, tuple[str, ...]]
"""Language (ISO 639-1) -> what stands before a value in it."""

UNSPACED: Final = frozenset({"ja", "ko", "th", "lo", "km", "my"})
"""Languages that write their words without spaces between, or with endings of other words before: 고객님전화."""
UNCASED: Final = frozenset(
    {"ar", "fa", "ur", "he", "hi", "bn", "ne", "si", "ta", "te", "kn", "ml", "gu", "pa", "ka", "am"}
)
"""Languages with spaces between words, and no capitals."""

_MOST: Final = 100
"""Labels of one pattern; one of many more is too large for the gate, and would be looked for everywhere."""
_LATIN: Final = 0x250
_SORTS: Final = 3
_ALSO: Final = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "ß": "ss", "ə": "e"})


def with_plain(label: str) -> tuple[str, ...]:
    """Return `label`, and where it has Latin letters with accents, as those write it who do not type them."""
    label = fold(label).text
    if label.isascii() or not all(ord(sign) < _LATIN or sign in "’№" for sign in label):
        return (label,)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", label) if not unicodedata.combining(sign))
    bare = bare.translate(_ALSO)
    return (label, bare) if bare != label else (label,)


def _sort(label: str) -> int:
    if label.isascii():
        return 0
    return 1 if any(stray in label for stray in CASE_STRAYS) else 2


def in_groups(labels: Labels, languages: Collection[str] | None = None) -> Iterator[tuple[str, ...]]:
    """Yield the labels of `languages`, else of all, those of one script together, in groups that a gate can hold.

    Those in ASCII go apart, and those with a letter that is one of ASCII in the other case: beside them, the gate would
    look for all others in plain English too, letter by letter.
    """
    for sort in range(_SORTS):
        group: dict[str, None] = {}
        script = ""
        for language, words in labels.items():
            if languages is not None and language not in languages:
                continue
            every = [written for word in words for written in with_plain(word) if _sort(written) == sort]
            if not every:
                continue
            of_language = unicodedata.name(every[0][-1]).partition(" ")[0]
            if group and (len(group) + len(every) > _MOST or of_language != script):
                yield tuple(group)
                group = {}
            script = of_language
            group.update(dict.fromkeys(every))
        if group:
            yield tuple(group)
