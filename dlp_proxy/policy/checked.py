"""A block of a policy file after its shape was checked: good values by key, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dlp_proxy.policy.node import Scalar
from dlp_proxy.policy.problem import Place


@dataclass(frozen=True, slots=True)
class Given:
    """One value that was written. `value` is its meaning: for ``time`` seconds, for ``size`` bytes, else as written.

    `name` is the language of a text under a ``texts`` key.
    """

    value: str | int | float | Checked
    place: Place
    scalar: Scalar | None = None
    name: str = ""

    @property
    def text(self) -> str:
        return str(self.value)


@dataclass(slots=True)
class Checked:
    """A block. A key that was written with a wrong value is in `written` and not in `given`.

    Attributes:
        kind: which block of the grammar.
        name: its name when it has one, else that of the named block around it.
        title: what people call it: ``rule `bulk` (limits.0)``.
        place: its name, or where it starts.
        broken: some of its own keys are wrong.
    """

    kind: str
    name: str
    title: str
    place: Place
    given: dict[str, tuple[Given, ...]] = field(default_factory=dict)
    written: dict[str, Place] = field(default_factory=dict)
    broken: bool = False

    def all(self, key: str) -> tuple[Given, ...]:
        return self.given.get(key, ())

    def one(self, key: str) -> Given | None:
        found = self.given.get(key, ())
        return found[0] if found else None

    def text(self, key: str, otherwise: str = "") -> str:
        found = self.one(key)
        return found.text if found else otherwise

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(found.text for found in self.all(key))

    def number(self, key: str, otherwise: int = 0) -> int:
        found = self.one(key)
        return found.value if found and isinstance(found.value, int) else otherwise

    def blocks(self, key: str) -> tuple[Checked, ...]:
        return tuple(found.value for found in self.all(key) if isinstance(found.value, Checked))

    def block(self, key: str) -> Checked | None:
        found = self.blocks(key)
        return found[0] if found else None

    def walk(self) -> Iterator[Checked]:
        """Yield this block and every block in it, in the order they were written."""
        yield self
        for values in self.given.values():
            for value in values:
                if isinstance(value.value, Checked):
                    yield from value.value.walk()

    @property
    def faulty(self) -> bool:
        """Tell whether this block or one in it has a wrong key, so that what follows from it is not worth saying."""
        return any(block.broken for block in self.walk())
