"""A message that still lies in a file of recorded traffic: where, so that whoever looks at it reads it there."""

from __future__ import annotations

from typing import NamedTuple


class Held(NamedTuple):
    """One message of a file.

    Attributes:
        uid: as of the message that is read from there.
        time: seconds since the epoch, as of that message.
        path: the file, and from which to which byte of it the record stands.
        part: number of the message in that record.
        user: who sent it, where the record names nobody.
    """

    uid: str
    time: float
    path: str
    start: int
    end: int
    part: int
    user: str

    @property
    def size(self) -> int:
        """Return the bytes of the record."""
        return self.end - self.start
