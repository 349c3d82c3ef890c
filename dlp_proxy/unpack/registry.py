"""Every format that is read, in the order of trial: the first that accepts and reads a content names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats import binary, csv, form, gzip, json, multipart, text
from dlp_proxy.unpack.formats import zip as zip_format


class Format(Protocol):
    """What a file of `formats/` offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """The word for it in `Unpacked.content` and in policies."""

    def accepts(self, content: Content, /) -> bool:
        """Tell by a cheap look whether `read` should try."""

    def read(self, content: Content, budget: Budget, /) -> Iterator[Part | Gap | Content]:
        """Yield parts, gaps, and contents to be read in turn.

        Raises:
            Mismatch: on a closer look it is something else; nothing but gaps was yielded.
            Exhausted: a limit was reached; what was yielded stays.
        """


FORMATS: Final[tuple[Format, ...]] = (
    multipart,  # before zip: it holds whole archives, an archive seldom holds it bare
    gzip,  # before zip: packing an archive again leaves its signatures readable
    zip_format,
    json,
    form,
    csv,
    text,
    binary,  # takes what is left
)
