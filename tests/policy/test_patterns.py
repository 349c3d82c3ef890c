from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.policy import patterns
from dlp_proxy.policy.load import load
from dlp_proxy.policy.patterns import literals_of
from dlp_proxy.policy.write import write

# Patterns that take exponential or high polynomial time on the texts that make them.
EVIL = [
    r"x(a|a)*$",
    r"(\w+\s?)*x",
    r"([\w.-]+)+@",
    r"(?:SO-)(\d+\w?)+-(\d+)+$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"([a-zA-Z]+)*!",
    r"(.*a){20}!",
    r"(?:\d+-?)+x",
    r"(x+x+)+y",
    r"(\s*\w+\s*)+;",
]


def problems_of(world: Any, pattern: str) -> list[str]:
    quoted = pattern.replace("'", "''")
    text = f"format: dlp-policy/v1\npolicy: p\ndetectors:\n  d: {{pattern: '{quoted}'}}\n"
    return [one.code for one in world.load(text).problems if one.severity == "error"]


def test_nine_of_ten_patterns_that_take_for_ever_are_caught(world: Any) -> None:
    caught = [pattern for pattern in EVIL if problems_of(world, pattern) == ["REGEX-SLOW"]]
    assert len(caught) >= 9, set(EVIL) - set(caught)


def shipped_patterns() -> list[str]:
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "pattern":
                    found.append(value)
                elif key == "patterns":
                    found.extend(one for one in value if isinstance(one, str))
                walk(value)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    for path in sorted((Path(__file__).parents[2] / "policies").rglob("*.yaml")):
        walk(yaml.safe_load(path.read_text()))
    return found


# From the shipped policies, the design's examples, and what people write.
GOOD = [
    r"SO-\d{8}-\d{6}",
    r"(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}",
    r"[\p{Han}]{2,8}(?:省|市|区|县)[\p{Han}\d]{2,30}(?:路|街|道|巷|村|号|栋|室)",
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}",
    r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]",
    r"gh[pousr]_[A-Za-z0-9]{36,255}",
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\b(?:\d[ -]*?){13,16}\b",
    r"(\w++\s?+)*+x",
]


def test_good_patterns_are_left_alone(world: Any) -> None:
    every = [*GOOD, *shipped_patterns()]
    assert len(every) >= 12
    assert {pattern: found for pattern in every if (found := problems_of(world, pattern))} == {}


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"SO-\d{8}-\d{6}", "SO--"),
        (r"(\w+\s?)*x", "x"),
        (r"([\w.-]+)+@", "@"),
        (r"(?P<value>a)(?:b)(?=c)\.\p{Han}", "abc."),
        (r"[\]x]y", "y"),
    ],
)
def test_literals_of_a_pattern_are_what_stands_for_itself(pattern: str, literals: str) -> None:
    assert literals_of(pattern) == literals


def test_no_pattern_that_is_built_in_is_called_dull(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_probes", lambda _: iter(()))
    texts = {f"{spec.name}.yaml": write(spec) for spec in STANDARD}
    assert [one.path for one in load(texts, world.today).problems if one.code == "REGEX-DULL"] == []
    assert len(texts) >= 19
