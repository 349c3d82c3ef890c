"""One file of the set, and what is to come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.samples.customers import Customer

type Expected = Literal["blocked", "gap", "allowed"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A file.

    Attributes:
        name: path below the folder of the set.
        expect: ``blocked`` with exactly `count` customers, ``gap`` with that `reason`, or ``allowed``.
        least: customers that must be counted where reading is not exact, as with OCR; else equal to `count`.
        hard: one that may be missed by a good product.
    """

    name: str
    data: bytes
    expect: Expected = "blocked"
    count: int = 0
    least: int = 0
    reason: str = ""
    hard: bool = False


type Files = Iterator[tuple[str, bytes]]


def blocked(family: str, files: Files, people: list[Customer], *, hard: bool = False) -> Iterator[Sample]:
    """Yield samples that hold all the people."""
    for name, data in files:
        yield Sample(f"{family}/{name}", data, "blocked", len(people), len(people), hard=hard)
