from __future__ import annotations

from hashlib import sha256

import pytest

from dlp_proxy.evidence.merkle import EMPTY, Frontier, inclusion, leaf, root_from, root_of


def by_the_book(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word by word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return sha256(b"\1" + by_the_book(entries[:split]) + by_the_book(entries[split:])).digest()


ENTRIES = [bytes([number % 251]) * (number % 7) for number in range(2100)]
LEAVES = [sha256(b"\0" + entry).digest() for entry in ENTRIES]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 1023, 1024, 1025, 2048, 2100])
def test_the_root_is_that_of_the_standard_however_the_leaves_came(size: int) -> None:
    expected = by_the_book(ENTRIES[:size])
    assert root_of(LEAVES[:size]) == expected
    tree = Frontier()
    for start in range(0, size, 700):
        tree.extend(LEAVES[start : min(size, start + 700)])
        tree = Frontier.of(tree.size, tree.dump())
    assert (tree.size, tree.root()) == (size, expected)


def test_a_tree_without_leaves_has_the_root_of_the_standard() -> None:
    assert Frontier().root() == EMPTY == by_the_book([])


def test_a_leaf_is_that_of_the_standard_over_the_link_and_the_entry() -> None:
    assert leaf(b"p" * 32, b"entry") == sha256(b"\0" + b"p" * 32 + b"entry").digest()


def test_an_audit_path_leads_to_the_root_and_another_leaf_does_not() -> None:
    for size in (1, 2, 5, 8, 13):
        for index in range(size):
            path = inclusion(LEAVES[:size], index)
            assert root_from(index, size, LEAVES[index], path) == root_of(LEAVES[:size])
            assert root_from(index, size, b"x" * 32, path) != root_of(LEAVES[:size])


def test_a_path_of_another_length_is_refused() -> None:
    path = inclusion(LEAVES[:8], 3)
    with pytest.raises(ValueError, match="longer"):
        root_from(3, 8, LEAVES[3], [*path, LEAVES[0]])
    with pytest.raises(ValueError, match="shorter"):
        root_from(3, 8, LEAVES[3], path[:-1])


def test_a_frontier_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="one root for each bit"):
        Frontier.of(3, b"x" * 32)
