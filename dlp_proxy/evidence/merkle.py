"""The tree over the log's entries (RFC 6962, 2.1), grown leaf by leaf, and proofs that an entry is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

HASH_BYTES: Final = 32
EMPTY: Final = sha256(b"").digest()
"""The root of a tree without leaves."""

FIRST: Final = bytes(HASH_BYTES)
"""What the first entry has for the hash of the one before it."""


def leaf(before: bytes, entry: bytes) -> bytes:
    """Return an entry's hash: of RFC 6962's leaf, whose data is the hash of the entry before and this entry.

    So one hash is link of the chain and leaf of the tree.
    """
    return sha256(b"\0" + before + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


AT_ONCE: Final = 1024
"""Leaves of a whole subtree that is hashed level by level, which is twice as fast."""


def _whole(level: Sequence[bytes]) -> bytes:
    while len(level) > 1:
        level = [sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def whole_trees(leaves: Sequence[bytes]) -> list[bytes]:
    """Return the roots over each `AT_ONCE` leaves; those left over are in none."""
    return [_whole(leaves[at : at + AT_ONCE]) for at in range(0, len(leaves) - AT_ONCE + 1, AT_ONCE)]


@dataclass(slots=True)
class Frontier:
    """A tree of which only the roots of its whole subtrees are kept, the largest first: at most one for each bit."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def extend(self, leaves: Sequence[bytes]) -> None:
        at = 0
        while at < len(leaves):
            if not self.size % AT_ONCE and len(leaves) - at >= AT_ONCE:
                self._add(_whole(leaves[at : at + AT_ONCE]), AT_ONCE)
                at += AT_ONCE
            else:
                self._add(leaves[at], 1)
                at += 1

    def extend_by_trees(self, trees: Sequence[bytes]) -> None:
        """Add roots of `whole_trees`, where `size` is a multiple of `AT_ONCE`."""
        for one in trees:
            self._add(one, AT_ONCE)

    def with_leaves(self, leaves: Sequence[bytes]) -> Frontier:
        """Return another tree that has these leaves too."""
        grown = Frontier(self.size, list(self.roots))
        grown.extend(leaves)
        return grown

    def _add(self, subtree: bytes, leaves: int) -> None:
        """Add a whole subtree of so many leaves, a power of two that `size` is a multiple of."""
        full = self.size // leaves
        while full & 1:
            subtree = node(self.roots.pop(), subtree)
            full >>= 1
        self.roots.append(subtree)
        self.size += leaves

    def root(self) -> bytes:
        if not self.roots:
            return EMPTY
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node(left, root)
        return root

    def dump(self) -> bytes:
        return b"".join(self.roots)

    @classmethod
    def of(cls, size: int, dumped: bytes) -> Self:
        """Return what was dumped at `size`.

        Raises:
            ValueError: it is no frontier of a tree of that size.
        """
        if len(dumped) != HASH_BYTES * size.bit_count():
            raise ValueError("a frontier has one root for each bit of its size")
        return cls(size, [dumped[at : at + HASH_BYTES] for at in range(0, len(dumped), HASH_BYTES)])


def root_of(leaves: Sequence[bytes]) -> bytes:
    tree = Frontier()
    tree.extend(leaves)
    return tree.root()


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf (RFC 6962, 2.1.1), from the leaf up."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*inclusion(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion(leaves[split:], index - split), root_of(leaves[:split])]


def root_from(index: int, size: int, own: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that an audit path leads to (RFC 9162, 2.1.3.2).

    Raises:
        ValueError: no tree of that size has such a path.
    """
    first, last = index, size - 1
    root = own
    for one in path:
        if last == 0:
            raise ValueError("the path is longer than the tree is high")
        if first & 1 or first == last:
            root = node(one, root)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            root = node(root, one)
        first, last = first >> 1, last >> 1
    if last:
        raise ValueError("the path is shorter than the tree is high")
    return root
