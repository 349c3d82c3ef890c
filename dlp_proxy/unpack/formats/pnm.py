"""Pictures of netpbm (pbm(5), pgm(5), ppm(5)) in bytes, which scanners and programs for DjVu write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.picture import behind, look

NAME: Final = "pnm"

_BETWEEN: Final = rb"\s+((?:#[^\n]*\s+)*)"
_HEAD: Final = re.compile(
    rb"P(?:4%b([0-9]{1,6})%b([0-9]{1,6})|([56])%b([0-9]{1,6})%b([0-9]{1,6})%b([0-9]{1,5}))\s" % ((_BETWEEN,) * 5)
)


def accepts(content: Content) -> bool:
    return content.data[:1] == b"P" and _HEAD.match(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    yield from look(content, budget)
    head = _HEAD.match(content.data)
    if head is None:
        return
    if said := b"".join(head[group] or b"" for group in (1, 3, 6, 8, 10)):
        yield from glance(content.inside(said, "comments"))
    yield from behind(content, _end(head))


def _end(head: re.Match[bytes]) -> int:
    """Return where the samples end: bits in whole bytes a row, or one or two bytes for each of one or three colours."""
    if head[5] is None:
        return head.end() + -(-int(head[2]) // 8) * int(head[4])
    samples = int(head[7]) * int(head[9]) * (3 if head[5] == b"6" else 1)
    return head.end() + samples * (2 if int(head[11]) > 255 else 1)
