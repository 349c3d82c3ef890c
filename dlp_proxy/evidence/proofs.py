"""Many proofs from one tree, and proofs that a longer log begins with a shorter one (RFC 6962, 2.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlp_proxy.evidence.merkle import node, root_of


def inclusions(leaves: Sequence[bytes], indices: Iterable[int]) -> dict[int, list[bytes]]:
    """Return index -> audit path, from the leaf up: every hash of the tree is made once, whatever is asked."""
    paths: dict[int, list[bytes]] = {index: [] for index in indices}
    at = {index: index for index in paths}
    level = list(leaves)
    while len(level) > 1:
        for index, here in at.items():
            beside = here ^ 1
            if beside < len(level):
                paths[index].append(level[beside])
            at[index] = here >> 1
        # A last one without a neighbour goes up as it is: that is the tree of RFC 6962.
        level = [
            node(level[one], level[one + 1]) if one + 1 < len(level) else level[one] for one in range(0, len(level), 2)
        ]
    return paths


def consistency(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Return the proof that a tree over all `leaves` begins with the tree over the first `size`.

    Raises:
        ValueError: there are fewer leaves, or `size` is 0.
    """
    if not 0 < size <= len(leaves):
        raise ValueError("only a tree that is no longer, and not empty, can be its beginning")
    return _subproof(leaves, size, whole=True)


def _subproof(leaves: Sequence[bytes], size: int, *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if size <= split:
        return [*_subproof(leaves[:split], size, whole=whole), root_of(leaves[split:])]
    return [*_subproof(leaves[split:], size - split, whole=False), root_of(leaves[:split])]


def consistent(first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the tree of `second` leaves begins with that of `first` (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    rest = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not rest:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = rest[0]
    for one in rest[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node(one, old), node(one, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node(new, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first_root and new == second_root
