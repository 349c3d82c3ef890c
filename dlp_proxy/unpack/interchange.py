"""Messages of an interchange (X12, EDIFACT) as people would write them: a line for each value, a unit a message."""

from __future__ import annotations

from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part, Unit
from dlp_proxy.unpack.naming import whole

_NO: Final = -1


class Interchange:
    """Takes names and values one after the other.

    Attributes:
        values: how many there are.
    """

    def __init__(self, word: str) -> None:
        """Begin; `word` is what a message is called."""
        self._word = word
        self._pieces: list[str] = []
        self._units: list[Unit] = []
        self._fields: list[Field] = []
        self._at = 0
        self._begun = _NO

    @property
    def values(self) -> int:
        return len(self._fields)

    def begin(self) -> None:
        """Begin a message."""
        self._begun = self._at

    def end(self) -> None:
        """End the message that was begun, if one was."""
        if self._begun != _NO:
            self._units.append(Unit(self._begun, self._at, "object", f"{self._word} {len(self._units) + 1}"))
            self._begun = _NO

    def add(self, name: str, value: str) -> None:
        """Write a value, unless it says nothing."""
        if not value.strip():
            return
        shown = f"{name}: {value}\n"
        self._fields.append(Field(self._at + len(shown) - len(value) - 1, self._at + len(shown) - 1, name))
        self._pieces.append(shown)
        self._at += len(shown)

    def part(self, location: Location) -> Part:
        return Part(location, whole("".join(self._pieces)), tuple(self._units), tuple(self._fields))
