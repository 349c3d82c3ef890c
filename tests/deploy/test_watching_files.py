"""What an operator's Prometheus and Grafana are given: metrics that exist, and alerts that fire when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.wiring.supervisor import METRICS as OF_THE_SUPERVISOR
from dlp_proxy.wiring.watching import NAMES

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
PROMTOOL: Final = shutil.which("promtool") or "promtool"


def told() -> set[str]:
    """Return the names of all series that `/metrics` tells."""
    families = {family.name: family.type for family in Metrics().registry.collect()}
    families |= dict.fromkeys(NAMES, "gauge") | OF_THE_SUPERVISOR
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    names = {f"{name}{end}" for name, kind in families.items() for end in ends.get(kind, ("",))}
    return names | {"dlp_proxy_build_info"}


def named(text: str) -> set[str]:
    return set(re.findall(r"\bdlp_proxy_[a-z_]+", text))


def expressions(panel: dict[str, Any]) -> Iterator[str]:
    for target in panel.get("targets", ()):
        yield target["expr"]
    for inner in panel.get("panels", ()):
        yield from expressions(inner)


def test_the_dashboard_asks_only_for_metrics_that_exist() -> None:
    board = json.loads((DEPLOY / "grafana" / "dlp-proxy.json").read_text())
    asked = [expression for panel in board["panels"] for expression in expressions(panel)]
    assert len(asked) > 25
    asked.append(board["templating"]["list"][1]["query"])
    assert set().union(*map(named, asked)) - told() == set()


def test_the_dashboard_shows_every_metric() -> None:
    shown = named((DEPLOY / "grafana" / "dlp-proxy.json").read_text())
    families = {family.name for family in Metrics().registry.collect()} | set(NAMES) | set(OF_THE_SUPERVISOR)
    left_out = {"dlp_proxy_policy_loaded_timestamp_seconds", "dlp_proxy_looks_ahead"}
    assert {name for name in families if not any(one.startswith(name) for one in shown)} == left_out


def test_panels_do_not_lie_over_each_other_and_say_what_they_show() -> None:
    board = json.loads((DEPLOY / "grafana" / "dlp-proxy.json").read_text())
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["type"] == "row" or panel["description"].endswith(".")
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_alerts_ask_only_for_metrics_that_exist_and_say_what_to_do() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    assert len(rules) > 10
    for rule in rules:
        assert named(rule["expr"]) - told() == set(), rule["alert"]
        assert rule["annotations"]["mend"]


def test_promtool_reads_the_alerts_and_each_fires_when_it_should() -> None:
    folder = DEPLOY / "prometheus"
    for arguments in (("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")):
        done = subprocess.run([PROMTOOL, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "SUCCESS" in done.stdout


def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_quiet() -> None:
    alerts = {
        one["alert"] for one in yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    }
    cases = yaml.safe_load((DEPLOY / "prometheus" / "alerts_test.yml").read_text())["tests"]
    checks = [check for case in cases for check in case["alert_rule_test"]]
    assert {one["alertname"] for one in checks if one.get("exp_alerts")} == alerts
    assert {one["alertname"] for one in checks if not one.get("exp_alerts")} == alerts
