"""What a `RecordSpec` says about a handful of findings: complete or not, whose, and how many customers they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dlp_proxy.model.finding import Finding
from dlp_proxy.model.record import RecordSpec


class Membership:
    """Answers about findings given by their indices, ascending."""

    def __init__(self, spec: RecordSpec, findings: Sequence[Finding]) -> None:
        self.spec = spec
        self._findings = findings

    def complete(self, held: Sequence[int]) -> bool:
        """Say whether `held` satisfies ``has``, ``has_some`` and holds an identity."""
        return self.satisfied({self._findings[index].detector for index in held})

    def satisfied(self, detectors: set[str] | frozenset[str]) -> bool:
        """Say whether findings of just these detectors would make a record."""
        return (
            detectors.issuperset(self.spec.has)
            and len(detectors.intersection(self.spec.has_some)) >= self.spec.has_some_at_least
            and not detectors.isdisjoint(self.spec.identify_by)
        )

    def identity(self, held: Sequence[int]) -> bytes:
        """Return the first value of the first detector of ``identify_by`` that is there."""
        values = self._values(held)
        name = next(name for name in self.spec.identify_by if name in values)
        return next(iter(values[name]))

    def most_identities(self, held: Sequence[int]) -> int:
        """Return the number of different values of the identifying detector that has most of them."""
        values = self._values(held)
        return max((len(values.get(name, ())) for name in self.spec.identify_by), default=0)

    def whole_customers(self, held: Sequence[int]) -> int:
        """Return how many complete customers the different values in `held` could make, each value used once."""
        counts = {name: len(values) for name, values in self._values(held).items()}
        some = sorted((counts.get(name, 0) for name in self.spec.has_some), reverse=True)
        needed = [counts.get(name, 0) for name in self.spec.has] + some[: self.spec.has_some_at_least]
        return min(min(needed, default=0), self.most_identities(held))

    def dealt(self, held: Sequence[int]) -> Iterator[tuple[bytes, tuple[int, ...]]]:
        """Yield each identity of a list with what it claims: its own findings and the n-th value of the others."""
        values = self._values(held)
        names = [name for name in self.spec.identify_by if name in values]
        name = max(names, key=lambda name: len(values[name]))
        # The first one in the policy's order is the identity unless only a later one makes this a list.
        name = next((first for first in names if len(values[first]) * 2 > len(values[name])), name)
        shares: list[list[int]] = [list(indices) for indices in values[name].values()]
        for other, by_value in values.items():
            if other == name:
                continue
            for number, indices in enumerate(by_value.values()):
                shares[min(number, len(shares) - 1)] += indices
        for identity, share in zip(values[name], shares, strict=True):
            yield identity, tuple(sorted(share))

    def _values(self, held: Sequence[int]) -> Mapping[str, dict[bytes, list[int]]]:
        """Return detector -> fingerprint -> findings, in order of first appearance."""
        values: defaultdict[str, dict[bytes, list[int]]] = defaultdict(dict)
        for index in held:
            finding = self._findings[index]
            values[finding.detector].setdefault(finding.fingerprint, []).append(index)
        return values
