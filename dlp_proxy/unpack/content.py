"""Bytes on their way to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dlp_proxy.model.location import Location
from dlp_proxy.unpack import charset


class Mismatch(Exception):  # noqa: N818 - an answer, not an error
    """Raised by a format's `read`, before it yields a part: on a closer look this is something else."""


@dataclass(frozen=True)
class Content:
    """Bytes in a message, with what the sender says about them.

    Attributes:
        name: file name, empty when there is none.
        label: declared type as sent, e.g. ``text/csv; charset=gbk``; a hint only, never trusted.
        window: it is a piece of a longer text; what begins in it may go on in the next piece.
    """

    data: bytes
    location: Location
    name: str = ""
    label: str = ""
    window: bool = False

    @cached_property
    def text(self) -> str | None:
        """The data as text, None when it is none. Never starts with a byte order mark."""
        if self.ordinary:
            return self.data.decode()
        decoded = charset.decode(self.data)
        return None if decoded is None else decoded[0]

    @cached_property
    def ordinary(self) -> bool:
        """Whether the data is ordinary ASCII, which holds no archive and no picture: their signs need other bytes."""
        return charset.is_ordinary(self.data)

    @cached_property
    def plain(self) -> bool:
        """Whether the data is ASCII with no control sign but tabs and ends of lines."""
        return self.ordinary or charset.is_plain(self.data)

    def forget(self) -> None:
        """Let the text go, which takes as much memory as the data. It is made again when it is asked for."""
        self.__dict__.pop("text", None)

    def says(self, word: str) -> bool:
        """Tell whether the label's type or the file name's ending names `word`, e.g. ``json``."""
        return word in self.label.partition(";")[0].lower() or self.name.lower().endswith(f".{word}")

    def inside(self, data: bytes, step: str, *, name: str = "", label: str = "") -> Content:
        """Return a content found within this one, one step further down."""
        return Content(data, self.location / step, name, label)
