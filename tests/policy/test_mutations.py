"""Damage to good files: never a traceback, never silence, and the error stands near the damage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlp_proxy.policy import patterns
from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.load import Loaded, load
from dlp_proxy.policy.problem import render_all
from tests.policy.damage import damage


@pytest.fixture(autouse=True)
def _no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the slow-pattern probe out: it has its own test, and here patterns would be probed thousands of times."""
    monkeypatch.setattr(patterns, "_probes", lambda _: iter(()))


def test_damage_means_the_same_or_is_told_at_its_line() -> None:
    outcome = damage(120, 20261123, date(2026, 11, 23))
    assert outcome.counts.total() == 120
    assert outcome.good >= 0.95, "\n".join(outcome.shown)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_at_all_gives_problems_and_no_traceback(world: Any, text: str) -> None:
    found = load({"x.yaml": text}, world.today)
    assert found.policy is None
    assert found.problems
    render_all(found.problems, {"x.yaml": text}).encode("utf-8", "surrogatepass")


KEYS = st.sampled_from(sorted({name for block in BLOCKS.values() for name in block.by_name} | {"a", "b", "en"}))
WORDS = ["dlp-policy/v1", "a", "b", "std/email", "block", "log", "24h", "x.example", "2027-01-01", "csv", "(", "a+"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 500),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=st.dictionaries(KEYS, TREES, max_size=6))
def test_any_shape_of_known_keys_gives_an_answer_and_no_traceback(world: Any, tree: dict[str, Any]) -> None:
    text = yaml.safe_dump({"format": "dlp-policy/v1", "policy": "p"} | tree, allow_unicode=True, sort_keys=False)
    found: Loaded = load({"x.yaml": text}, world.today)
    assert (found.policy is None) == any(one.severity == "error" for one in found.problems)
    render_all(found.problems, {"x.yaml": text})
