"""From what matched and the totals to one verdict: strictest wins, every rule that matched is a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.totals import BESIDE, Ring, Totals
from dlp_proxy.model.verdict import Action, Gathering, Mode, Reason, Verdict
from dlp_proxy.policy.match import Match
from dlp_proxy.policy.policy import SEVERITY_RANK, Limit, Policy

DEFAULT_FOR_GAPS: Final[Mapping[GapReason, Action]] = MappingProxyType(
    {
        "encrypted": Action.LOG,
        "unknown-format": Action.LOG,
        "malformed": Action.LOG,
        "partial": Action.LOG,
        "too-large": Action.BLOCK,
        "too-deep": Action.BLOCK,
        "timed-out": Action.BLOCK,
        "crashed": Action.BLOCK,
        "memory": Action.BLOCK,
        "failed": Action.BLOCK,
    }
)
"""What becomes of something that was not inspected and that no rule speaks of."""

DEFAULT_MESSAGE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "This could not be inspected, so it was stopped. Ask {help} and quote {incident}.",
        "zh": "此内容无法检查，已被阻止。请联系 {help}，并提供编号 {incident}。",
    }
)


def decide(  # noqa: PLR0917 (six nouns meet here)
    policy: Policy,
    message: Message,
    inspection: Inspection,
    matches: Sequence[Match],
    totals: Totals,
    monitor: bool,  # noqa: FBT001 (the one switch of the engine, passed by name)
) -> Verdict:
    """Return the engine's answer to a message.

    Raises:
        KeyError: `totals` does not answer an observation of `matches`; the exception policy decides then.
    """
    if not matches and not inspection.gaps and not message.gaps:
        return Verdict(Action.ALLOW, Action.ALLOW, (), policy.digest)
    reasons = [_reason(found, totals, monitor=monitor, at_least=inspection.at_least) for found in matches]
    reasons += _unmatched_gaps(message, inspection, matches, monitor=monitor)
    reasons.sort(key=strictest_first)
    action = max((reason.effective for reason in reasons), default=Action.ALLOW)
    would = max((reason.action for reason in reasons), default=Action.ALLOW)
    return Verdict(action, would, tuple(reasons), policy.digest)


def _reason(found: Match, totals: Totals, *, monitor: bool, at_least: bool) -> Reason:
    rule = found.rule
    here = len(found.identities)
    seen: dict[str, int] = {}
    reached: list[Limit] = []
    for limit in found.ladder.limits:
        total = found.sightings if limit.every else here
        if limit.sharing:
            total = len(_ring(found, limit, totals).people)
        elif limit.seconds:
            total = totals.distinct[found.series[limit.counts], limit.seconds]
        seen[limit.words] = total
        if total >= limit.at_least:
            reached.append(limit)
    instead = found.exemption.action if found.exemption is not None else None
    mode: Mode = "monitor" if monitor else rule.mode
    decisive: Limit | None = None
    severity = rule.severity
    action = rule.action
    if found.ladder.limits:
        decisive = max(reached, key=lambda limit: limit.action, default=None)
        action = decisive.action if decisive is not None else Action.COUNTED
        same = [limit.severity for limit in reached if limit.action == action]
        severity = max(same, key=SEVERITY_RANK.__getitem__, default=rule.severity)
    if instead is not None and action is not Action.COUNTED:
        action = instead
    return Reason(
        policy=rule.policy,
        rule=rule.name,
        action=action,
        effective=in_force(action, mode),
        severity=severity,
        mode=mode,
        count=seen[decisive.words] if decisive is not None else here,
        limit=decisive.words if decisive is not None else "",
        limit_number=decisive.at_least if decisive is not None else 0,
        window=decisive.window if decisive is not None else "",
        totals=seen,
        what=found.what,
        exception=found.exemption.name if found.exemption is not None else "",
        tags=rule.tags,
        cannot_ask=rule.cannot_ask,
        message=rule.message,
        at_least=at_least,
        asking=rule.asking,
        redaction=rule.redaction,
        notify=rule.notify if action >= Action.LOG else (),
        gathering=_gathering(found, decisive, totals) if decisive is not None and decisive.sharing else None,
    )


def _ring(found: Match, limit: Limit, totals: Totals) -> Ring:
    return totals.rings[found.series[limit.counts], limit.seconds, limit.sharing]


def _gathering(found: Match, limit: Limit, totals: Totals) -> Gathering:
    series = found.series[limit.counts]
    place = series.key.replace(BESIDE, " at ")
    return Gathering(series, limit.seconds, place, limit.sharing, _ring(found, limit, totals))


def _unmatched_gaps(
    message: Message, inspection: Inspection, matches: Sequence[Match], *, monitor: bool
) -> list[Reason]:
    left = {gap.reason for gap in (*inspection.gaps, *message.gaps)}
    for found in matches:
        left -= found.speaks_of
    if not left:
        return []
    mode: Mode = "monitor" if monitor else "enforce"
    action = max(DEFAULT_FOR_GAPS[reason] for reason in left)
    blocks = action is Action.BLOCK
    return [
        Reason(
            policy="default",
            rule="unreadable",
            action=action,
            effective=in_force(action, mode),
            severity="high" if blocks else "low",
            mode=mode,
            count=0,
            message=DEFAULT_MESSAGE if blocks else {},
        )
    ]


def in_force(action: Action, mode: Mode) -> Action:
    """Return what `action` comes to under `mode`: monitor records and stops nothing."""
    return min(action, Action.LOG) if mode == "monitor" else action


def strictest_first(reason: Reason) -> tuple[int, int, str, str]:
    return (-reason.effective, -reason.action, reason.policy, reason.rule)
