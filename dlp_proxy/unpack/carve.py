"""Files behind something else: an archive behind a picture, a packed table behind junk, by their first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.unpack.content import Content

_BEGINNINGS: Final = re.compile(
    rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]"
    rb"|BZh[1-9]1AY&SY|\xfd7zXZ\x00\x00[\x00-\x0f]|7z\xbc\xaf\x27\x1c\x00|Rar!\x1a\x07[\x00\x01]|MSCF\x00\x00\x00\x00"
    rb"|\x28\xb5\x2f\xfd[\x00-\xff](?=.{4})|\x04\x22\x4d\x18[\x40-\x7f]"
    rb"|SQLite format 3\x00|PAR1[\x15\x19]|ARROW1\x00\x00|Obj\x01[\x02-\x10]|PACK\x00\x00\x00[\x02\x03]\x00"
    rb"|%PDF-[12]\.|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|!<arch>\n|bplist0[0-9]|\x89PNG\r\n\x1a\n"
    rb"|07070[127][0-9A-Fa-f]{24}|\x89LZO\x00\r\n\x1a\n",
    re.DOTALL,
)
_TAR: Final = re.compile(rb"ustar[\x00 ][\x000 ]")
_TAR_MAGIC_AT: Final = 257


_SIGNS: Final = ("\ufffd", "\x1f", "\0", "\x1a", "BZh")
"""One of these is in every text that holds a file, once it is read as text."""


def beginning(data: bytes) -> int:
    """Return where within `data` a file may begin, 0 for nowhere. Its own beginning is no such place."""
    found = _BEGINNINGS.search(data, 1)
    tar = _TAR.search(data, _TAR_MAGIC_AT + 1)
    places = [found.start()] if found else []
    places += [tar.start() - _TAR_MAGIC_AT] if tar else []
    return min(places, default=0)


def further(content: Content) -> Iterator[Content]:
    """Yield the file that may begin somewhere in a content that its own reader could not follow to its end."""
    if place := beginning(content.data):
        yield content.inside(content.data[place:], f"from byte {place}")


def within_text(content: Content) -> Iterator[Content]:
    """Yield the file that may begin somewhere in a text."""
    text = content.text or ""
    if any(sign in text for sign in _SIGNS):
        yield from further(content)
