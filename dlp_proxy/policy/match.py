"""Which rules speak of a message, and what each of them counts in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256

from dlp_proxy.detect.ties import customers
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.totals import Observation, Series
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


def match(policy: Policy, message: Message, inspection: Inspection) -> tuple[Match, ...]:
    """Return every rule that matched, by policy and name. A rule that is off never does.

    A rule with `find` matches when one finding counts for it; one without when its conditions hold.
    """
    if not inspection.findings and not inspection.gaps and not message.gaps and not policy.plain:
        return ()
    facts = Facts(message, inspection)
    found = [found for rule in _candidates(policy, facts) if (found := _match(policy, rule, facts)) is not None]
    return tuple(sorted(found, key=_by_name))


def _candidates(policy: Policy, facts: Facts) -> Iterator[Rule]:
    yield from policy.plain
    if facts.gaps:
        yield from policy.unreading
    if facts.inspection.findings:
        yield from policy.seeking


def _match(policy: Policy, rule: Rule, facts: Facts) -> Match | None:
    if not holds(rule.when, facts):
        return None
    what, identities, sightings = _count(rule, facts.inspection)
    if rule.find and not identities:
        return None
    exemption = _exemption(rule, facts)
    ladder = exemption.ladder if exemption is not None and exemption.ladder is not None else rule.ladder
    series = {each.counts: Series(each.series, _key(policy, each, facts)) for each in ladder.countings}
    seen = tuple(sorted(identities))
    uid = facts.message.uid
    observations = tuple(
        Observation(series[each.counts], _each_once(uid, sightings) if each.counts.every else seen, each.windows)
        for each in ladder.countings
    )
    after = rule.when.after
    return Match(
        rule,
        exemption,
        ladder,
        what,
        seen,
        series,
        observations,
        sightings,
        spoken_of(rule.when, facts),
        (Series(after.series, _sender(after, facts)), after.seconds) if after is not None else None,
        tuple(
            Observation(Series(trip.series, _sender(trip, facts)), _each_once(uid, 1), (trip.seconds,))
            for trip in rule.trips
        ),
    )


def _sender(after: After, facts: Facts) -> str:
    principal = facts.message.principal
    return (principal.user if after.by == "user" else principal.device).casefold()


def _each_once(uid: str, count: int) -> tuple[bytes, ...]:
    """Return as many identities that nothing else has, the same for the same message."""
    return tuple(sha256(f"{uid} {number}".encode()).digest()[:16] for number in range(count))


def _count(rule: Rule, inspection: Inspection) -> tuple[dict[str, int], set[bytes], int]:
    """Return how many different ones of each entry there are, all of them, and how many with those sent twice.

    A finding that served an earlier entry is taken: a row that is an order and a contact counts once, as the order.
    Records are customers, and two identities may be one customer; bare detectors count values.
    """
    taken: set[int] = set()
    values: dict[bytes, str] = {}
    records: list[tuple[bytes, tuple[int, ...]]] = []
    entries: list[str] = []
    sightings = 0
    for sought in rule.find:
        used: list[tuple[int, ...]] = []
        for identity, findings, beside in _found(rule, sought, inspection):
            if not taken.isdisjoint(findings):
                continue
            used += (findings, beside)
            sightings += 1
            if sought.record is None:
                values.setdefault(identity, sought.name)
            else:
                records.append((identity, findings))
                entries.append(sought.name)
        # Only now: two records of one entry may share a finding, as two orders beside one telephone do.
        taken.update(*used)
    every = {identity: entries[place] for identity, place in customers(records, inspection.findings).items()}
    every.update(values)
    return Counter(every.values()), set(every), sightings


def _found(
    rule: Rule, sought: Sought, inspection: Inspection
) -> Iterator[tuple[bytes, tuple[int, ...], tuple[int, ...]]]:
    areas = rule.areas
    if sought.record is not None:
        for record in inspection.records.get(sought.record, ()):
            if not areas or record.location.area in areas:
                yield record.identity, record.findings, record.beside
        return
    for index, finding in enumerate(inspection.findings):
        if finding.detector == sought.name and finding.confidence >= rule.confidence:  # noqa: SIM102 (reads as the rule)
            if not areas or finding.location.area in areas:
                yield finding.fingerprint, (index,), ()


def _exemption(rule: Rule, facts: Facts) -> Exemption | None:
    """Return the exception that applies; they are sorted strictest first, so the order of files means nothing."""
    if not rule.exemptions:
        return None
    today = day_of(facts.message)
    for exemption in rule.exemptions:
        if today <= exemption.expires and holds(exemption.when, facts):
            return exemption
    return None


def day_of(message: Message) -> date:
    return datetime.fromtimestamp(message.time, UTC).date()


def _key(policy: Policy, counting: Counting, facts: Facts) -> str:
    return "\x1f".join(_key_part(policy, by, facts) for by in counting.counts.by if by != "rule")


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
