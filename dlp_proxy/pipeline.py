"""THE STAIRCASE: the steps of one message, from bytes to verdict. The proxy, scan and tests all come through here.

    inspect   unpack -> detect -> records           no memory, no clock: can run in another process
    judge     match -> windows -> decide            the windows are the only memory
    examine   both, for drivers without a pool

The proxy adds the steps around them: receive and translate before, record and enforce after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from dlp_proxy.detect.beginning import beginning
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.group import group
from dlp_proxy.detect.quiet import is_quiet
from dlp_proxy.detect.regions import Clock
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.finding import Gap, GapReason
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint, Message, Part
from dlp_proxy.model.names import NameMask
from dlp_proxy.model.totals import Observation, Totals
from dlp_proxy.model.verdict import Action, Reason, Verdict
from dlp_proxy.policy.decide import DEFAULT_MESSAGE, decide
from dlp_proxy.policy.enough import blocks, fills_windows
from dlp_proxy.policy.match import Match, match
from dlp_proxy.policy.policy import Policy
from dlp_proxy.unpack.unpack import Unpacked, unpack
from dlp_proxy.unpack.windows import WINDOW_BYTES, Bytes, has_lines, windows

_BEGINNINGS: Final = (256 * 1024, 1024 * 1024)
"""Characters that may be enough of a message: the first for its limits, the second for those of windows too."""

_MUCH_MORE: Final = 4
"""A beginning is looked at by itself when the message is so many times as long: it costs a quarter more at worst."""


_WHOLE: Final = Gap("too-large", Location("body"), "so long a body is read only when it is plain lines of text")
_MANY: Final = Gap("too-large", Location("body"), "More values were found than are kept for one message.")


class Memory(Protocol):
    """What judging needs of the windows."""

    def observe(self, now: float, observations: Sequence[Observation]) -> Totals:
        """Add identities and return the totals with them."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that a verdict depends on besides the message and the windows."""

    policy: Policy
    fingerprint: Fingerprint
    limits: Limits = LIMITS
    monitor: bool = False
    detectors: Sequence[Detector] | None = None
    """The policy's detectors, with a gate compiled for all; the bare ones when None: the same findings, slower."""
    clock: Clock | None = None
    """Bounds the time of a scan as a whole; never what is found in it."""

    @property
    def looks_first(self) -> str:
        """Return what looks for all patterns first: ``hyperscan`` or ``regex``."""
        return self.detectors.engine if isinstance(self.detectors, DetectorSet) else "regex"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A message, what was seen in it, and what is to be done. `matches` say what each rule counted."""

    message: Message
    inspection: Inspection
    verdict: Verdict
    matches: tuple[Match, ...] = ()

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Return what the windows were told."""
        return tuple(one for each in self.matches for one in each.observations) + tuple(_trips(self))

    @property
    def counted(self) -> frozenset[bytes]:
        """Return the fingerprints that the strictest rule counted as customers."""
        if not self.verdict.reasons:
            return frozenset()
        first = self.verdict.reasons[0]
        return frozenset(
            identity
            for each in self.matches
            if (each.rule.policy, each.rule.name) == (first.policy, first.rule)
            for identity in each.identities
        )

    @property
    def records(self) -> int:
        """Return how many records there are of the name that has most; one customer sent twice is two records."""
        return max((len(some) for some in self.inspection.records.values()), default=0)

    @property
    def worth_an_event(self) -> bool:
        """Tell whether anything was found, missed or matched; the rest is traffic like any other."""
        return bool(self.inspection.findings or self.inspection.gaps or self.verdict.reasons or self.verdict.error)


def inspect(message: Message, engine: Engine) -> Inspection:
    """Look at a message: unpack it, find, and group what was found into records.

    A long one is looked at from its beginning, which may be enough; its inspection says so.
    """
    detectors = engine.policy.detectors if engine.detectors is None else engine.detectors
    unpacked = unpack(message, engine.limits, lambda text: is_quiet(text, detectors))
    whole = sum(len(part.text) for part in unpacked.parts)
    for characters in _BEGINNINGS:
        first = beginning(unpacked.parts, characters) if whole >= _MUCH_MORE * characters else None
        if first is None:
            break
        seen = _look(message, engine, unpacked, first)
        if not blocks(engine.policy, message, seen, monitor=engine.monitor):
            break
        if fills_windows(engine.policy, message, seen):
            return replace(seen, at_least=True)
    return _look(message, engine, unpacked, unpacked.parts)


def inspect_windows(message: Message, body: Bytes, engine: Engine, size: int = WINDOW_BYTES) -> Inspection:
    """Look at a message of which `body` is too long to be looked at as a whole: window by window, if it has lines.

    Stops at the first window that alone is enough to block. A body that cannot be cut, or of which more values are
    found than are kept, is a gap.
    """
    head = replace(message, body=b"", body_file="", body_file_bytes=0)
    if message.header("content-encoding") or not has_lines(body):
        return replace(inspect(replace(head, gaps=(*head.gaps, _WHOLE)), engine), bytes=len(body))
    seen: Inspection | None = None
    for window in windows(body, size):
        one = inspect(replace(head, body=window), engine)
        seen = one if seen is None else seen.with_window(one)
        if seen.at_least:
            break
        if b"\0" in window or len(one.gaps) > len(message.gaps):
            seen = replace(seen, gaps=(*seen.gaps, _WHOLE))  # something of it may go on beyond the window
            break
        if len(seen.findings) > engine.limits.findings:
            seen = replace(seen, gaps=(*seen.gaps, _MANY))
            break
    return replace(inspect(head, engine) if seen is None else seen, bytes=len(body))


def _look(message: Message, engine: Engine, unpacked: Unpacked, parts: Sequence[Part]) -> Inspection:
    """Return the inspection of a message of which `parts` are looked at."""
    detectors = engine.policy.detectors if engine.detectors is None else engine.detectors
    findings, missed = scan(parts, detectors, engine.fingerprint, engine.limits, engine.clock)
    records = {
        (spec.name, confidence): group(parts, findings, spec, confidence)
        for spec, confidence in (engine.policy.records if findings else ())
    }
    names = NameMask(findings)
    gaps = (*message.gaps, *unpacked.gaps, *missed)
    return Inspection(
        findings=tuple(names.finding(one) for one in findings),
        records={key: tuple(names.record(one) for one in some) for key, some in records.items()},
        gaps=tuple(names.gap(one) for one in gaps),
        parts=len(unpacked.parts),
        bytes=message.size,
        expanded_bytes=unpacked.expanded_bytes,
        content=unpacked.content,
        filenames=tuple(names.text(one) for one in unpacked.filenames),
        path=names.text(message.path),
    )


def judge(message: Message, inspection: Inspection, engine: Engine, windows: Memory) -> Judgement:
    """Match the rules, add what they count to the windows, and decide with the totals."""
    matches = _in_time(match(engine.policy, message, inspection), message, windows)
    observations = [one for each in matches for one in each.observations]
    totals = windows.observe(message.time, observations) if observations else Totals()
    verdict = decide(engine.policy, message, inspection, matches, totals, monitor=engine.monitor)
    judgement = Judgement(message, inspection, verdict, matches)
    if trips := _trips(judgement):
        windows.observe(message.time, trips)
    return judgement


def _in_time(matches: tuple[Match, ...], message: Message, windows: Memory) -> tuple[Match, ...]:
    """Return the matches without those of rules that wait for another rule, which has not acted in time."""
    asked = [Observation(series, (), (seconds,)) for each in matches if each.after for series, seconds in (each.after,)]
    if not asked:
        return matches
    totals = windows.observe(message.time, asked)
    return tuple(each for each in matches if each.after is None or totals.distinct[each.after])


def _trips(judgement: Judgement) -> list[Observation]:
    """Return what rules remember of having acted, for others that ask."""
    acted = {(one.policy, one.rule) for one in judgement.verdict.reasons if one.effective >= Action.LOG}
    return [
        trip
        for each in judgement.matches
        if each.trips and (each.rule.policy, each.rule.name) in acted
        for trip in each.trips
    ]


def examine(message: Message, engine: Engine, windows: Memory) -> Judgement:
    """Inspect and judge; an error of ours is a gap, and so a verdict by the exception policy. Never raises."""
    try:
        inspection = inspect(message, engine)
    except Exception as error:  # noqa: BLE001 - fail closed: every error must become a verdict
        inspection = unread(message, "failed", f"inspection stopped on {type(error).__name__}")
    return judge(message, inspection, engine, windows)


def unread(message: Message, reason: GapReason, detail: str) -> Inspection:
    """Return the inspection of a message that could not be looked at, so that policy decides on the gap.

    `detail` must not hold content: the kind of an error, never its text.
    """
    gap = Gap(reason, Location("body"), detail)
    return Inspection(gaps=(*message.gaps, gap), bytes=message.size, path=NameMask(()).text(message.path))


def by_exception_policy(message: Message, error: str, engine: Engine, *, let_pass: bool = False) -> Judgement:
    """Return the judgement of a message that one of our own steps failed on.

    It asks no rule and no window, since one of those may be what failed.

    Args:
        error: the step and the kind of the error, never its text, which may quote content.
        let_pass: the operator chose availability over inspection; the event says that it was let pass.
    """
    inspection = unread(message, "failed", error)
    action = Action.LOG if engine.monitor or let_pass else Action.BLOCK
    reason = Reason(
        policy="default",
        rule="exception-policy",
        action=Action.LOG if let_pass else Action.BLOCK,
        effective=action,
        severity="high",
        mode="monitor" if engine.monitor else "enforce",
        count=0,
        message=DEFAULT_MESSAGE,
    )
    return Judgement(message, inspection, Verdict(action, reason.action, (reason,), engine.policy.digest, error))
