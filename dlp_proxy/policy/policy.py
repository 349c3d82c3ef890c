"""A compiled policy: frozen, and all that matching and deciding need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NamedTuple

from dlp_proxy.detect.detector import Detector, DetectorSpec
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.model.verdict import Action, Mode, Severity
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.conditions import After, Hosts, People, When
from dlp_proxy.policy.problem import Place

SEVERITY_RANK: Final[Mapping[Severity, int]] = {"info": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}

type By = tuple[Literal["user", "device", "site", "destination", "rule"], ...]


class Counts(NamedTuple):
    """What a total is of: whose, and whether one sent twice is two."""

    by: By
    every: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """One step of a ladder. `seconds` is 0 for a limit on this request alone; `words` is how people read it."""

    at_least: int
    seconds: int
    window: str
    by: By
    words: str
    action: Action
    severity: Severity
    every: bool = False
    """One sent twice is two: ``count: all``."""

    @property
    def counts(self) -> Counts:
        return Counts(self.by, self.every)


@dataclass(frozen=True, slots=True)
class Counting:
    """Windows that share one total: the name of its series, what it counts and for whom, and lengths in seconds."""

    series: str
    counts: Counts
    windows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The limits of a rule in the order they were written, and what they count. No limits: one finding is enough."""

    limits: tuple[Limit, ...] = ()
    countings: tuple[Counting, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """One entry of `find`. `record` is the key in `Inspection.records`; None for a bare detector."""

    name: str
    record: tuple[str, Confidence] | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """What an exception changes in one rule. `expires` is the last day (UTC) on which it holds."""

    name: str
    policy: str
    place: Place
    when: When
    expires: date
    action: Action | None = None
    ladder: Ladder | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `mode` is the weaker of policy's and rule's; `areas` is empty for everywhere."""

    name: str
    policy: str
    place: Place
    mode: Mode
    severity: Severity
    when: When
    find: tuple[Sought, ...]
    confidence: Confidence
    areas: frozenset[str]
    ladder: Ladder
    action: Action
    cannot_ask: Literal["block", "log"] = "block"
    message: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    tags: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    trips: tuple[After, ...] = ()
    """Memories of when this rule acted, that other rules ask for."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole set of policy files.

    Attributes:
        digest: ``sha256:`` over every file's path and text.
        detectors: those that some rule needs, ready to run.
        records: (what, least confidence) that some rule needs; the keys of `Inspection.records`.
        rules: all that are not off, by policy and name.
        seeking: rules that look for something; nothing else is asked when there are no findings.
        unreading: rules without `find` that speak of gaps.
        plain: rules without `find` that speak of any transfer that fits.
        tests: the embedded tests, checked.
        samples: detectors by name, records by name: what `make` is made of.
        liked: detectors, built-in ones too, that a detector of the set is like, directly or through another.
        lists: files of words, values and hosts that the set names, with their texts; a part of the digest.
        checked_on: the day the set was checked; tests run on it.
    """

    digest: str
    detectors: tuple[Detector, ...]
    records: tuple[tuple[RecordSpec, Confidence], ...]
    rules: tuple[Rule, ...]
    tests: tuple[Checked, ...]
    detector_specs: Mapping[str, DetectorSpec]
    record_specs: Mapping[str, RecordSpec]
    checked_on: date
    fixtures: Mapping[str, bytes] = field(default_factory=dict)
    destinations: Mapping[str, Hosts] = field(default_factory=dict)
    people: Mapping[str, People] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    liked: frozenset[str] = frozenset()
    seeking: tuple[Rule, ...] = field(init=False)
    unreading: tuple[Rule, ...] = field(init=False)
    plain: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        idle = [rule for rule in self.rules if not rule.find]
        object.__setattr__(self, "seeking", tuple(rule for rule in self.rules if rule.find))
        object.__setattr__(self, "unreading", tuple(rule for rule in idle if rule.when.unreadable))
        object.__setattr__(self, "plain", tuple(rule for rule in idle if not rule.when.unreadable))
