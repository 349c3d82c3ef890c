"""Which value names a customer: the first of ``identify_by`` that is not everybody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dlp_proxy.detect.membership import ONE_CUSTOMER, Membership


def identities(customers: Sequence[Sequence[int]], member: Membership) -> list[bytes]:
    """Return the identity of each customer, all of one message.

    A shared value names nobody while there is another; and where all are shared, the one in the fewest records does.
    """
    findings = member.findings
    names = [findings[member.first_name(held)].fingerprint for held in customers]
    counted = Counter(names)
    if len(counted) == len(names):
        return names
    values = [member.values(held) for held in customers]
    records = Counter(value for each in values for by_value in each.values() for value in by_value)
    shared = _shared(values, records)
    if shared.isdisjoint(counted):
        return names
    order = [*member.naming, *(bit for bit in member.wanted if bit not in member.naming)]
    return [
        _distinctive(each, order, len(member.naming), shared, records) if name in shared else name
        for name, each in zip(names, values, strict=True)
    ]


class _Company:
    """The values that stand beside one value, over different records."""

    def __init__(self) -> None:
        self._beside: dict[int, set[bytes]] = {}
        self._repeated = False

    def add(self, some: Mapping[int, Sequence[bytes]], value: bytes) -> None:
        for bit, known in some.items():
            found = self._beside.setdefault(bit, set())
            if len(found) > ONE_CUSTOMER:
                continue
            for other in known:
                self._repeated |= other in found
                if other != value:
                    found.add(other)

    @property
    def is_many(self) -> bool:
        """Say whether they are too many for one customer, or different in all they have."""
        sizes = sorted(map(len, self._beside.values()), reverse=True)
        return sizes[0] > ONE_CUSTOMER or (not self._repeated and len(sizes) > 1 and sizes[1] > 1)


def _shared(values: Sequence[Mapping[int, Mapping[bytes, object]]], records: Mapping[bytes, int]) -> set[bytes]:
    """Return the values of several records that these cannot all be one customer's by.

    With more than `ONE_CUSTOMER` values of one detector beside it a value is a shop's phone, a hotline, a made-up
    number. So it is when two records have nothing else in common, in two ways: another phone and another address.
    """
    beside: dict[bytes, _Company] = {}
    known: set[frozenset[bytes]] = set()
    for each in values:
        whole = frozenset(value for by_value in each.values() for value in by_value)
        if whole in known or all(records[value] == 1 for value in whole):
            continue
        known.add(whole)
        # So many are enough to tell; a record that holds thousands must not be multiplied by itself.
        some = {bit: list(by_value)[: ONE_CUSTOMER + 2] for bit, by_value in each.items()}
        for value in whole:
            if records[value] > 1:
                beside.setdefault(value, _Company()).add(some, value)
    return {value for value, company in beside.items() if company.is_many}


def _distinctive(
    each: Mapping[int, Mapping[bytes, object]],
    order: Sequence[int],
    naming: int,
    shared: set[bytes],
    records: Mapping[bytes, int],
) -> bytes:
    for bit in order:
        for value in each.get(bit, ()):
            if value not in shared:
                return value
    return min((value for bit in order[:naming] for value in each.get(bit, ())), key=records.__getitem__)
