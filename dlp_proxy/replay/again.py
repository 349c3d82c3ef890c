"""Matches of a policy made again from what an event remembers, without its body.

A rule that counts as the recorded one did (it looks for the same, at the same places in a message) has matched if that
one had, where the conditions of both hold, and counts what that one counted: limits, actions and modes may differ. Of
any other rule the event may say that its conditions do not hold, or that nothing was found; else it cannot be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.totals import Series
from dlp_proxy.model.verdict import Action
from dlp_proxy.policy.conditions import Facts, When, holds
from dlp_proxy.policy.match import Match, exemption_of, ladder_of, match_again
from dlp_proxy.policy.policy import Exemption, Ladder, Policy, Rule
from dlp_proxy.replay.history import Past

_MADE_UP_BYTES: Final = 5
"""No fingerprint is so short."""


@dataclass(frozen=True, slots=True)
class Again:
    """What is known of the matches.

    Attributes:
        exact: of these matches the identities are the real ones; of others only how many.
        unknown: rule -> the most it might do, and why it cannot be told what it does.
    """

    matches: tuple[Match, ...]
    exact: frozenset[tuple[str, str]]
    unknown: Mapping[str, tuple[Action, str]]

    @property
    def blind(self) -> frozenset[Series]:
        """Return the series to which this event brought what it does not tell."""
        return frozenset(
            one.series
            for match in self.matches
            if (match.rule.policy, match.rule.name) not in self.exact
            for one in match.observations
        )


def matches_again(past: Past, was: Policy, now: Policy, message: Message, seen: Inspection) -> Again:
    """Return the matches that `now` has for an event which `was` judged."""
    recorded: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for reason in past.event.body.get("reasons", ()):
        recorded.setdefault((reason["policy"], reason["rule"]), []).append(reason)
    before = {(rule.policy, rule.name): rule for rule in was.rules}
    first = _first(past, before)
    facts = Facts(message, seen)
    matches: list[Match] = []
    exact: set[tuple[str, str]] = set()
    unknown: dict[str, tuple[Action, str]] = {}
    for rule in now.rules:
        name = (rule.policy, rule.name)
        old = before.get(name)
        if old is not None and _as_old(was, old, now, rule, facts):
            some, why = _as_before(now, rule, facts, recorded.get(name, ()), _own(past, was, first, old))
            matches += some
            if why:
                unknown[rule.name] = (most(rule), why)
            elif not any(one.identities and _is_made_up(one) for one in some):
                exact.add(name)
        elif holds(rule.when, facts):
            unseen = _unseen(past, was, now, rule, seen)
            if rule.find and (unseen or past.identities_found or facts.gaps):
                unknown[rule.name] = (most(rule), _why(unseen, seen))
            elif rule.find:
                exact.add(name)  # all that it looks for was looked for, and nothing was there
            else:
                matches.append(match_again(now, rule, facts, {}, (), 0, exemption_of(rule, facts)))
                exact.add(name)
    return Again(tuple(sorted(matches, key=lambda one: (one.rule.policy, one.rule.name))), frozenset(exact), unknown)


def _as_old(was: Policy, old: Rule, now: Policy, rule: Rule, facts: Facts) -> bool:
    """Tell whether a rule matched this event if it did so then: it counts the same, and both speak of it.

    Paths are masked in an event, so other conditions on them are not asked.
    """
    if _counting(was, old) != _counting(now, rule):
        return False
    if old.when == rule.when:
        return True
    alike = old.when.after == rule.when.after and not _asks_path(old.when) and not _asks_path(rule.when)
    return alike and holds(old.when, facts) and holds(rule.when, facts)


def _asks_path(when: When) -> bool:
    return bool(when.paths) or any(_asks_path(one) for one in when.any_of)


def _as_before(
    policy: Policy, rule: Rule, facts: Facts, reasons: Sequence[Mapping[str, Any]], own: frozenset[bytes] | None
) -> tuple[list[Match], str]:
    """Return the matches of a rule that reaches as before; or why it cannot be told how often it counted."""
    found = []
    for reason in reasons:
        exemption: Exemption | None = exemption_of(rule, facts)
        by_value = next((one for one in rule.exemptions if one.values and one.name == reason["exception"]), None)
        exemption = by_value or exemption
        ladder = ladder_of(rule, exemption)
        here = sum(reason["what"].values())
        sightings = _sightings(ladder, reason, here)
        if sightings is None:
            return [], "how often each customer was in it is not kept"
        # Of those sent twice nobody knows how often, so a window that counts them so cannot be fed again.
        twice = any(limit.every and limit.seconds for limit in ladder.limits) and not _says_twice(ladder, reason)
        alone = len(reasons) == 1 and by_value is None and not twice
        real = own if alone and own is not None and len(own) == here else None
        identities = _made_up(here) if real is None else real
        found.append(match_again(policy, rule, facts, reason["what"], identities, sightings, exemption))
    return found, ""


def _sightings(ladder: Ladder, reason: Mapping[str, Any], here: int) -> int | None:
    """Return what was counted with those sent twice; None where a limit asks for it and it is not known."""
    known = _says_twice(ladder, reason)
    if known:
        return known[0]
    return None if any(limit.every and not limit.seconds for limit in ladder.limits) else here


def _says_twice(ladder: Ladder, reason: Mapping[str, Any]) -> list[int]:
    return [
        int(reason["totals"][limit.words])
        for limit in ladder.limits
        if limit.every and not limit.seconds and limit.words in reason["totals"]
    ]


def _first(past: Past, rules: Mapping[tuple[str, str], Rule]) -> Rule | None:
    reasons = past.event.body.get("reasons", ())
    return rules.get((reasons[0]["policy"], reasons[0]["rule"])) if reasons else None


def _own(past: Past, policy: Policy, first: Rule | None, rule: Rule) -> frozenset[bytes] | None:
    """Return the identities that a rule counted: those of the first reason, where it counts the same; else None."""
    if first is None or _counting(policy, first) != _counting(policy, rule):
        return None
    return past.counted


def same_series(was: Policy, now: Policy) -> frozenset[str]:
    """Return the names of series that rules feed which reach in `now` as they did in `was`."""
    before = {(rule.policy, rule.name): rule for rule in was.rules}
    return frozenset(
        counting.series
        for rule in now.rules
        if (old := before.get((rule.policy, rule.name))) is not None and _reach(was, old) == _reach(now, rule)
        for ladder in (rule.ladder, *(one.ladder for one in rule.exemptions if one.ladder is not None))
        for counting in ladder.countings
    )


def most(rule: Rule) -> Action:
    """Return the strictest that a rule may do; in monitor mode that is logging."""
    ladders = (rule.ladder, *(one.ladder for one in rule.exemptions if one.ladder is not None))
    actions = [limit.action for ladder in ladders for limit in ladder.limits] or [rule.action]
    strictest = max(*actions, *(one.action for one in rule.exemptions if one.action is not None), Action.ALLOW)
    return min(strictest, Action.LOG) if rule.mode == "monitor" else strictest


def _counting(policy: Policy, rule: Rule) -> tuple[object, ...]:
    """Return all that what a rule counts in a message depends on."""
    specs = [policy.detector_specs.get(name) for one in rule.find for name in policy.detectors_of(one.name)]
    records = [policy.record_specs.get(one.name) for one in rule.find]
    values = [(one.values, one.when, one.expires) for one in rule.exemptions if one.values]
    return (rule.find, rule.confidence, rule.areas, rule.in_index, values, specs, records)


def _reach(policy: Policy, rule: Rule) -> tuple[object, ...]:
    return (rule.when, *_counting(policy, rule))


def _unseen(past: Past, was: Policy, now: Policy, rule: Rule, seen: Inspection) -> list[str]:
    """Return the detectors of a rule that had not looked at the message, or not as they are now."""
    # A light record does not list them: all of its policy's had looked.
    looked = [one.spec.name for one in was.detectors] if past.event.light else seen.detectors
    same = {name for name in looked if was.detector_specs.get(name) == now.detector_specs.get(name)}
    return sorted({name for one in rule.find for name in now.detectors_of(one.name)} - same)


def _why(unseen: Sequence[str], seen: Inspection) -> str:
    if unseen:
        return f"detector unknown then: {unseen[0]}"
    return "coverage partial" if seen.gaps or seen.at_least else "body not kept"


def _made_up(count: int) -> frozenset[bytes]:
    """Return as many identities as were counted where it is not known which: they are never put into a window."""
    return frozenset(b"?" + number.to_bytes(4, "big") for number in range(count))


def _is_made_up(one: Match) -> bool:
    return len(one.identities[0]) == _MADE_UP_BYTES
