"""What a `RecordSpec` says about a handful of findings: complete or not, whose, and how many customers they make.

Each detector of the record is one bit, so that a set of detectors is a number and most questions are one look-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.record import RecordSpec

ONE_CUSTOMER: Final = 3
"""Values of one kind that one customer may have: a second phone, a changed number."""

_FEW: Final = 4
"""Among so many times as many identities values are a few."""

MASKED: Final = "masked-phone"
"""A kind that names nobody, whatever a policy says: `138****1234` stands for ten thousand people."""

MAIL: Final = "email"
"""A kind of which a place may have one by its own name."""


class Membership:
    """Answers about findings given by their indices, ascending. `bits` has the detector of each finding, 0 for none."""

    def __init__(self, spec: RecordSpec, findings: Sequence[Finding], confidence: Confidence = Confidence.LOW) -> None:
        self.spec = spec
        self.findings = findings
        names = dict.fromkeys((*spec.has, *spec.has_some, *spec.identify_by))
        bit_of = {name: 1 << number for number, name in enumerate(names)}
        bit = bit_of.get
        self.bits = [bit(one.detector, 0) if one.confidence >= confidence else 0 for one in findings]
        self.naming = tuple(dict.fromkeys(bit_of[name] for name in spec.identify_by))
        self.wanted = tuple(bit_of.values())
        self._has = sum({bit_of[name] for name in spec.has})
        self._some = sum({bit_of[name] for name in spec.has_some})
        self._names = sum(self.naming)
        self._not_only = sum(bit_of[name] for name in set(spec.not_only) & bit_of.keys())
        self._of_places = sum(bit_of[name] for name in set(spec.not_only_of_places) & bit_of.keys())
        self._complete: dict[int, bool] = {}

    def usable(self) -> list[int]:
        """Return the findings that count, ascending; of several that are one value at one place only the first bit."""
        bits, findings = self.bits, self.findings
        chosen: list[int] = []
        before: Finding | None = None
        start = -1
        for index, bit in enumerate(bits):
            if not bit:
                continue
            finding = findings[index]
            if finding.kind == MASKED:
                bits[index] = 0
                continue
            if finding.start == start and before is not None and _is_same(finding, before):
                if bit < bits[chosen[-1]]:
                    chosen[-1] = index
                continue
            chosen.append(index)
            before = finding
            start = finding.start
        return chosen

    def mask(self, held: Sequence[int]) -> int:
        """Return the detectors of `held` as one number."""
        mask = 0
        for index in held:
            mask |= self.bits[index]
        return mask

    def complete(self, mask: int) -> bool:
        """Say whether findings of the detectors in `mask` are a record: all that its spec asks, and an identity."""
        known = self._complete.get(mask)
        if known is None:
            known = self._complete[mask] = (
                mask & self._has == self._has
                and (mask & self._some).bit_count() >= self.spec.has_some_at_least
                and mask & self._names != 0
                and mask & ~self._not_only != 0
            )
        return known

    def complete_apart(self, mask: int) -> bool:
        """Say whether `mask` is a record where its findings do not stand together: by as many kinds of values.

        A column of telephones has mobiles and landlines, and numbers of parts may look like those of two countries:
        of one kind they are one way to reach somebody.
        """
        kinds = {self._kind_of[bit] for bit in self._kind_of if bit & mask & self._some}
        return self.complete(mask) and len(kinds) >= self.spec.has_some_at_least

    @cached_property
    def _kind_of(self) -> Mapping[int, str]:
        """Detector -> what it finds, for those that found something."""
        return {bit: one.kind for bit, one in zip(self.bits, self.findings, strict=True) if bit}

    def may_be_place(self, held: Sequence[int]) -> bool:
        """Say whether `held` is nothing but what a shop or an office has as well, mail addresses among it."""
        if not self._of_places:
            return False
        return all(self.bits[index] & self._of_places or self.findings[index].kind == MAIL for index in held)

    def hangs_on_mail(self, held: Sequence[int]) -> bool:
        """Say whether `held` is nothing but what makes no record by itself (``not_only``), and mail addresses."""
        if not self._not_only:
            return False
        return all(self.bits[index] & self._not_only or self.findings[index].kind == MAIL for index in held)

    def is_of_places(self, held: Sequence[int]) -> bool:
        """Say whether what makes a record at all (not in ``not_only``) is a few values among many identities.

        The one mail address of a page of branches, each with an address, a telephone and a fax, is nobody's.
        """
        if not self._not_only:
            return False
        values = self.values(held)
        own = sum(len(some) for bit, some in values.items() if not bit & self._not_only)
        return own * _FEW < max((len(values.get(name, ())) for name in self.naming), default=0)

    def first_name(self, held: Sequence[int]) -> int:
        """Return the first finding of the first detector of ``identify_by`` that is in `held`, which is complete."""
        bits = self.bits
        for name in self.naming:
            for index in held:
                if bits[index] == name:
                    return index
        raise ValueError("no identity in a record")

    def values(self, held: Sequence[int]) -> Mapping[int, dict[bytes, list[int]]]:
        """Return detector -> fingerprint -> findings, in order of first appearance."""
        values: dict[int, dict[bytes, list[int]]] = {}
        bits, findings = self.bits, self.findings
        for index in held:
            values.setdefault(bits[index], {}).setdefault(findings[index].fingerprint, []).append(index)
        return values

    def is_crowd(self, held: Sequence[int]) -> bool:
        """Say whether there are more identities than one customer has."""
        if len(held) - self.mask(held).bit_count() < ONE_CUSTOMER:
            return False
        values = self.values(held)
        return any(len(values.get(name, ())) > ONE_CUSTOMER for name in self.naming)

    def is_overfull(self, held: Sequence[int]) -> bool:
        """Say whether `held` has one of what each customer must have, such as an order, amid what is of many people."""
        if not self._has or len(held) - self.mask(held).bit_count() < ONE_CUSTOMER:
            return False
        ways: Counter[str] = Counter()
        for bit, by_value in self.values(held).items():
            if bit & self._has and len(by_value) > 1:
                return False
            ways[self._kind_of[bit]] += len(by_value)
        return max(ways.values()) > ONE_CUSTOMER

    def around(self, held: Sequence[int]) -> list[int]:
        """Return of an overfull `held` what stands beside the value that each customer must have, up to the next one.

        That is the run before it or the one behind it, the nearer of those that make a record, in which no kind of
        value comes again. All of `held` where neither does.
        """
        findings = self.findings
        place = next(place for place, index in enumerate(held) if self.bits[index] & self._has)
        before, behind = held[place - 1 :: -1] if place else (), held[place + 1 :]
        runs: list[tuple[int, list[int]]] = []
        for side in (before, behind):
            run = self._without_repeat(held[place], side)
            if len(run) > 1 and self.complete(self.mask(run)):
                away = findings[run[1]].start - findings[run[0]].end
                runs.append((away if away >= 0 else findings[run[0]].start - findings[run[1]].end, sorted(run)))
        return min(runs)[1] if runs else [*held]

    def _without_repeat(self, first: int, side: Sequence[int]) -> list[int]:
        """Return `first` and what follows on one side up to where a kind of value comes again with another one."""
        run, marks = [first], {self._kind_of[self.bits[first]]: self.findings[first].fingerprint}
        for index in side:
            kind, mark = self._kind_of[self.bits[index]], self.findings[index].fingerprint
            if marks.setdefault(kind, mark) != mark:
                break
            run.append(index)
        return run

    def may_be_several(self, held: Sequence[int]) -> bool:
        """Say whether `held` holds two values of what each customer must have, such as two orders."""
        if not self._has or len(held) == self.mask(held).bit_count():
            return False
        return any(len(by_value) > 1 for bit, by_value in self.values(held).items() if bit & self._has)

    def whole_customers(self, held: Sequence[int]) -> int:
        """Return how many complete customers the different values in `held` could make, each value used once.

        Values of one kind are one way to reach somebody, as in `complete_apart`.
        """
        counts = {bit: len(values) for bit, values in self.values(held).items()}
        ways: Counter[str] = Counter()
        for bit, count in counts.items():
            if bit & self._some:
                ways[self._kind_of[bit]] += count
        some = sorted(ways.values(), reverse=True)
        some += [0] * self.spec.has_some_at_least
        needed = [counts.get(bit, 0) for bit in self.wanted if bit & self._has] + some[: self.spec.has_some_at_least]
        most = max((counts.get(name, 0) for name in self.naming), default=0)
        if self._not_only:
            needed.append(sum(count for bit, count in counts.items() if not bit & self._not_only))
        return min(min(needed, default=0), most)

    def dealt(self, held: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield for each identity of a list its first finding and what it claims.

        That is its own findings and the n-th value of the others; what is left over goes to the last.
        """
        values = self.values(held)
        names = [name for name in self.naming if name in values]
        name = max(names, key=lambda name: len(values[name]))
        # The first one in the policy's order is the identity unless only a later one makes this a list.
        name = next((first for first in names if len(values[first]) * 2 > len(values[name])), name)
        shares: list[list[int]] = [list(indices) for indices in values[name].values()]
        for other, by_value in values.items():
            if other == name:
                continue
            for number, indices in enumerate(by_value.values()):
                shares[min(number, len(shares) - 1)] += indices
        for indices, share in zip(values[name].values(), shares, strict=True):
            yield indices[0], tuple(sorted(share))


def _is_same(one: Finding, other: Finding) -> bool:
    return one.part == other.part and one.fingerprint == other.fingerprint
