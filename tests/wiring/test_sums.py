"""What several workers say, as one answer."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from dlp_proxy.wiring.sums import Sums, together


def said(requests: int, connections: int) -> str:
    registry = CollectorRegistry()
    counter = Counter("x_requests", "Requests", ["channel"], registry=registry)
    counter.labels(channel="http").inc(requests)
    Gauge("x_connections", "Connections", registry=registry).set(connections)
    Histogram("x_seconds", "Time", buckets=(1, 2), registry=registry).observe(requests)
    return generate_latest(registry).decode()


def values(sums: Sums) -> dict[str, float]:
    return {
        sample.name + "".join(f" {name}={label}" for name, label in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(sums.text().decode())
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_workers_are_added_up() -> None:
    sums = Sums()
    sums.add(said(requests=1, connections=5))
    sums.add(said(requests=2, connections=7))
    assert values(sums) == {
        "x_requests_total channel=http": 3,
        "x_connections": 12,
        "x_seconds_bucket le=1.0": 1,
        "x_seconds_bucket le=2.0": 2,
        "x_seconds_bucket le=+Inf": 2,
        "x_seconds_count": 2,
        "x_seconds_sum": 3,
    }


def test_a_worker_that_ended_takes_its_gauges_with_it_and_leaves_what_it_counted() -> None:
    gone = Sums()
    gone.add(said(requests=10, connections=5), lasting=True)
    sums = Sums()
    sums.add(said(requests=1, connections=2))
    sums.include(gone)
    found = values(sums)
    assert (found["x_requests_total channel=http"], found["x_connections"], found["x_seconds_count"]) == (11, 2, 2)


def test_facts_that_differ_are_all_told() -> None:
    assert together([{"store": "writable", "policy": "a"}, {"store": "disk full", "policy": "a"}]) == {
        "store": ["writable", "disk full"],
        "policy": "a",
    }
