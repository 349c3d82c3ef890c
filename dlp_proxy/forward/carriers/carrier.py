"""What a forwarder asks of a way into a receiver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class NotTakenError(Exception):
    """The receiver did not take a batch: to be tried again, all of it."""


class RefusedError(Exception):
    """The receiver says that a batch can never be taken as it is. One event of it alone may be."""


class Carrier(Protocol):
    """Carries batches of lines, one event each, in order."""

    def send(self, lines: Sequence[str]) -> None:
        """Return when the receiver has the lines.

        Raises:
            NotTakenError: it may take them later.
            RefusedError: it never will.
        """
        ...

    def reach(self) -> None:
        """Connect, and send nothing.

        Raises:
            NotTakenError: the receiver is not there, or not who it should be.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
