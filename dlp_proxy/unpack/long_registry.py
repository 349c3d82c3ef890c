"""Every format that is read although it is too long to be read whole, in the order of trial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.long_formats import binary, json, multipart, tar, text
from dlp_proxy.unpack.long_formats import gzip as gzip_format
from dlp_proxy.unpack.long_formats import zip as zip_format


class LongFormat(Protocol):
    """What a file of `long_formats/` offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """The word for it in `Unpacked.content` and in policies."""

    def accepts(self, content: Long, /) -> bool:
        """Tell whether `read` can read it, without reading a tape."""

    def read(self, content: Long, budget: Budget, /) -> Iterator[Part | Gap | Content | Long]:
        """Yield parts, gaps, contents short enough to be read whole, and long ones.

        A long content of a tape is read by whoever takes it before the next item is asked for.

        Raises:
            Exhausted: a limit was reached; what was yielded stays.
        """


LONG_FORMATS: Final[tuple[LongFormat, ...]] = (
    multipart,
    gzip_format,
    zip_format,
    tar,
    json,
    text,
    binary,  # takes what is left
)
