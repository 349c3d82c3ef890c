"""Every encoding that is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from dlp_proxy.encodings import (
    base32,
    base58,
    base64,
    byte_array,
    char_codes,
    character_dump,
    hexadecimal,
    hexdump,
    octal_dump,
)
from dlp_proxy.encodings.run import Run


class Encoding(Protocol):
    """What a file of this room offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """The word for it."""

    @property
    def GATE(self) -> str:  # noqa: N802 - a constant of the module
        """A pattern that every text has in which there is a run."""

    def runs(self, text: str, start: int, end: int, /) -> Iterator[Run]:
        """Yield the runs that are readable text, between two places."""


ENCODINGS: Final[tuple[Encoding, ...]] = (
    character_dump,
    hexdump,
    octal_dump,
    char_codes,
    byte_array,
    hexadecimal,
    base32,
    base64,
    base58,
)
"""The narrow ones first: where one reads a stretch, those behind it do not."""
