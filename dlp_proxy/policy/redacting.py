"""What rules that redact take out of a message, and what they put in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.verdict import Action
from dlp_proxy.policy.match import Match, found_by


class Taken(NamedTuple):
    """A finding to be replaced: its index in the inspection, and the text that stands there instead."""

    finding: int
    text: str


def redacting(matches: Sequence[Match], *, monitor: bool) -> tuple[Match, ...]:
    """Return the matches that may come to redact, whatever the totals say."""
    return tuple(one for one in matches if not monitor and one.rule.mode == "enforce" and Action.REDACT in one.may)


def taken_out(matches: Sequence[Match], inspection: Inspection) -> list[Taken]:
    """Return each finding that the rules of `matches` count, or that stands beside what they count, once.

    What an exception excuses by its values is left to the match of that exception.
    """
    taken: dict[int, str] = {}
    for one in matches:
        text = one.rule.redaction.replace_with
        for sought in one.rule.find:
            for _, findings, beside in found_by(one.rule, sought, inspection):
                if not _is_its_own(one, findings, inspection):
                    continue
                for index in (*findings, *beside):
                    taken.setdefault(index, text.replace("{what}", inspection.findings[index].kind))
    return [Taken(*one) for one in taken.items()]


def _is_its_own(found: Match, findings: Sequence[int], inspection: Inspection) -> bool:
    marks = {inspection.findings[index].fingerprint for index in findings}
    if found.exemption is not None and found.exemption.values:
        return not marks.isdisjoint(found.exemption.excused)
    return all(marks.isdisjoint(each.excused) for each in found.rule.exemptions)
