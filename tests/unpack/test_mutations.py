"""A seeded part of ``scripts/fuzz mutate``: damaged samples of every family, here and now."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Final

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack.unpack import unpack
from tests.samples.every import samples
from tests.samples.mutations import mutated
from tests.samples.sample import Sample
from tests.unpack.samples import message, tight

SAMPLES: Final = [one for one in samples(count=3) if one.expect != "allowed" and len(one.data) < 60_000]
LIMITED: Final = tight(expanded_bytes=4_000_000, ratio_floor=1_000_000, members=300, parts=600)
EACH: Final = 3


@pytest.mark.parametrize("family", sorted({one.name.partition("/")[0] for one in SAMPLES}))
def test_no_damaged_sample_makes_a_reader_fail(family: str) -> None:
    some: list[Sample] = [one for one in SAMPLES if one.name.startswith(f"{family}/")]
    failed = []
    for one in some:
        for number in range(EACH):
            data = mutated(one.data, random.Random(f"{one.name} {number}"))
            failed += [
                f"{one.name} {number}: {gap.detail}"
                for gap in unpack(message(data), LIMITED).gaps
                if gap.reason == "failed"
            ]
    assert failed == []
    assert len(some) >= 8


def test_the_same_seed_damages_alike_and_damage_is_done() -> None:
    data = bytes(range(256)) * 4
    assert mutated(data, random.Random(5)) == mutated(data, random.Random(5))
    assert sum(mutated(data, random.Random(n)) != data for n in range(50)) > 45


@lru_cache(maxsize=1)
def _of_five() -> dict[str, bytes]:
    return {one.name: one.data for one in samples(count=5)}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("stores/orders.feather", 15),
        ("stores/orders.orc", 149),
        ("stores/protocol-0.pickle", 112),
        ("benign/one-line.txt", 98),
    ],
)
def test_damage_that_once_made_a_reader_fail(name: str, number: int) -> None:
    data = mutated(_of_five()[name], random.Random(f"{name} {number}"))
    assert [gap.detail for gap in unpack(message(data), LIMITS).gaps if gap.reason == "failed"] == []
