"""Findings against labels: recall, precision and documents with a false alarm, per family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.quality.case import Case, Family, Span, cases

type Finder = Callable[[str], Iterable[Span]]

OVERLAP: Final = 0.5
"""A finding is a label's when they share this part of the longer of the two."""


@dataclass(slots=True)
class Result:
    """Counts of one family, and examples of what went wrong."""

    family: Family
    documents: int = 0
    labels: int = 0
    found: int = 0
    findings: int = 0
    right: int = 0
    alarmed: int = 0
    missed: list[tuple[Case, Span]] = field(default_factory=list)
    wrong: list[tuple[Case, Span]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.findings if self.findings else 1.0

    @property
    def alarms(self) -> float:
        """Share of documents in which something was found that is not there."""
        return self.alarmed / self.documents if self.documents else 0.0

    @property
    def passes(self) -> bool:
        if self.family.bar is None:
            return True
        return self.alarms <= self.family.bar if self.family.negative else self.recall >= self.family.bar


def measure(family: Family, finder: Finder, count: int, seed: str = "") -> Result:
    """Run `finder` over `count` cases of a family."""
    return judge(family, [(one, finder(one.text)) for one in cases(family, count, seed)])


def judge(family: Family, answers: Iterable[tuple[Case, Iterable[Span]]]) -> Result:
    """Count what was found in the cases of a family."""
    result = Result(family)
    for one, answer in answers:
        found = [span for span in answer if span.kind in family.kinds]
        hit = [any(_same(label, span) for span in found) for label in one.spans]
        right = [any(_same(label, span) for label in one.spans) for span in found]
        result.documents += 1
        result.labels += len(hit)
        result.found += sum(hit)
        result.findings += len(found)
        result.right += sum(right)
        result.alarmed += not all(right)
        result.missed += [(one, label) for label, was in zip(one.spans, hit, strict=True) if not was]
        result.wrong += [(one, span) for span, was in zip(found, right, strict=True) if not was]
    return result


def _same(label: Span, found: Span) -> bool:
    shared = min(label.end, found.end) - max(label.start, found.start)
    longer = max(label.end - label.start, found.end - found.start)
    return label.kind == found.kind and shared >= OVERLAP * longer


def totals(results: Sequence[Result], prefix: str) -> tuple[float, float]:
    """Return recall and share of documents with a false alarm over the families whose name starts with `prefix`.

    Look-alikes are a group of their own, ``kind/not``.
    """
    some = [
        one for one in results if one.family.name.startswith(prefix) and one.family.negative == prefix.endswith("/not")
    ]
    labels = sum(one.labels for one in some)
    documents = sum(one.documents for one in some)
    return (
        sum(one.found for one in some) / labels if labels else 1.0,
        sum(one.alarmed for one in some) / documents if documents else 0.0,
    )
