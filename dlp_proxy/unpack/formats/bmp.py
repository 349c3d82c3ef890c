"""BMP pictures and Windows icons: what they show, and what follows the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.picture import behind, look, others

NAME: Final = "bmp"

_HEADERS: Final = {12, 40, 52, 56, 64, 108, 124}
_ICONS: Final = (b"\0\0\1\0", b"\0\0\2\0")


def accepts(content: Content) -> bool:
    """Two letters are no sign: the size of the header behind them is looked at too; of an icon, its first entry."""
    data = content.data
    if data.startswith(b"BM"):
        return int.from_bytes(data[14:18], "little") in _HEADERS
    return (
        len(data) > 6 and data.startswith(_ICONS) and 0 < data[4] < 64 and data[5] == 0 and 0 < _end(data) <= len(data)
    )


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    yield from look(content, budget)
    end = _end(content.data)
    end = end if end > 14 else len(content.data)
    yield from behind(content, end)
    yield from others(content, [(end, len(content.data))])


def _end(data: bytes) -> int:
    """Return where the picture ends: by the size of the file in its header, or by its last entry."""
    if data.startswith(b"BM"):
        return max(int.from_bytes(data[2:6], "little"), int.from_bytes(data[10:14], "little"))
    places = range(6, 6 + 16 * data[4], 16)
    return max(sum(int.from_bytes(data[at + part : at + part + 4], "little") for part in (8, 12)) for at in places)
