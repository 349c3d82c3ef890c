"""What the proxy counts. Labels hold words of ours only: never a user, a host or a path."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from dlp_proxy.proxy.ports import Judgement

STEPS: Final = ("translate", "inspect", "judge", "enforce")
"""Steps of a request whose time is told; `judge` holds the windows, the decision and its durable record."""


class Laps:
    """Tells the time of each step of one message, from the one before."""

    __slots__ = ("_last", "_steps")

    def __init__(self, steps: dict[str, Histogram]) -> None:
        self._steps = steps
        self._last = time.perf_counter()

    def end(self, step: str) -> None:
        now = time.perf_counter()
        self._steps[step].observe(now - self._last)
        self._last = now


class Metrics:
    """Metrics of one proxy in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own = self.registry
        self.requests = Counter("dlp_proxy_requests", "Messages judged", ["channel"], registry=own)
        self.verdicts = Counter("dlp_proxy_verdicts", "Verdicts by action", ["action"], registry=own)
        self.gaps = Counter("dlp_proxy_gaps", "Parts that were not inspected, by reason", ["reason"], registry=own)
        self.bytes = Counter("dlp_proxy_body_bytes", "Bytes of bodies judged", registry=own)
        self.exceptions = Counter("dlp_proxy_exceptions", "Messages that a step failed on", ["step"], registry=own)
        self.refused = Counter("dlp_proxy_destinations_refused", "Requests to refused destinations", registry=own)
        self.refused_form = Counter(
            "dlp_proxy_refused_for_form",
            "Requests and connections refused for how they are put together, by reason",
            ["reason"],
            registry=own,
        )
        self.bypassed = Counter(
            "dlp_proxy_bypassed_bytes", "Bytes passed on unopened, by entry of the bypass file", ["entry"], registry=own
        )
        self.log_ins = Counter("dlp_proxy_log_ins", "Attempts to prove who sends", ["result"], registry=own)
        steps = Histogram(
            "dlp_proxy_step_seconds",
            "Time of a step of a message",
            ["step"],
            buckets=(
                0.0001,
                0.00025,
                0.0005,
                0.001,
                0.0025,
                0.005,
                0.01,
                0.025,
                0.05,
                0.1,
                0.25,
                0.5,
                1,
                2.5,
                5,
                10,
                30,
            ),
            registry=own,
        )
        self.ahead = Counter(
            "dlp_proxy_looks_ahead",
            "Bodies inspected while they came in, by what became of it",
            ["result"],
            registry=own,
        )
        self._steps = {step: steps.labels(step=step) for step in STEPS}
        self._counted = lru_cache(maxsize=64)(_counted)
        self.loop_lag = Histogram(
            "dlp_proxy_loop_lag_seconds",
            "How late the event loop came to a timer: everybody waits that long",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=own,
        )
        self.inspectors = Gauge("dlp_proxy_inspectors", "Inspectors that are there", registry=own)
        self.inspections_under_way = Gauge("dlp_proxy_inspections_under_way", "Messages in inspectors", registry=own)
        self.inspections_waiting = Gauge("dlp_proxy_inspections_waiting", "Messages waiting for one", registry=own)
        self.store_waiting = Gauge("dlp_proxy_store_waiting", "Writes waiting for the store", registry=own)
        self.pool_restarts = Counter("dlp_proxy_inspector_restarts", "Inspectors replaced", ["reason"], registry=own)
        self.connections = Gauge("dlp_proxy_client_connections", "Open client connections", registry=own)
        self.evidence = Counter("dlp_proxy_evidence", "Messages to be sealed", ["result"], registry=own)
        self.policy_reloads = Counter("dlp_proxy_policy_reloads", "Policy sets read", ["result"], registry=own)
        self.policy_ok = Gauge("dlp_proxy_policy_reload_ok", "1 when the policy folder is in force", registry=own)
        self.policy_loaded = Gauge(
            "dlp_proxy_policy_loaded_timestamp_seconds", "When the set in force was taken up", registry=own
        )
        self.policy_info = Gauge("dlp_proxy_policy_info", "The set in force", ["digest"], registry=own)

    def policies(self, digest: str, since: float, *, stale: bool) -> None:
        """Say which set is in force, since when (epoch), and whether the folder has another by now that is refused."""
        self.policy_ok.set(not stale)
        self.policy_loaded.set(since)
        self.policy_info.clear()
        self.policy_info.labels(digest=digest).set(1)

    def laps(self) -> Laps:
        """Return what tells the time of each step of one message, from now on."""
        return Laps(self._steps)

    def judged(self, judgement: Judgement, size: int) -> None:
        self._counted(self.requests, judgement.message.channel).inc()
        self._counted(self.verdicts, judgement.verdict.action.word).inc()
        self.bytes.inc(size)
        for gap in judgement.inspection.gaps:
            self.gaps.labels(reason=gap.reason).inc()


def _counted(counter: Counter, label: str) -> Any:  # noqa: ANN401 - the library says no more
    return counter.labels(label)
