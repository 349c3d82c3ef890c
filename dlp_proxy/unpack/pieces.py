"""Encoded text that was cut over values of its own: fields of a form, cookies, items of JSON, steps of a path.

Whoever cuts does it by width, and so it is known: many values of one width, of nothing but the signs of Base64 or
hexadecimal, that together begin as something readable or packed. What stands between them is passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from dlp_proxy.encodings import base64, readable
from dlp_proxy.encodings.run import MAGIC
from dlp_proxy.model.location import Location
from dlp_proxy.unpack.content import Content

_NARROWEST: Final = 8
_FEWEST: Final = 4
_LEAST: Final = 200
"""Characters together; less is a value, not a table."""
_GLANCE: Final = 400
"""Values of a document by which it is told whether there are pieces in it."""
_BEGINNING: Final = 4096
_SIGNS: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_IN_JSON: Final = re.compile(r'"([A-Za-z0-9+/_-]{8,4000}={0,2})"(?!\s*:)')


def joined(values: Iterable[str], location: Location) -> Iterator[Content]:
    """Yield what pieces among `values` give side by side; nothing where there are none."""
    pieces = [value for value in values if len(value) >= _FEWEST and _SIGNS.fullmatch(value)]
    if (whole := _whole(pieces)) is not None:
        yield Content(whole.encode(), location / "pieces side by side")


def in_json(text: str, location: Location) -> Iterator[Content]:
    """Yield what pieces among the strings of a document give: a look at the first of them tells whether to go on."""
    few = [found[1] for found in islice(_IN_JSON.finditer(text), _GLANCE)]
    if _whole(few) is not None:
        yield from joined((found[1] for found in _IN_JSON.finditer(text)), location)


def _whole(pieces: Sequence[str]) -> str | None:
    """Return the pieces of the commonest width side by side, with the shorter one that ends them, if they are text."""
    widths = Counter(len(piece) for piece in pieces if len(piece) >= _NARROWEST)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if count < _FEWEST or count * width < _LEAST:
        return None
    last = max(place for place, piece in enumerate(pieces) if len(piece) == width)
    whole = "".join([piece for piece in pieces if len(piece) == width])
    if last + 1 < len(pieces) and len(pieces[last + 1]) < width:
        whole += pieces[last + 1]
    return whole if _is_something(whole[:_BEGINNING].rstrip("=")) else None


def _is_something(signs: str) -> bool:
    data = base64.decoded(signs)
    if data.startswith(MAGIC) or base64.is_packed(data) or base64.begins_readable(signs):
        return True
    try:
        data = bytes.fromhex(signs[: len(signs) // 2 * 2])
    except ValueError:
        return False
    if data.startswith(MAGIC) or base64.is_packed(data):
        return True
    return any(readable.decode(data[: len(data) - cut]) is not None for cut in range(4))  # it may end in a character
