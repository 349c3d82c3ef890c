"""Short texts in which nothing was found: what a browser says of itself comes again with each request."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import LatePart, Part

_LONGEST: Final = 1024
_MOST: Final = 4096
"""Texts that are remembered, some 150 bytes each."""

type _Key = tuple[bytes, object]


class CleanTexts:
    """Remembers them for one set of detectors: what was found in a text depends on nothing else but the limits.

    Digests are kept, no texts: a memory of all that people send would be worth stealing.
    """

    __slots__ = ("_limits", "_seen")

    def __init__(self) -> None:
        self._seen: dict[_Key, None] = {}
        self._limits: Limits | None = None

    def key(self, part: Part, limits: Limits) -> _Key | None:
        """Return what a part is remembered by; None for one that is not remembered."""
        if len(part.text) > _LONGEST or part.columns or part.opened or isinstance(part, LatePart):
            return None
        if limits is not self._limits:
            self._limits = limits
            self._seen = {}
        return blake2b(part.text.encode("utf-8", "surrogatepass"), digest_size=32).digest(), part.fields

    def __contains__(self, key: _Key | None) -> bool:
        return key in self._seen

    def add(self, key: _Key) -> None:
        """Remember a part in which nothing was found and all of which was looked at."""
        if len(self._seen) >= _MOST:
            self._seen = {}
        self._seen[key] = None
