"""Encoded text that was cut over values of its own: fields of a form, cookies, items of JSON, steps of a path.

Whoever cuts does it by width, and so it is known: many values of one width, of nothing but the signs of Base64 or
hexadecimal, that together begin as something readable or packed. What stands between them is passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dlp_proxy.encodings import base64, readable
from dlp_proxy.encodings.run import MAGIC
from dlp_proxy.model.location import Location
from dlp_proxy.unpack.content import Content

_NARROWEST: Final = 8
_FEWEST: Final = 4
_LEAST: Final = 200
"""Characters together; less is a value, not a table."""
_GLANCE: Final = 3072
"""Characters of a document, at its beginning, middle and end, by which it is told whether there are pieces in it."""
_BEGINNING: Final = 512
_WORDS: Final = 8
"""Times that pieces stand there, on average, from which they are words."""
_SIGNS: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_IN_JSON: Final = re.compile(r'"([A-Za-z0-9+/_-]{8,4000}+={0,2}+)"(?!\s*:)')


def joined(values: Iterable[str], location: Location) -> Iterator[Content]:
    """Yield what pieces among `values` give side by side; nothing where there are none."""
    pieces = [value for value in values if len(value) >= _FEWEST and _SIGNS.fullmatch(value)]
    if (whole := _whole(pieces)) is not None:
        yield Content(whole.encode(), location / "pieces side by side")


def in_json(text: str, location: Location) -> Iterator[Content]:
    """Yield what pieces among the strings of a document give: a look into some of it tells whether to go on."""
    is_short = len(text) <= 3 * _GLANCE
    looks = ((0, len(text)),) if is_short else ((at, at + _GLANCE) for at in (0, len(text) // 2, len(text) - _GLANCE))
    if any(_whole(_IN_JSON.findall(text, start, end)) is not None for start, end in looks):
        yield from joined(_IN_JSON.findall(text), location)


def _whole(pieces: Sequence[str]) -> str | None:
    """Return the pieces of the commonest width side by side, with the shorter one that ends them, if they are text."""
    widths = Counter(length for length in map(len, pieces) if length >= _NARROWEST)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if count < _FEWEST or count * width < _LEAST:
        return None
    same = [piece for piece in pieces if len(piece) == width]
    if _WORDS * len(set(same)) < count:
        return None
    whole = "".join(same)
    last = max(place for place, piece in enumerate(pieces) if len(piece) == width)
    if last + 1 < len(pieces) and len(pieces[last + 1]) < width:
        whole += pieces[last + 1]
    return whole if _is_something(whole[:_BEGINNING].rstrip("=")) else None


def _is_something(signs: str) -> bool:
    if "=" in signs:  # of pieces of one text only the last is padded
        return False
    data = base64.decoded(signs)
    if data.startswith(MAGIC) or base64.is_packed(data) or base64.begins_readable(signs):
        return True
    try:
        data = bytes.fromhex(signs[: len(signs) // 2 * 2])
    except ValueError:
        return False
    return data.startswith(MAGIC) or base64.is_packed(data) or readable.begins(data)
