"""Files of policies -> a compiled policy, or every problem in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.detector import DetectorSpec
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.policy import detectors, meaning, names
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.checker import check
from dlp_proxy.policy.compiler import Compiler
from dlp_proxy.policy.lists import Lists
from dlp_proxy.policy.patterns import check_patterns
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import Place, Problem, Problems
from dlp_proxy.policy.reader import read

_NO_FIXTURES: Final[Mapping[str, bytes]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy, or None when one problem is an error; all problems by place, warnings too."""

    policy: Policy | None
    problems: tuple[Problem, ...]


def load(
    files: Mapping[str, str],
    today: date,
    fixtures: Mapping[str, bytes] = _NO_FIXTURES,
    standard: Sequence[DetectorSpec] = STANDARD,
) -> Loaded:
    """Return the policy that `files` (shown path -> text) make together. All or nothing; never raises for any text.

    Args:
        today: exceptions that end before it, or soon after, are warned of; tests run on it.
        fixtures: files that tests may upload and lists, by their path in the folder of policies.
        standard: the built-in detectors.
    """
    problems = Problems()
    if not files:
        nowhere = Place("policies", 1, 1)
        problems.error("EMPTY", nowhere, "there is no policy file", "write one, or copy the shipped folder `policies`")
        return Loaded(None, problems.sorted())
    checked: list[Checked] = []
    for path in sorted(files):
        root = read(path, files[path], problems)
        file = check(root, problems) if root is not None else None
        if file is not None:
            checked.append(file)
    built_in = {spec.name: spec for spec in standard}
    known = names.define(checked, built_in.keys(), problems)
    complete = len(checked) == len(files)
    names.resolve(checked, known, problems, complete=complete)
    bad: set[Place] = set()
    for file in checked:
        meaning.check_file(file, fixtures.keys(), today, problems)
        bad |= check_patterns(file, problems)
    lists = Lists(fixtures)
    for file in checked:
        lists.check(file, problems)
    meaning.limits_of_nothing(checked, known, problems)
    made = detectors.build(known, built_in, bad, lists, problems)
    meaning.unmakeable(checked, known, made.spec, problems)
    if complete:
        meaning.untested(checked, problems)
    if problems.failed:
        return Loaded(None, problems.sorted())
    names.unused(checked, known, problems)
    policy = Compiler(checked, known, made, lists).policy(files, today)
    return Loaded(policy, problems.sorted())
