"""What the proxy counts. Labels hold words of ours only: never a user, a host or a path."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from dlp_proxy.proxy.ports import Judgement


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
        self.inspection = Histogram(
            "dlp_proxy_inspection_seconds",
            "Time to inspect a request",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=own,
        )
        self.pool_restarts = Counter("dlp_proxy_inspector_restarts", "Inspectors replaced", ["reason"], registry=own)
        self.connections = Gauge("dlp_proxy_client_connections", "Open client connections", registry=own)
        self.policy_reloads = Counter("dlp_proxy_policy_reloads", "Policy sets read", ["result"], registry=own)

    def judged(self, judgement: Judgement, size: int) -> None:
        self.requests.labels(channel=judgement.message.channel).inc()
        self.verdicts.labels(action=judgement.verdict.action.word).inc()
        self.bytes.inc(size)
        for gap in judgement.inspection.gaps:
            self.gaps.labels(reason=gap.reason).inc()
