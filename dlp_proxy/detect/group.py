"""Findings -> records: what belongs to one customer, by the layout of the text it was found in.

Rules, in order:

1. A row, an object or a form is one customer. Objects lie in objects: the innermost that is complete takes its
   findings, and what is left goes up to the one around it.
2. A unit with more than `ONE_CUSTOMER` values of its identity is a list, whatever it calls itself: each value is a
   customer. Else sixty customers in one row would count as one.
3. What no unit completed is free text: a customer is an identity and what stands within the record's text window.
4. But where units were, it is a list too if that gives more whole customers: a table written column by column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from dlp_proxy.detect.layout import innermost, parents
from dlp_proxy.detect.membership import Membership
from dlp_proxy.detect.vicinity import in_text
from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part, Unit
from dlp_proxy.model.record import Record, RecordSpec

ONE_CUSTOMER: Final = 3
"""Values of one identity that one customer's row may hold: a second phone, a changed number."""


def group(
    parts: Sequence[Part], findings: Sequence[Finding], spec: RecordSpec, confidence: Confidence
) -> tuple[Record, ...]:
    """Return the records `spec` describes, made of findings at or above `confidence`, in order of their first finding.

    Args:
        parts: the parts that the findings point into.
        findings: sorted by part and start, as `scan` gives them; the records hold indices into it.
        spec: what makes a record.
        confidence: least confidence of a finding that counts.
    """
    wanted = {*spec.has, *spec.has_some, *spec.identify_by}
    usable = [
        index
        for index, finding in enumerate(findings)
        if finding.confidence >= confidence and finding.detector in wanted
    ]
    records: list[Record] = []
    for number, indices in groupby(usable, key=lambda index: findings[index].part):
        records += _in_part(parts[number], findings, list(indices), Membership(spec, findings))
    return tuple(sorted(records, key=lambda record: record.findings))


def _in_part(part: Part, findings: Sequence[Finding], usable: list[int], member: Membership) -> list[Record]:
    units = [unit for unit in part.units if unit.kind in member.spec.units and unit.kind != "text"]
    records, left = _in_units(part.location, units, usable, findings, member)
    formed = in_text(part, left, findings, member) if "text" in member.spec.units else []
    if units and member.whole_customers(left) > max(ONE_CUSTOMER, len(formed)):
        formed = _list(part.location, left, member)
    return records + formed


def _in_units(
    location: Location, units: Sequence[Unit], usable: list[int], findings: Sequence[Finding], member: Membership
) -> tuple[list[Record], list[int]]:
    """Return the records of complete units, and the findings left over, ascending."""
    own: list[list[int]] = [[] for _ in units]
    left: list[int] = []
    for index, unit in zip(usable, innermost(units, (findings[index].start for index in usable)), strict=True):
        (own[unit] if unit >= 0 else left).append(index)
    records: list[Record] = []
    above = parents(units)
    risen: set[int] = set()
    # Units are sorted with outer before inner, so backwards every unit is seen after all that lie in it.
    for number in range(len(units) - 1, -1, -1):
        held = own[number]
        if not held:
            continue
        held.sort()
        if member.complete(held):
            place = location / units[number].label if units[number].label else location
            records += _of_unit(place, held, member, direct=number not in risen)
        elif above[number] >= 0:
            own[above[number]] += held
            risen.add(above[number])
        else:
            left += held
    return records, sorted(left)


def _of_unit(place: Location, held: list[int], member: Membership, *, direct: bool) -> list[Record]:
    if direct and member.most_identities(held) > ONE_CUSTOMER:
        return _list(place, held, member)
    if not direct and member.whole_customers(held) > ONE_CUSTOMER:
        return _list(place, held, member)
    return [Record(member.spec.name, member.identity(held), place, tuple(held))]


def _list(place: Location, held: Sequence[int], member: Membership) -> list[Record]:
    """Return a record for each identity in `held`; the n-th takes the n-th value of every other detector."""
    return [Record(member.spec.name, identity, place, claimed) for identity, claimed in member.dealt(held)]
