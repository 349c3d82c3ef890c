"""Adding up what the workers of an installation counted.

A worker that ended takes its gauges with it; what it counted stays, so that counters never go back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from prometheus_client import Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families

_OLDEST: Final = "_created"
"""End of the names of series that say since when is counted."""
_ADDED: Final = frozenset({"counter", "histogram", "summary"})

type _Series = tuple[str, tuple[tuple[str, str], ...]]


class Sums:
    """Metrics that were added up."""

    def __init__(self) -> None:
        self._families: dict[str, tuple[str, str]] = {}
        self._values: dict[str, dict[_Series, float]] = {}

    def add(self, text: str, *, lasting: bool = False) -> None:
        """Add what one process says in Prometheus' text format.

        Args:
            lasting: only what goes on counting when the process is gone.
        """
        for family in text_string_to_metric_families(text):
            if lasting and family.type not in _ADDED:
                continue
            self._families.setdefault(family.name, (family.type, family.documentation))
            values = self._values.setdefault(family.name, {})
            for sample in family.samples:
                series = sample.name, tuple(sorted(sample.labels.items()))
                values[series] = _together(family.name, values.get(series), sample.value)

    def include(self, others: Sums) -> None:
        self.add(others.text().decode())

    def text(self) -> bytes:
        return generate_latest(_Collected(self._metrics()))

    def _metrics(self) -> Iterator[Metric]:
        for name, (kind, documentation) in self._families.items():
            metric = Metric(name, documentation, kind)
            for (sample, labels), value in self._values[name].items():
                metric.add_sample(sample, dict(labels), value)
            yield metric


class _Collected:
    """What `generate_latest` needs of a registry."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _together(name: str, before: float | None, value: float) -> float:
    if before is None:
        return value
    return min(before, value) if name.endswith(_OLDEST) else before + value


def together(facts: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Return the facts of several workers as one: where they differ, each that there is."""
    found: dict[str, list[object]] = {}
    for one in facts:
        for name, value in one.items():
            seen = found.setdefault(name, [])
            if value not in seen:
                seen.append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
