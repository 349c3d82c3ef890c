"""Which value names a customer: the first of ``identify_by`` that is not everybody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dlp_proxy.detect.membership import ONE_CUSTOMER, Membership


def identities(customers: Sequence[Sequence[int]], member: Membership) -> list[bytes]:
    """Return the identity of each customer, all of one message.

    A value that stands in more than `ONE_CUSTOMER` customers' records, with more than `ONE_CUSTOMER` values of some
    other sort beside it, is shared: a shop's phone, a hotline, a made-up number. It names nobody while there is
    another; and where all are shared, the one in the fewest records does.
    """
    findings = member.findings
    names = [findings[member.first_name(held)].fingerprint for held in customers]
    if len(names) <= ONE_CUSTOMER:
        return names
    counted = Counter(names)
    often = {name for name, count in counted.items() if count > ONE_CUSTOMER}
    if not often:
        return names
    values = [member.values(held) for held in customers]
    records = Counter(value for each in values for by_value in each.values() for value in by_value)
    shared = _shared(values, records)
    if shared.isdisjoint(often):
        return names
    order = [*member.naming, *(bit for bit in member.wanted if bit not in member.naming)]
    return [
        _distinctive(each, order, len(member.naming), shared, records) if name in shared else name
        for name, each in zip(names, values, strict=True)
    ]


def _shared(values: Sequence[Mapping[int, Mapping[bytes, object]]], records: Mapping[bytes, int]) -> set[bytes]:
    """Return the values that stand in many records beside many different values of one detector."""
    beside: dict[bytes, dict[int, set[bytes]]] = {}
    for each in values:
        # So many are enough to tell; a record that holds thousands must not be multiplied by itself.
        some = {bit: list(by_value)[: ONE_CUSTOMER + 2] for bit, by_value in each.items()}
        for by_value in each.values():
            for value in by_value:
                if records[value] <= ONE_CUSTOMER:
                    continue
                others = beside.setdefault(value, {})
                for bit, known in some.items():
                    found = others.setdefault(bit, set())
                    if len(found) <= ONE_CUSTOMER:
                        found.update(other for other in known if other != value)
    return {value for value, others in beside.items() if any(len(found) > ONE_CUSTOMER for found in others.values())}


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
