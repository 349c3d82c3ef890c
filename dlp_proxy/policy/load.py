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
from dlp_proxy.policy.idle import check_idle
from dlp_proxy.policy.lists import Lists
from dlp_proxy.policy.odd import check_odd
from dlp_proxy.policy.patterns import check_patterns
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import Place, Problem, Problems
from dlp_proxy.policy.reader import read
from dlp_proxy.policy.repair import mended, misplaced, tell

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
    languages: Sequence[str] = (),
) -> Loaded:
    """Return the policy that `files` (shown path -> text) make together. All or nothing; never raises for any text.

    Args:
        today: exceptions that end before it, or soon after, are warned of; tests run on it.
        fixtures: files that tests may upload and lists, by their path in the folder of policies.
        standard: the built-in detectors.
        languages: those in which every message should be; empty for any.
    """
    problems = Problems()
    if not files:
        nowhere = Place("policies", 1, 1)
        problems.error("EMPTY", nowhere, "there is no policy file", "write one, or copy the shipped folder `policies`")
        return Loaded(None, problems.sorted())
    checked: list[Checked] = []
    unread = 0
    for path in sorted(files):
        here = Problems()
        file = _shape(path, files[path], here)
        line = misplaced(path, files[path], here.sorted(), _faults)
        if line is not None:
            tell(path, files[path], line, problems)
            here = Problems()
            file = _shape(path, mended(files[path], line), here)
        problems.add(here)
        unread += file is None
        if file is not None:
            checked.append(file)
    built_in = {spec.name: spec for spec in standard}
    known = names.define(checked, built_in.keys(), problems)
    complete = not unread
    names.resolve(checked, known, problems, complete=complete)
    bad: set[Place] = set()
    for file in checked:
        meaning.check_file(file, fixtures.keys(), today, problems)
        meaning.untold(file, languages, problems)
        bad |= check_patterns(file, problems)
    lists = Lists(fixtures)
    for file in checked:
        lists.check(file, problems)
    meaning.limits_of_nothing(checked, known, problems)
    check_idle(checked, problems)
    check_odd(checked, problems)
    made = detectors.build(known, built_in, bad, lists, problems)
    meaning.unmakeable(checked, known, made.spec, problems)
    if complete:
        meaning.untested(checked, problems)
    if problems.failed:
        return Loaded(None, problems.sorted())
    names.unused(checked, known, problems)
    policy = _compile(Compiler(checked, known, made, lists), checked, files, today, problems)
    return Loaded(policy, problems.sorted())


def _shape(path: str, text: str, problems: Problems) -> Checked | None:
    root = read(path, text, problems)
    return check(root, problems) if root is not None else None


def _faults(text: str) -> list[int] | None:
    """Return the lines of the errors of shape that a file has; None when it is not YAML."""
    problems = Problems()
    root = read("", text, problems)
    if root is None:
        return None
    check(root, problems)
    return [one.line for one in problems.sorted() if one.severity == "error"]


def _compile(
    compiler: Compiler, checked: Sequence[Checked], files: Mapping[str, str], today: date, problems: Problems
) -> Policy | None:
    for file in checked:
        compiler.check_places(file, problems)
    return None if problems.failed else compiler.policy(files, today)
