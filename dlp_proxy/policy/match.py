"""Which rules speak of a message, and what each of them counts in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import NamedTuple

from dlp_proxy.detect.ties import customers
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.totals import BESIDE, Observation, Series, Sharing
from dlp_proxy.model.verdict import Action
from dlp_proxy.policy.conditions import After, Facts, holds, spoken_of
from dlp_proxy.policy.policy import Counting, Counts, Exemption, Ladder, Policy, Rule, Sought


@dataclass(frozen=True, slots=True)
class Match:
    """A rule whose `when` holds and that found something, or that looks for nothing.

    Attributes:
        exemption: the exception that applies, or None.
        ladder: the limits that hold for it: the exception's or the rule's own.
        what: names in `find` -> how many different ones are in this message.
        identities: the different ones, each once.
        series: where each way of counting keeps its total.
        observations: what the windows must be told.
        sightings: what was counted, one that is there twice counted twice.
        speaks_of: reasons of gaps that its conditions name.
        after: where the memory of the rule that must have acted before is kept, and for how many seconds.
        trips: what the windows must be told if this rule acts.
    """

    rule: Rule
    exemption: Exemption | None
    ladder: Ladder
    what: Mapping[str, int] = field(default_factory=dict)
    identities: tuple[bytes, ...] = ()
    series: Mapping[Counts, Series] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    sightings: int = 0
    speaks_of: frozenset[str] = frozenset()
    after: tuple[Series, int] | None = None
    trips: tuple[Observation, ...] = ()

    @property
    def may(self) -> frozenset[Action]:
        """Return what it may come to, whatever the totals say."""
        if self.exemption is not None and self.exemption.action is not None:
            return frozenset({self.exemption.action})
        return frozenset(limit.action for limit in self.ladder.limits) or frozenset({self.rule.action})


def match(policy: Policy, message: Message, inspection: Inspection) -> tuple[Match, ...]:
    """Return every rule that matched, by policy and name. A rule that is off never does.

    A rule with `find` matches when one finding counts for it; one without when its conditions hold. What an exception
    excuses by its values is a match of its own, beside that of the rest.
    """
    if not inspection.findings and not inspection.gaps and not message.gaps and not policy.plain:
        return ()
    facts = Facts(message, inspection)
    found = [found for rule in _candidates(policy, facts) for found in _matches(policy, rule, facts)]
    return tuple(sorted(found, key=_by_name))


def match_again(  # noqa: PLR0917 (what is known of it)
    policy: Policy,
    rule: Rule,
    facts: Facts,
    what: Mapping[str, int],
    identities: Collection[bytes],
    sightings: int,
    exemption: Exemption | None,
) -> Match:
    """Return the match of a rule of which it is known what it counted: replay has that from the event."""
    counted = _Counted(what, set(identities), sightings)
    return _match(policy, rule, facts, counted, exemption, ladder_of(rule, exemption))


def ladder_of(rule: Rule, exemption: Exemption | None) -> Ladder:
    """Return the limits that hold under an exception, or those of the rule."""
    if exemption is not None and exemption.values:
        return exemption.ladder or Ladder()
    return exemption.ladder if exemption is not None and exemption.ladder is not None else rule.ladder


def _candidates(policy: Policy, facts: Facts) -> Iterator[Rule]:
    yield from policy.plain
    if facts.gaps:
        yield from policy.unreading
    if facts.inspection.findings:
        yield from policy.seeking


def _matches(policy: Policy, rule: Rule, facts: Facts) -> Iterator[Match]:
    if not holds(rule.when, facts):
        return
    excusing = _excusing(rule, facts)
    rest, *excused = _count(rule, facts.inspection, excusing)
    if rest.identities or not rule.find:
        exemption = exemption_of(rule, facts)
        yield _match(policy, rule, facts, rest, exemption, ladder_of(rule, exemption))
    for each, counted in zip(excusing, excused, strict=True):
        if counted.identities:
            yield _match(policy, rule, facts, counted, each, ladder_of(rule, each))


def _match(  # noqa: PLR0917 (what a match is made of)
    policy: Policy, rule: Rule, facts: Facts, counted: _Counted, exemption: Exemption | None, ladder: Ladder
) -> Match:
    series = {each.counts: Series(each.series, _key(policy, each, facts)) for each in ladder.countings}
    seen = tuple(sorted(counted.identities))
    uid = facts.message.uid
    sightings = counted.sightings
    observations = tuple(
        Observation(
            series[each.counts],
            _each_once(uid, sightings) if each.counts.every else seen,
            each.windows,
            _most(rule, each.counts),
            Sharing(facts.message.principal.user.casefold(), each.counts.sharing) if each.counts.sharing else None,
        )
        for each in ladder.countings
    )
    after = rule.when.after
    return Match(
        rule,
        exemption,
        ladder,
        counted.what,
        seen,
        series,
        observations,
        sightings,
        spoken_of(rule.when, facts),
        (Series(after.series, _sender(after, facts)), after.seconds) if after is not None else None,
        tuple(
            Observation(Series(trip.series, _sender(trip, facts)), _each_once(uid, 1), (trip.seconds,), keep=1)
            for trip in rule.trips
        ),
    )


def _most(rule: Rule, counts: Counts) -> int:
    """Return the highest limit of anybody under this rule on one way of counting: more identities matter to none."""
    ladders = (rule.ladder, *(each.ladder for each in rule.exemptions if each.ladder is not None))
    return max(limit.at_least for each in ladders for limit in each.limits if limit.seconds and limit.counts == counts)


def _sender(after: After, facts: Facts) -> str:
    principal = facts.message.principal
    return (principal.user if after.by == "user" else principal.device).casefold()


def _each_once(uid: str, count: int) -> tuple[bytes, ...]:
    """Return as many identities that nothing else has, the same for the same message."""
    return tuple(sha256(f"{uid} {number}".encode()).digest()[:16] for number in range(count))


class _Counted(NamedTuple):
    """How many different ones of each entry there are, all of them, and how many with those sent twice."""

    what: Mapping[str, int]
    identities: set[bytes]
    sightings: int


def _count(rule: Rule, inspection: Inspection, excusing: Sequence[Exemption]) -> list[_Counted]:
    """Return what counts for the rule, and then what each exception excuses by its values.

    A finding that served an earlier entry is taken: a row that is an order and a contact counts once, as the order.
    Records are customers, and two identities may be one customer; bare detectors count values.
    """
    taken: set[int] = set()
    tallies = [_Tally() for _ in range(len(excusing) + 1)]
    for sought in rule.find:
        used: list[tuple[int, ...]] = []
        for identity, findings, beside in found_by(rule, sought, inspection):
            if not taken.isdisjoint(findings):
                continue
            used += (findings, beside)
            tally = tallies[_excused_by(excusing, findings, inspection) if excusing else 0]
            tally.sightings += 1
            if sought.record is None:
                tally.values.setdefault(identity, sought.name)
            else:
                tally.records.append((identity, findings))
                tally.entries.append(sought.name)
        # Only now: two records of one entry may share a finding, as two orders beside one telephone do.
        taken.update(*used)
    return [tally.counted(inspection) for tally in tallies]


@dataclass(slots=True)
class _Tally:
    values: dict[bytes, str] = field(default_factory=dict)
    records: list[tuple[bytes, tuple[int, ...]]] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    sightings: int = 0

    def counted(self, inspection: Inspection) -> _Counted:
        found = customers(self.records, inspection.findings)
        every = {identity: self.entries[place] for identity, place in found.items()}
        every.update(self.values)
        return _Counted(Counter(every.values()), set(every), self.sightings)


def _excused_by(excusing: Sequence[Exemption], findings: Sequence[int], inspection: Inspection) -> int:
    """Return the number, from 1, of the exception that names a value of these findings; 0 for none."""
    marks = {inspection.findings[index].fingerprint for index in findings}
    return next((number for number, each in enumerate(excusing, 1) if not marks.isdisjoint(each.excused)), 0)


def found_by(
    rule: Rule, sought: Sought, inspection: Inspection
) -> Iterator[tuple[bytes, tuple[int, ...], tuple[int, ...]]]:
    areas = rule.areas
    if sought.record is not None:
        for record in inspection.records.get(sought.record, ()):
            if (not areas or record.location.area in areas) and _is_known(rule, record.findings, inspection):
                yield record.identity, record.findings, record.beside
        return
    for index, finding in enumerate(inspection.findings):
        if finding.detector == sought.name and finding.confidence >= rule.confidence:  # noqa: SIM102 (reads as the rule)
            if (not areas or finding.location.area in areas) and _is_known(rule, (index,), inspection):
                yield finding.fingerprint, (index,), ()


def _is_known(rule: Rule, findings: Sequence[int], inspection: Inspection) -> bool:
    """Tell whether a customer is one that the rule counts: one of its values is in the index that the rule asks for."""
    return not rule.in_index or any(rule.in_index in inspection.findings[index].known for index in findings)


def exemption_of(rule: Rule, facts: Facts) -> Exemption | None:
    """Return the exception that applies; they are sorted strictest first, so the order of files means nothing."""
    if not rule.exemptions:
        return None
    today = day_of(facts.message)
    for exemption in rule.exemptions:
        if not exemption.values and today <= exemption.expires and holds(exemption.when, facts):
            return exemption
    return None


def _excusing(rule: Rule, facts: Facts) -> list[Exemption]:
    """Return the exceptions that apply to their own values only."""
    if not rule.exemptions:
        return []
    today = day_of(facts.message)
    return [each for each in rule.exemptions if each.values and today <= each.expires and holds(each.when, facts)]


def day_of(message: Message) -> date:
    return datetime.fromtimestamp(message.time, UTC).date()


def _key(policy: Policy, counting: Counting, facts: Facts) -> str:
    return BESIDE.join(_key_part(policy, by, facts) for by in counting.counts.by if by != "rule")


def _key_part(policy: Policy, by: str, facts: Facts) -> str:
    if by == "user":
        return facts.message.principal.user.casefold()
    if by == "device":
        return facts.message.principal.device.casefold()
    if by == "destination":
        named = sorted(name for name, hosts in policy.destinations.items() if hosts.covers(facts.host))
        return "+".join(named) or facts.host
    return facts.host


def _by_name(found: Match) -> tuple[str, str]:
    return (found.rule.policy, found.rule.name)
