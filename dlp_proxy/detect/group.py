"""Findings -> records: what belongs to one customer, by the layout of the text it was found in.

Rules, in order; their reasons are in docs/adr/0021-who-is-one-customer.md:

1. A row, an object or a form is one customer. Objects lie in objects: the innermost that is complete takes its
   findings, and what is left goes up to the one around it.
2. A unit is a list, whatever it calls itself, when it holds more than `ONE_CUSTOMER` values of its identity, or
   several customers one behind the other. Else sixty customers in one row would count as one.
3. What no unit completed is free text: lines, items, blocks, and what is near. A lone order amid many people takes who
   stands beside it, not all of them.
4. What is near nothing is a list too where that gives whole customers: a table written column by column.
5. What is a shop's, a branch's or an office's by its name is no customer (`outlets.py`).
6. One telephone number, written in several ways, is one way to reach somebody, and numbers that places have too,
   alone in a text, are a list of numbers (`numbers_alone.py`).
7. A value that many customers share names none of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from dlp_proxy.detect.flow import cut
from dlp_proxy.detect.identity import identities
from dlp_proxy.detect.layout import innermost, is_flat, parents
from dlp_proxy.detect.membership import ONE_CUSTOMER, Membership
from dlp_proxy.detect.numbers_alone import are_numbers_alone
from dlp_proxy.detect.outlets import are_places
from dlp_proxy.detect.vicinity import Stretch, in_text
from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part, Unit
from dlp_proxy.model.record import Record, RecordSpec

COLUMNS_APART: Final = 10
"""Whole customers from which columns in different parts of a message, or far apart in one, are a list."""


class _Customer(NamedTuple):
    """A record on its way: its findings, the finding that names it in a list or -1, and what it is in a text."""

    place: Location
    held: tuple[int, ...]
    name: int = -1
    stretch: Stretch | None = None


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
    member = Membership(spec, findings, confidence)
    customers: list[_Customer] = []
    left: list[int] = []
    for number, indices in groupby(member.usable(), key=lambda index: findings[index].part):
        some, rest = _in_part(parts[number], list(indices), member)
        places = are_places(parts[number], [one.held for one in some], member)
        customers += (
            one
            for one, is_place in zip(some, places, strict=True)
            if not is_place
            and not are_numbers_alone(parts[number].text, one.held, member, free=one.stretch is not None)
        )
        left += rest
    if len(left) >= COLUMNS_APART and "text" in spec.units and member.whole_customers(left) >= COLUMNS_APART:
        customers += _list(Location(findings[left[0]].location.area), left, member)
    return _named(customers, member)


def _named(customers: Sequence[_Customer], member: Membership) -> tuple[Record, ...]:
    """Return the records with their identities; one of a text who stands in several places has one."""
    spec, findings = member.spec, member.findings
    names = identities([one.held if one.name < 0 else (one.name,) for one in customers], member)
    records: list[Record] = []
    of_text: dict[tuple[int, bytes], list[_Customer]] = {}
    for one, identity in zip(customers, names, strict=True):
        if one.stretch is None:
            records.append(Record(spec.name, identity, one.place, one.held))
        else:
            of_text.setdefault((findings[one.held[0]].part, identity), []).append(one)
    for (_, identity), some in of_text.items():
        if len(some) == 1 and some[0].stretch is not None:
            records.append(Record(spec.name, identity, some[0].place, *some[0].stretch))
            continue
        held = tuple(sorted(index for one in some for index in one.held))
        beside = tuple(sorted(index for one in some if one.stretch for index in one.stretch.beside))
        records.append(Record(spec.name, identity, some[0].place, held, beside))
    return tuple(sorted(records, key=lambda record: record.findings))


def _in_part(part: Part, usable: list[int], member: Membership) -> tuple[list[_Customer], list[int]]:
    kinds = member.spec.units
    units = [unit for unit in part.units if unit.kind in kinds and unit.kind != "text"]
    customers, left = _in_units(part.location, units, usable, member)
    if "text" not in kinds:
        if units and member.whole_customers(left) > ONE_CUSTOMER:
            return [*customers, *_list(part.location, left, member)], []
        return customers, left
    formed, free = in_text(part.text, left, member)
    if units and left and member.whole_customers(left) > max(ONE_CUSTOMER, len(formed)):
        return [*customers, *_list(part.location, left, member)], []
    crowds: list[tuple[int, ...]] = []
    for one in formed:
        if member.is_overfull(one.held):
            held = member.around(one.held)
            customers.append(_Customer(part.location, tuple(held), -1, Stretch(tuple(held))))
            free += sorted({*one.held, *one.beside} - {*held})
        elif member.is_crowd(one.held) or member.may_be_several(one.held):
            crowds.append(one.held)
            free += one.beside
        else:
            customers.append(_Customer(part.location, one.held, -1, one))
    if not crowds:
        return customers, free
    listed, free = _of_crowds(part.location, crowds, free, member)
    return customers + listed, free


def _in_units(
    location: Location, units: Sequence[Unit], usable: list[int], member: Membership
) -> tuple[list[_Customer], list[int]]:
    """Return the customers of complete units, and the findings left over, ascending."""
    if not units:
        return [], usable
    own, left = _owned(units, usable, member)
    customers: list[_Customer] = []
    above = () if is_flat(units) else parents(units)
    risen: set[int] = set()
    # Units are sorted with outer before inner, so backwards every unit is seen after all that lie in it.
    for number in sorted(own, reverse=True) if not above else range(len(units) - 1, -1, -1):
        held = own.get(number)
        if not held:
            continue
        mask = member.mask(held)
        if member.complete(mask):
            place = location / units[number].label if units[number].label else location
            if number in risen:
                held.sort()
            if len(held) == mask.bit_count():
                customers.append(_Customer(place, tuple(held)))
            else:
                some, rest = _of_unit(place, held, member, direct=number not in risen)
                customers += some
                left += rest
        elif above and above[number] >= 0:
            own.setdefault(above[number], []).extend(held)
            risen.add(above[number])
        else:
            left += held
    return customers, sorted(left)


def _owned(units: Sequence[Unit], usable: list[int], member: Membership) -> tuple[dict[int, list[int]], list[int]]:
    """Return what each unit holds itself, by its number, and what lies in none."""
    findings = member.findings
    own: dict[int, list[int]] = {}
    left: list[int] = []
    for index, unit in zip(usable, innermost(units, [findings[index].start for index in usable]), strict=True):
        if unit < 0:
            left.append(index)
        elif unit in own:
            own[unit].append(index)
        else:
            own[unit] = [index]
    return own, left


def _of_unit(
    place: Location, held: list[int], member: Membership, *, direct: bool
) -> tuple[list[_Customer], list[int]]:
    """Return the customers of a unit whose findings are `held`, one unless it is a list, and what is left over."""
    stretches = cut(held, member)
    rest: list[int] = []
    if len(stretches) > 1 and not member.complete(member.mask(held[stretches[-1][0] :])):
        begin, _ = stretches.pop()
        rest = held[begin:]
        if len(stretches) == 1:
            stretches, rest = [(0, len(held))], []
    if not direct and member.is_overfull(held):
        one = member.around(held)
        return [_Customer(place, tuple(one))], sorted({*held} - {*one})
    whole = member.whole_customers(held)
    if whole > ONE_CUSTOMER or (direct and (member.is_crowd(held) or (member.spec.has and whole > 1))):
        listed = _list(place, held, member)
        if len(listed) >= len(stretches):
            return listed, []
    return [_Customer(place, tuple(held[begin:end])) for begin, end in stretches], rest


def _list(place: Location, held: Sequence[int], member: Membership) -> list[_Customer]:
    """Return a customer for each identity in `held`; the n-th takes the n-th value of every other detector."""
    return [_Customer(place, claimed, name) for name, claimed in member.dealt(held)]


def _of_crowds(
    place: Location, crowds: Sequence[Sequence[int]], free: Sequence[int], member: Membership
) -> tuple[list[_Customer], list[int]]:
    """Return the customers of stretches of text with too many identities for one, and what is left.

    Such a stretch is a list of columns, with what is free around it, or it is many beside one: orders of one phone.
    """
    window = member.spec.text_window
    least = 1 if member.spec.has else ONE_CUSTOMER
    customers: list[_Customer] = []
    left: list[int] = []
    of_crowd = {index: number for number, crowd in enumerate(crowds) for index in crowd}
    for run in _runs(sorted([*of_crowd, *free]), member, window):
        inside = dict.fromkeys(of_crowd[index] for index in run if index in of_crowd)
        if inside and member.whole_customers(run) > least:
            customers += _list(place, run, member)
            continue
        left += [index for index in run if index not in of_crowd]
        for number in inside:
            crowd = tuple(crowds[number])
            if not member.is_crowd(crowd):
                customers.append(_Customer(place, crowd, -1, Stretch(crowd)))
                continue
            near, far = _near(place, crowd, member, window)
            customers += near
            left += far
    return customers, sorted(left)


def _runs(held: Sequence[int], member: Membership, window: int) -> Iterator[list[int]]:
    """Yield `held` in stretches in which nothing is further than `window` from the next."""
    findings = member.findings
    edges = [place for place, (a, b) in enumerate(pairwise(held), 1) if findings[b].start - findings[a].end > window]
    for begin, end in pairwise([0, *edges, len(held)]):
        if end > begin:
            yield list(held[begin:end])


def _near(place: Location, crowd: Sequence[int], member: Membership, window: int) -> tuple[list[_Customer], list[int]]:
    """Return a customer for each identity of a crowd that has a complete record within `window`, and what is left."""
    if member.is_of_places(crowd):
        return [], [*crowd]
    findings, bits = member.findings, member.bits
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for index in crowd:
        starts.setdefault(bits[index], []).append(findings[index].start)
        ends.setdefault(bits[index], []).append(findings[index].end)
    near: list[_Customer] = []
    far: list[int] = []
    for one in _list(place, crowd, member):
        finding = findings[one.name]
        low, high = finding.start - window, finding.end + window
        around = sum(bit for bit in starts if bisect_left(ends[bit], low) < bisect_right(starts[bit], high))
        if member.complete_apart(around):
            near.append(one)
        else:
            far += one.held
    return near, far
