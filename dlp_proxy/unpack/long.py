"""A content that is too long to be read whole."""

from __future__ import annotations

from dataclasses import dataclass

from dlp_proxy.model.location import Location
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.tape import Played, Rewound, Tape

HEAD = 64 * 1024
"""Bytes of the beginning that are looked at to tell what a content is."""


@dataclass(frozen=True)
class Long:
    """Bytes on their way to a reader of long contents: a stretch of a file, or a tape that is read once.

    Attributes:
        head: the first bytes.
        data: the stretch; None when it is a tape.
        name: file name, empty when there is none.
        label: declared type as sent; a hint only.
    """

    head: bytes
    location: Location
    name: str = ""
    label: str = ""
    data: Mapped | None = None
    unread: Tape | None = None

    @property
    def tape(self) -> Tape:
        """Return all of it as a tape. Of one that is read once this may be asked for once."""
        if self.data is not None:
            return Played(self.data)
        return self.unread or Played(Mapped(b""))

    @property
    def stretch(self) -> Mapped:
        """Return it as a stretch of a file.

        Raises:
            Mismatch: it is a tape.
        """
        if self.data is None:
            raise Mismatch
        return self.data

    def about(self, head: bytes | None = None) -> Content:
        """Return its beginning as a content, for readers that tell what it is."""
        return Content(self.head if head is None else head, self.location, self.name, self.label)

    def inside(self, step: str, data: Mapped | Tape, *, name: str = "", label: str = "") -> Long:
        """Return a content found within this one, one step further down."""
        return long(data, self.location / step, name, label)


def long(data: Mapped | Tape, location: Location, name: str = "", label: str = "") -> Long:
    if isinstance(data, Mapped):
        return Long(data[:HEAD], location, name, label, data)
    head = data.read(HEAD)
    return Long(head, location, name, label, None, Rewound(head, data))
