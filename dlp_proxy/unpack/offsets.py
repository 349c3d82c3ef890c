"""Texts that stand end to end, with a list of where each begins: how Arrow keeps a column of strings.

Source: *Arrow Columnar Format*, variable-size binary layout.
"""

from __future__ import annotations

import struct
from itertools import pairwise

from dlp_proxy.unpack.leaf import short_text


def cut(offsets: bytes, data: bytes) -> list[str] | None:
    """Return the texts of `data`; None when `offsets` are none of it. Eight bytes an offset, or four."""
    for size, sign in ((8, "q"), (4, "i")):
        if len(offsets) < 3 * size or len(offsets) % size or any(offsets[:size]):
            continue
        places = struct.unpack(f"<{len(offsets) // size}{sign}", offsets)
        if places[-1] > len(data) or places[-1] <= 0 or any(a > b for a, b in pairwise(places)):
            continue
        return [short_text(data[a:b]) or "" for a, b in pairwise(places)]
    return None
