"""A compiled policy: frozen, and all that matching and deciding need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, NamedTuple

from dlp_proxy.detect.detector import Detector, DetectorSpec
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.message import Fingerprint
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.model.verdict import ASKING, REDACTION, Action, Asking, Mode, Redaction, Severity
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.conditions import After, Hosts, People, When
from dlp_proxy.policy.problem import Place
from dlp_proxy.policy.schedules import Schedule

SEVERITY_RANK: Final[Mapping[Severity, int]] = {"info": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}

type By = tuple[Literal["user", "device", "site", "destination", "rule"], ...]


class Counts(NamedTuple):
    """What a total is of: whose, and whether one sent twice is two; with `sharing`, of people who share so many."""

    by: By
    every: bool
    sharing: int = 0


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
    sharing: int = 0
    """It counts people: so many of the same customers link two of them together. 0 where it counts customers."""

    @property
    def counts(self) -> Counts:
        return Counts(self.by, self.every, self.sharing)


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
    values: tuple[str, ...] = ()
    """When there are some, it holds only for what has one of them; `excused` are their fingerprints."""
    excused: frozenset[bytes] = frozenset()


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
    asking: Asking = ASKING
    redaction: Redaction = REDACTION
    notify: tuple[str, ...] = ()
    message: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    tags: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    trips: tuple[After, ...] = ()
    """Memories of when this rule acted, that other rules ask for."""
    in_index: str = ""
    """The index of existing values of which a customer must have one to be counted; empty for no demand."""


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
        indexes: the indexes of existing values that its rules and detectors ask for.
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
    indexes: frozenset[str] = frozenset()
    liked: frozenset[str] = frozenset()
    files: tuple[Checked, ...] = ()
    """The files as they were written, checked: what authors' tools speak of."""
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    seeking: tuple[Rule, ...] = field(init=False)
    unreading: tuple[Rule, ...] = field(init=False)
    plain: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        idle = [rule for rule in self.rules if not rule.find]
        object.__setattr__(self, "seeking", tuple(rule for rule in self.rules if rule.find))
        object.__setattr__(self, "unreading", tuple(rule for rule in idle if rule.when.unreadable))
        object.__setattr__(self, "plain", tuple(rule for rule in idle if not rule.when.unreadable))

    def keyed(self, fingerprint: Fingerprint) -> Policy:
        """Return this policy with the values of its exceptions as fingerprints, so that findings can be compared.

        One that has them already stays as it is: an installation has one key.
        """
        every = (each for rule in self.rules for each in rule.exemptions)
        if not any(each.values and not each.excused for each in every):
            return self
        return replace(self, rules=tuple(self._keyed(rule, fingerprint) for rule in self.rules))

    def _keyed(self, rule: Rule, fingerprint: Fingerprint) -> Rule:
        names = {name for sought in rule.find for name in self.detectors_of(sought.name)}
        specs = [self.detector_specs[name] for name in sorted(names)]
        return replace(
            rule,
            exemptions=tuple(
                replace(
                    each,
                    excused=frozenset(
                        fingerprint(spec.kind, normalise(value, spec.normalise))
                        for value in each.values
                        for spec in specs
                    ),
                )
                for each in rule.exemptions
            ),
        )

    def for_judging(self) -> Policy:
        """Return what judging needs of a keyed policy, without what only its tests and its authors ask for."""
        return replace(self, tests=(), fixtures={}, detector_specs={}, files=())

    def totals(self) -> Mapping[str, frozenset[str]]:
        """Return the names of all totals, under the rule and by whom it counts."""
        ladders = [
            ladder
            for rule in self.rules
            for ladder in (rule.ladder, *(each.ladder for each in rule.exemptions))
            if ladder is not None
        ]
        found: dict[str, set[str]] = {}
        for counting in (one for ladder in ladders for one in ladder.countings):
            found.setdefault(counting.series.rpartition(" ")[0], set()).add(counting.series)
        return {name: frozenset(series) for name, series in found.items()}

    def written(self, kind: str, name: str) -> Checked | None:
        """Return a named thing of the files as it was written."""
        blocks = (block for file in self.files for block in file.walk())
        return next((block for block in blocks if block.kind == kind and block.name == name), None)

    def detectors_of(self, name: str) -> tuple[str, ...]:
        """Return the detectors that a record looks for, or a detector's own name."""
        record = self.record_specs.get(name)
        return (name,) if record is None else tuple(dict.fromkeys((*record.has, *record.has_some, *record.identify_by)))


def begun_anew(now: Mapping[str, frozenset[str]], before: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Return the names of totals (`Policy.totals`) that were there before and begin anew."""
    return tuple(
        name
        for name, series in sorted(now.items())
        if name in before and series - before[name] and before[name] - series
    )
