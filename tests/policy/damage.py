"""Good files damaged at random: each damage means the same, or is told at its line.

By hand, for the numbers of many: ``python -m tests.policy.damage 2000 1``.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from dlp_proxy.policy import patterns
from dlp_proxy.policy.load import load
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import Problem, render_all

type Damage = Callable[[random.Random, str], str]

SHIPPED: Final = Path(__file__).parents[2] / "policies"


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


DAMAGES: Final[tuple[Damage, ...]] = (
    drop_letter, double_letter, swap_letters, wild_letter, indent, outdent, empty_value,
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """How many damages mean the same, are told at their line, elsewhere, or are another policy that nobody told of."""

    counts: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    @property
    def good(self) -> float:
        return (self.counts["same"] + self.counts["near"]) / self.counts.total()


def damage(count: int, seed: int, today: date) -> Outcome:
    files = {str(path.relative_to(SHIPPED)): path.read_text() for path in sorted(SHIPPED.rglob("*.yaml"))}
    good = load(files, today).policy
    assert good is not None
    meant = meaning(good)
    outcome = Outcome()
    for path, number, old, new in _damaged(files, count, random.Random(seed)):
        lines = files[path].split("\n")
        lines[number - 1] = new
        found = load(files | {path: "\n".join(lines)}, today)
        render_all(found.problems, files)
        if any(_speaks_of(one, path, number) for one in found.problems):
            kind = "near"
        elif found.problems:
            kind = "elsewhere"
        else:
            assert found.policy is not None
            kind = "same" if meaning(found.policy) == meant else "silent"
        outcome.counts[kind] += 1
        if kind in {"elsewhere", "silent"}:
            outcome.shown.append(f"{kind} {path}:{number}\n  {old}\n  {new}")
    return outcome


def meaning(policy: Policy) -> str:
    """Return all that a policy does, without places and words for people."""
    rules = [replace(rule, message={}, owner="", tags=(), policy="", exemptions=()) for rule in policy.rules]
    exemptions = [replace(each, policy="") for rule in policy.rules for each in rule.exemptions]
    found = [replace(one.spec, description="") for one in policy.detectors]
    return re.sub(
        r"Place\([^)]*\)|Examples\(.*?\)\)|[0-9a-f]{16}", "", repr((rules, exemptions, found, policy.records))
    )


def _damaged(files: Mapping[str, str], count: int, rng: random.Random) -> Iterator[tuple[str, int, str, str]]:
    while count:
        path = rng.choice(sorted(files))
        lines = files[path].split("\n")
        number = rng.randrange(len(lines))
        if not lines[number].strip() or lines[number].lstrip().startswith("#"):
            continue
        new = rng.choice(DAMAGES)(rng, lines[number])
        if new != lines[number]:
            count -= 1
            yield path, number + 1, lines[number], new


def _speaks_of(one: Problem, path: str, number: int) -> bool:
    first = one.first_here
    return (one.path, one.line) == (path, number) or (first is not None and (first.path, first.line) == (path, number))


if __name__ == "__main__":
    patterns._probes = lambda literals: iter(())  # noqa: ARG005 (the probe for slow patterns has tests of its own)
    done = damage(int(sys.argv[1]), int(sys.argv[2]), date(2026, 11, 23))
    print("\n".join(done.shown))
    print(dict(done.counts), f"{done.good:.1%} mean the same or are told at their line")
