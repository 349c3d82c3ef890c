"""Proofs from one tree, against the definitions."""

from __future__ import annotations

from hashlib import sha256

import pytest

from dlp_proxy.evidence.merkle import inclusion, root_from, root_of
from dlp_proxy.evidence.proofs import consistency, consistent, inclusions

LEAVES = [sha256(bytes([number])).digest() for number in range(40)]


def test_paths_are_those_of_the_definition() -> None:
    looked = 0
    for size in range(1, 41):
        paths = inclusions(LEAVES[:size], range(size))
        for index in range(size):
            looked += 1
            assert paths[index] == inclusion(LEAVES[:size], index)
            assert root_from(index, size, LEAVES[index], paths[index]) == root_of(LEAVES[:size])
    assert looked == 820


def test_a_longer_log_begins_with_a_shorter_one() -> None:
    looked = 0
    for second in range(1, 41):
        for first in range(1, second + 1):
            looked += 1
            proof = consistency(LEAVES[:second], first)
            old, new = root_of(LEAVES[:first]), root_of(LEAVES[:second])
            assert consistent(first, old, second, new, proof)
            assert not consistent(first, sha256(old).digest(), second, new, proof)
            assert not consistent(first, old, second, sha256(new).digest(), proof)
            assert not consistent(first, old, second, new, [*proof, old])
            assert not proof or not consistent(first, old, second, new, proof[:-1])
            assert not consistent(first, old, 64 + second, new, proof)
    assert looked == 820


def test_nothing_begins_with_a_longer_one() -> None:
    with pytest.raises(ValueError, match="no longer"):
        consistency(LEAVES, 41)
    assert not consistent(0, b"", 3, root_of(LEAVES[:3]), [])
    assert not consistent(3, root_of(LEAVES[:3]), 4, root_of(LEAVES[:4]), [])
