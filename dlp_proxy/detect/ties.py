"""Identities that are one customer, because one record holds both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dlp_proxy.detect.membership import ONE_CUSTOMER
from dlp_proxy.model.finding import Finding


def customers(records: Iterable[tuple[bytes, Sequence[int]]], findings: Sequence[Finding]) -> Mapping[bytes, int]:
    """Return one identity for each customer, with the place of its first record.

    Identities are tied when a record of one holds the other. An identity that is tied to more than `ONE_CUSTOMER` of
    one kind is shared, and ties nothing. Of those tied together the kind with most identities stands for all, of two
    as frequent the one that comes first: so ties bring the count never under the number of identities of one kind.

    Args:
        records: (identity, findings) in the order in which they count.
        findings: what the records hold indices into.
    """
    records = list(records)
    first: dict[bytes, int] = {}
    kind: dict[bytes, str] = {}
    for place, (identity, held) in enumerate(records):
        if identity not in first:
            first[identity] = place
            kind[identity] = next(findings[index].kind for index in held if findings[index].fingerprint == identity)
    if len(set(kind.values())) <= 1:
        return first
    tied = _tied(records, findings, kind)
    if not tied:
        return first
    whole: dict[bytes, dict[str, list[bytes]]] = {}
    for identity in first:
        whole.setdefault(_root(tied, identity), {}).setdefault(kind[identity], []).append(identity)
    chosen = [identity for by_kind in whole.values() for identity in max(by_kind.values(), key=len)]
    return {identity: first[identity] for identity in sorted(chosen, key=first.__getitem__)}


def _tied(
    records: Sequence[tuple[bytes, Sequence[int]]], findings: Sequence[Finding], kind: Mapping[bytes, str]
) -> dict[bytes, bytes]:
    """Return a forest over the tied identities: each one's parent, for all that have another one."""
    beside: dict[bytes, set[bytes]] = {}
    for identity, held in records:
        for index in held:
            other = findings[index].fingerprint
            if other in kind and other != identity:
                beside.setdefault(identity, set()).add(other)
                beside.setdefault(other, set()).add(identity)
    shared = {identity for identity, others in beside.items() if _is_shared(others, kind)}
    parent: dict[bytes, bytes] = {}
    for identity, others in beside.items():
        if identity in shared:
            continue
        for other in sorted(others - shared):
            one, two = sorted((_root(parent, identity), _root(parent, other)))
            if one != two:
                parent[two] = one
    return parent


def _is_shared(others: set[bytes], kind: Mapping[bytes, str]) -> bool:
    if len(others) <= ONE_CUSTOMER:
        return False
    kinds = [kind[other] for other in others]
    return any(kinds.count(each) > ONE_CUSTOMER for each in set(kinds))


def _root(parent: dict[bytes, bytes], identity: bytes) -> bytes:
    root = identity
    while root in parent:
        root = parent[root]
    while identity in parent and parent[identity] != root:
        parent[identity], identity = root, parent[identity]
    return root
