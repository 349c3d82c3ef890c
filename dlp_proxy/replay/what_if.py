"""What another policy would have said of transfers that were judged, or that were only recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.model.totals import NOTHING_READ, Series, Totals
from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.pipeline import Engine, Judgement, Memory, conclude
from dlp_proxy.policy.match import match
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.again import Again, matches_again, most, same_series
from dlp_proxy.replay.attempt import Attempt, Feed
from dlp_proxy.replay.crew import Looked
from dlp_proxy.replay.fates import UNDECIDABLE, fate
from dlp_proxy.replay.history import Past
from dlp_proxy.replay.memory import Counters, Side
from dlp_proxy.replay.progress import Progress
from dlp_proxy.replay.proof import monitored
from dlp_proxy.replay.recorded import (
    answers_of,
    asked_at,
    inspection_of,
    is_transfer,
    message_of,
    totals_of,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: the action that counts, and the rule that brought it."""

    action: Action
    rule: str


class WhatIf:
    """Judges one transfer after the other by another policy. Its windows are fed in the order in which they came."""

    def __init__(
        self, progress: Progress, policy: Policy, fingerprint: Fingerprint, feed: Feed, *, enforced: bool
    ) -> None:
        """Take what it judges with.

        Args:
            enforced: answers are compared as if every mode were enforce.
        """
        self._policy = policy
        self._fingerprint = fingerprint
        self._feed = feed
        self._enforced = enforced
        self._same: dict[str, frozenset[str] | None] = {}
        self._was, self._now = (Side(progress.windows, name) for name in ("was", "now"))
        self._attempt = Attempt(progress.connection, self._now, feed)
        self._blind = {Series(*one) for _, output in progress.items() for one in output.get("blind", ())}

    def of_event(self, past: Past, was: Policy | None, seen: tuple[Message, Inspection] | None) -> dict[str, Any]:
        """Return what would have become of an event; of one that is no transfer nothing.

        Args:
            was: the policy set that judged it; None where it was not kept.
            seen: the message, and what the other policy sees in its body; None where the body is not there.
        """
        event = past.event
        if not is_transfer(event):
            return {}
        row = {"id": event.uid, "user": event.user, "site": event.site, "customers": _hex(past.customers)}
        before = Answered(_action(event.would if self._enforced else event.action), event.rule)
        if was is None and seen is None:
            return row | _row(before, before, UNDECIDABLE, "policy set not kept") | {"blind": []}
        if event.body.get("error"):
            return row | _row(before, before, fate(before.action, before.action, "", ""), "") | {"blind": []}
        if seen is not None:
            message, inspection = seen
            again = Again(match(self._policy, message, inspection), frozenset(), {})
            blind: frozenset[Series] = frozenset()
        else:
            message, inspection = message_of(event), inspection_of(event)
            again = matches_again(past, was or self._policy, self._policy, message, inspection)
            blind = again.blind - self._blind
            self._blind |= blind
        memory = Counters(self._read(past, was), self._now, frozenset(self._blind))
        judgement = self._judged(
            message,
            inspection,
            again,
            memory,
            asked_at(event, past.logged),
            monitor=was is not None and monitored(event, was),
            answers=answers_of(event),
        )
        after = self._answer(judgement.verdict)
        why = self._unknown(after.action, again, judgement, memory)
        if seen is None and event.body.get("redaction") is None and _redacts(judgement.verdict):
            why = "body not kept (whether it could be rewritten)"
        named = UNDECIDABLE if why else fate(before.action, after.action, before.rule, after.rule)
        return row | _row(before, after, named, why) | {"blind": sorted(blind)}

    def of_message(self, seen: Looked, old: Policy) -> dict[str, Any]:
        """Return what both policies say of a message that only was recorded."""
        message, was, now = seen.message, seen.inspections[0], seen.inspections[-1]
        engine = Engine(old, self._fingerprint)
        first = conclude(message, was, engine, match(old, message, was), self._was, message.time)
        second = first
        if self._policy.digest != old.digest:
            again = Again(match(self._policy, message, now), frozenset(), {})
            second = self._judged(message, now, again, self._now, message.time, monitor=False, answers={})
        before, after = self._answer(first.verdict), self._answer(second.verdict)
        customers = customers_of(first) | customers_of(second)
        row = {
            "id": message.uid,
            "user": message.principal.user,
            "site": message.destination.site,
            "customers": _hex(customers),
            "gaps": bool(now.gaps),
        }
        if not seen.recorded:
            return row | _row(before, after, UNDECIDABLE, "body not recorded")
        return row | _row(before, after, fate(before.action, after.action, before.rule, after.rule), "")

    def _judged(
        self,
        message: Message,
        seen: Inspection,
        again: Again,
        memory: Memory,
        now: float,
        *,
        monitor: bool,
        answers: Mapping[tuple[str, str], Any],
    ) -> Judgement:
        engine = Engine(self._policy, self._fingerprint, monitor=monitor)
        return self._attempt.of(
            lambda: conclude(message, seen, engine, again.matches, memory, now, answers=answers), now
        )

    def _read(self, past: Past, was: Policy | None) -> Totals:
        """Return the counters that were read then and that mean the same now."""
        if self._feed != "actual" or was is None:
            return NOTHING_READ
        names = self._same.setdefault(was.digest, None) or same_series(was, self._policy)
        self._same[was.digest] = names
        read = totals_of(past.event.body["decision"]["counters"])
        return Totals(
            {at: total for at, total in read.distinct.items() if at[0].name in names},
            {of: ring for of, ring in read.rings.items() if of[0].name in names},
        )

    def _answer(self, verdict: Verdict) -> Answered:
        action = verdict.would if self._enforced else verdict.action
        ours = (one.rule for one in verdict.reasons if (one.action if self._enforced else one.effective) == action)
        return Answered(action, next(ours, ""))

    def _unknown(self, action: Action, again: Again, judgement: Judgement, memory: Counters) -> str:
        """Return why it cannot be told: something unknown might have been stricter; or the empty text."""
        for name, (strictest, why) in sorted(again.unknown.items()):
            if strictest > action:
                return f"{why} (rule {name})"
        for one in again.matches:
            asked = {each.series for each in one.observations}
            if one.after is not None:
                asked.add(one.after[0])
            if asked & memory.missing and most(one.rule) > action:
                return f"counter not known (rule {one.rule.name})"
        if judgement.inspection.at_least and action is not Action.BLOCK:
            return "coverage partial (what was seen was enough to block)"
        return ""


def _redacts(verdict: Verdict) -> bool:
    return any(one.settled == "cannot-redact" for one in verdict.reasons)


def _row(was: Answered, now: Answered, named: str, why: str) -> dict[str, Any]:
    return {
        "was": was.action.word,
        "was_rule": was.rule,
        "now": now.action.word,
        "now_rule": now.rule,
        "fate": named,
        "why": why,
    }


def _action(word: str) -> Action:
    return Action[word.upper()]


def _hex(values: frozenset[bytes]) -> list[str]:
    return sorted(one.hex() for one in values)


def customers_of(judgement: Judgement) -> frozenset[bytes]:
    """Return the fingerprints of whom the rules counted."""
    return frozenset(identity for one in judgement.matches for identity in one.identities)
