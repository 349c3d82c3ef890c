"""What grouping gives: an incident with its transfers, and the sentence that says why they are together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final, Literal, Protocol, Self

from dlp_proxy.incidents.transfers import Transfer

type Version = Literal["v1", "v2"]
"""v1 asks for no accounts at destinations; otherwise it is v2: an incident of v1 is one of v2, of the same name."""

VERSIONS: Final[tuple[Version, ...]] = ("v1", "v2")
VERSION: Final[Version] = "v2"

type Kind = Literal["burst", "ring", "drip", "shared-destination", "shared-content", "shared-account", "evasion", "tip"]

DAY: Final = 86_400_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is one person, and what grouping is told of the company.

    Attributes:
        groups: everybody who is one person -> directory groups. A shared name or address is not one person.
        sanctioned: destinations, and accounts there (``acc_...``), that customers' data is meant to go to.
        most: actors beyond whom a destination, or an account there, is everybody's.
    """

    groups: Mapping[str, Sequence[str]]
    sanctioned: frozenset[str]
    most: int

    def meant(self, one: Transfer) -> bool:
        """Tell whether a transfer went where customers' data is meant to go."""
        return one.site in self.sanctioned or one.account_name in self.sanctioned


@dataclass(frozen=True, slots=True)
class Draft:
    """An incident before its numbers are counted.

    Attributes:
        key: what makes it the same incident when it is computed again: whose it is, and where it began.
        because: one sentence without anybody's name: "grouped because ...".
        terms: what its kind adds to the severity, and why.
    """

    kind: Kind
    key: str
    people: tuple[str, ...]
    events: tuple[int, ...]
    because: str
    rule: str = ""
    terms: tuple[tuple[int, str], ...] = ()

    @property
    def id(self) -> str:
        """Return its number: that of the block page where there was one, else made of kind and key."""
        if self.kind in {"burst", "ring"}:
            return self.key
        since = "v2" if self.kind == "shared-account" else "v1"  # the version that brought the kind: names stay
        digest = sha256(f"{since}\0{self.kind}\0{self.key}".encode(errors="surrogatepass")).hexdigest()
        return f"{self.kind}-{digest[:8]}"


@dataclass(frozen=True, slots=True)
class Grouped:
    """An incident. Times in milliseconds since the epoch; customers as a scope counts them.

    Attributes:
        severity: sum of `terms`.
    """

    id: str
    kind: Kind
    people: tuple[str, ...]
    sites: tuple[str, ...]
    action: str
    rule: str
    first: int
    last: int
    events: tuple[int, ...]
    customers: int
    left: int
    possible: int
    blocked: int
    because: str
    severity: int
    terms: tuple[tuple[int, str], ...]

    def as_json(self) -> dict[str, Any]:
        return dict(zip(_NAMES, self.as_row(), strict=True))

    def as_row(self) -> tuple[Any, ...]:
        """Return the values of all fields, JSON-ready; ten times as fast as `asdict`, and there are thousands."""
        return _values(self)

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Self:
        """Return what `as_row` told, and JSON kept."""
        values = list(row)
        for at in _LISTS:
            values[at] = tuple(values[at])
        values[-1] = tuple((points, says) for points, says in values[-1])
        return cls(*values)


_NAMES: Final = tuple(one.name for one in fields(Grouped))
_LISTS: Final = tuple(_NAMES.index(name) for name in ("people", "sites", "events"))
_values: Final[Callable[[Grouped], tuple[Any, ...]]] = attrgetter(*_NAMES)


class Watching(Protocol):
    """One kind: sees every transfer in order of sequence, and then says what it found."""

    def see(self, one: Transfer) -> None: ...

    def found(self) -> list[Draft]: ...
