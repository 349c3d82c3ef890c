"""Damage to good files: never a traceback, never silence, and the error stands near the damage."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlp_proxy.policy import patterns
from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.load import Loaded, load
from dlp_proxy.policy.problem import render_all

type Damage = Callable[[random.Random, str], str]


@pytest.fixture(autouse=True)
def _no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the slow-pattern probe out: it has its own test, and here patterns would be probed thousands of times."""
    monkeypatch.setattr(patterns, "_probes", lambda _: iter(()))


def drop_letter(rng: random.Random, line: str) -> str:
    at = rng.randrange(len(line))
    return line[:at] + line[at + 1 :]


def double_letter(rng: random.Random, line: str) -> str:
    at = rng.randrange(len(line))
    return line[:at] + line[at] + line[at:]


def swap_letters(rng: random.Random, line: str) -> str:
    at = rng.randrange(len(line) - 1) if len(line) > 1 else 0
    return line[:at] + line[at + 1 : at + 2] + line[at : at + 1] + line[at + 2 :]


def wild_letter(rng: random.Random, line: str) -> str:
    at = rng.randrange(len(line) + 1)
    return line[:at] + rng.choice("'\"{}[]:#&*!|>%@`\t\\,-?~订\x00\u2028\ufeff") + line[at:]


def indent(rng: random.Random, line: str) -> str:
    return " " * rng.randint(1, 3) + line


def outdent(rng: random.Random, line: str) -> str:
    return line[rng.randint(1, 2) :] if line.startswith("  ") else line


def empty_value(_: random.Random, line: str) -> str:
    return line.split(":", maxsplit=1)[0] + ":"


DAMAGES: tuple[Damage, ...] = (drop_letter, double_letter, swap_letters, wild_letter, indent, outdent, empty_value)


def shipped(world: Any) -> dict[str, str]:
    return {str(path.relative_to(world.shipped)): path.read_text() for path in sorted(world.shipped.rglob("*.yaml"))}


def test_damage_is_never_a_traceback_and_shows_near_its_line(world: Any) -> None:
    rng = random.Random(20261123)
    files = shipped(world)
    good = load(files, world.today)
    assert good.policy is not None
    tried = told = near = 0
    for _ in range(600):
        path = rng.choice(sorted(files))
        lines = files[path].split("\n")
        number = rng.randrange(len(lines))
        if not lines[number].strip() or lines[number].lstrip().startswith("#"):
            continue
        lines[number] = rng.choice(DAMAGES)(rng, lines[number])
        damaged = files | {path: "\n".join(lines)}
        found = load(damaged, world.today)
        render_all(found.problems, damaged)
        tried += 1
        if found.problems:
            told += 1
            near += any(one.path == path and abs(one.line - 1 - number) <= 1 for one in found.problems)
    assert tried > 500
    assert told > tried / 2
    assert near / told >= 0.85, f"{near} of {told} problems stood at the damage"


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
