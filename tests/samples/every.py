"""Every sample there is."""

from __future__ import annotations

from collections.abc import Iterator

from tests.samples import (
    benign,
    containers,
    databases,
    disguises,
    documents,
    exchanges,
    floods,
    lies,
    locked,
    pictures,
    programs,
    stores,
    tables,
    tools,
    traps,
    words,
)
from tests.samples import hostile as hostile_files
from tests.samples.customers import customers
from tests.samples.sample import Sample, blocked

FAMILIES = (tables, programs, words, documents, stores, tools, databases, exchanges, containers, pictures, disguises)


def samples(*, hostile: bool = False, count: int = 200) -> Iterator[Sample]:
    if hostile:
        yield from hostile_files.samples()
        yield from (
            Sample(f"hostile/{name}", data, "gap") for name, data in [*floods.files(), *lies.files(), *traps.files()]
        )
        return
    some = customers(count)
    for family in FAMILIES:
        yield from blocked(family.__name__.rpartition(".")[2], family.files(some), some)
    yield from pictures.shown(some)
    yield from locked.samples(some)
    yield from benign.samples()
