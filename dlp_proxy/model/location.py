"""Where in a message something was found, in words a person can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from dlp_proxy.model.pickling import by_fields

type Area = Literal["body", "host", "query", "path", "headers", "cookies", "filename", "websocket"]
AREAS: Final[tuple[str, ...]] = get_args(Area.__value__)


@by_fields
@dataclass(frozen=True, slots=True)
class Location:
    """An area of a message and the steps down from it.

    `str` gives *body > form field "file" > orders.zip > orders.csv > row 12*. Steps can hold names
    chosen by the sender; `pipeline.inspect` masks what detectors found in them before anything is stored.
    """

    area: Area
    steps: tuple[str, ...] = ()

    def __truediv__(self, step: str) -> Location:
        return Location(self.area, (*self.steps, step))

    def __str__(self) -> str:
        return " > ".join((self.area, *self.steps))
