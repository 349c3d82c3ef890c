"""What metrics tell, and what their labels never hold: each value of a label is a series that is kept for ever."""

from __future__ import annotations

from dataclasses import replace

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Principal
from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.proxy.metrics import STEPS, Metrics
from tests.proxy.test_pool import message
from tests.proxy.test_talk import Judged


def labels(metrics: Metrics) -> set[str]:
    return {
        value
        for metric in metrics.registry.collect()
        for sample in metric.samples
        for name, value in sample.labels.items()
        if name != "le"
    }


def test_of_policy_sets_only_the_one_in_force_is_told() -> None:
    metrics = Metrics()
    metrics.policies("sha256:1", 10.0, stale=False)
    metrics.policies("sha256:2", 20.0, stale=True)
    assert metrics.registry.get_sample_value("dlp_proxy_policy_info", {"digest": "sha256:2"}) == 1
    assert metrics.registry.get_sample_value("dlp_proxy_policy_info", {"digest": "sha256:1"}) is None
    assert metrics.registry.get_sample_value("dlp_proxy_policy_reload_ok") == 0
    assert metrics.registry.get_sample_value("dlp_proxy_policy_loaded_timestamp_seconds") == 20.0


def test_no_label_holds_what_a_sender_chose() -> None:
    metrics = Metrics()
    for number in range(10):
        one = replace(
            message(target=f"/path-{number}"),
            principal=Principal(f"user-{number}", "declared", "none", f"10.0.0.{number}", (f"group-{number}",)),
            destination=Destination("https", f"host-{number}.example", 443),
        )
        gaps = (Gap("encrypted", Location("body", (f"file-{number}",)), f"detail {number}"),)
        seen = Inspection(gaps=gaps, content=f"content-{number}", filenames=(f"file-{number}",))
        metrics.judged(Judged(one, seen, Verdict(Action.LOG, Action.BLOCK, error=f"error {number}")), 100)
    assert labels(metrics) == {"http", "log", "encrypted", *STEPS}
    assert metrics.registry.get_sample_value("dlp_proxy_requests_total", {"channel": "http"}) == 10
    assert metrics.registry.get_sample_value("dlp_proxy_body_bytes_total") == 1000
