"""Detectors made ready before: what is read off a pattern's text takes longer than all that a start does besides.

Who keeps them, and where, is not known here. One that is not among them is made as ever.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Mapping
from typing import Final


class ReadyDetectors:
    """Detectors that were made before, pickled, by the name of their spec."""

    def __init__(self) -> None:
        self._read: Callable[[], Mapping[str, bytes]] = dict
        self._kept: Mapping[str, bytes] | None = None

    def read_by(self, read: Callable[[], Mapping[str, bytes]]) -> None:
        """Take those that `read` returns, which is called when the first detector is asked for."""
        self._read, self._kept = read, None

    def of(self, spec: object) -> object:
        """Return the detector of exactly this spec; None when it is not there, or cannot be had again."""
        if self._kept is None:
            self._kept = self._read()
        piece = self._kept.get(name_of(spec)) if self._kept else None
        if piece is None:
            return None
        try:
            made: object = pickle.loads(piece)  # noqa: S301 - kept beside the compiled code of the package, and as well as it
        except Exception:  # noqa: BLE001 - what it raises depends on what is damaged; then it is made anew
            return None
        return made if getattr(made, "spec", None) == spec else None


def name_of(spec: object) -> str:
    """Return what a detector is kept under: all that its spec says."""
    return hashlib.sha256(repr(spec).encode()).hexdigest()


READY: Final = ReadyDetectors()
