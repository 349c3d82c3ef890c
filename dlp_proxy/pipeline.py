"""THE STAIRCASE: the steps of one message, from bytes to verdict. The proxy, scan and tests all come through here.

    inspect   unpack -> detect -> records           no memory, no clock: can run in another process
    judge     match -> windows -> decide            the windows are the only memory
    examine   both, for drivers without a pool

The proxy adds the steps around them: receive and translate before, record and enforce after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from dlp_proxy.detect.beginning import beginning
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import DetectorSet, detector_set
from dlp_proxy.detect.group import group
from dlp_proxy.detect.known import Lookup, everything
from dlp_proxy.detect.regions import Clock, Patience
from dlp_proxy.detect.scan import NO_INDEXES, scan
from dlp_proxy.model.finding import Gap, GapReason, few
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint, Message, Part
from dlp_proxy.model.names import NameMask
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.totals import NOTHING_READ, Observation, Totals
from dlp_proxy.model.verdict import Action, Answer, Question, Reason, Verdict
from dlp_proxy.policy.asking import NO_MARKS
from dlp_proxy.policy.carry_out import NO_ANSWERS, carry_out
from dlp_proxy.policy.decide import DEFAULT_MESSAGE, decide
from dlp_proxy.policy.enough import blocks, fills_windows, shows_more
from dlp_proxy.policy.match import Match, match
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.redacting import redacting, taken_out
from dlp_proxy.unpack.account import account_at
from dlp_proxy.unpack.leaves import NotExactError
from dlp_proxy.unpack.mapped import Bytes, Mapped, digest_of
from dlp_proxy.unpack.opener import Opener
from dlp_proxy.unpack.rewrite import Replacement, rewrite
from dlp_proxy.unpack.sight import Sight
from dlp_proxy.unpack.unpack import Unpacked, unpack
from dlp_proxy.unpack.unpack_long import unpack_long
from dlp_proxy.windows.ring import joined

_BEGINNINGS: Final = (256 * 1024, 1024 * 1024)
"""Characters that may be enough of a message: the first for its limits, the second for those of windows too."""

_MUCH_MORE: Final = 4
"""A beginning is looked at by itself when the message is so many times as long: it costs a quarter more at worst."""


_GROWTH: Final = 1.25
"""The rules are asked again when so many times as much was found, so that asking stays a small share of the work."""
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
    indexes: Mapping[str, Lookup] = NO_INDEXES
    """Indexes of values that exist, by name."""
    clock: Clock | None = None
    """Bounds the time of a scan as a whole; never what is found in it."""
    sight: Sight | None = None
    """Reads what pictures show. Only inspectors and `scan` have it: it takes seconds."""
    opener: Opener | None = None
    """Opens containers by programs, likewise."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy", self.policy.keyed(self.fingerprint))

    @property
    def looks_first(self) -> str:
        """Return what looks for all patterns first: ``hyperscan`` or ``regex``."""
        return self.detectors.engine if isinstance(self.detectors, DetectorSet) else "regex"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A message, what was seen in it, and what is to be done.

    `matches` say what each rule counted; `questions` are those of the rules that ask; `read` are the totals of windows
    that the verdict was made with; `joined` are the reasons whose ring somebody is in now of whom it was not yet said.
    """

    message: Message
    inspection: Inspection
    verdict: Verdict
    matches: tuple[Match, ...] = ()
    questions: tuple[Question, ...] = ()
    read: Totals = NOTHING_READ
    joined: tuple[Reason, ...] = ()

    @property
    def redacted(self) -> Redacted | None:
        """Return what may go on instead of the body."""
        return self.inspection.redacted

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
        if self.inspection.told and not self.verdict.error:
            return any(reason.policy != "default" for reason in self.verdict.reasons)
        return bool(self.inspection.findings or self.inspection.gaps or self.verdict.reasons or self.verdict.error)


def inspect(message: Message, engine: Engine) -> Inspection:
    """Look at a message: unpack it, find, and group what was found into records.

    A long one is looked at piece by piece, one of medium length from its beginning; either may be enough before its
    end, and its inspection says so.
    """
    if len(message.body) > engine.limits.long_bytes and message.channel == "http":
        return inspect_long(message, message.body, engine)
    seen = _inspect_whole(message, engine)
    if not (message.body or seen.findings or seen.gaps):
        return seen  # nobody keeps anything of it, unless a rule is about its destination: then `conclude` does that
    return seen.of(message, digest_of(message.body), engine.fingerprint)


def _inspect_whole(message: Message, engine: Engine) -> Inspection:
    seen = _whole(message, engine)
    if not seen.findings or message.channel != "http":
        return seen
    rules = redacting(match(engine.policy, message, seen), monitor=engine.monitor)
    return replace(seen, redacted=_redact(message, engine, seen, rules)) if rules else seen


def _redact(message: Message, engine: Engine, seen: Inspection, rules: Sequence[Match]) -> Redacted:
    """Return the body without what `rules` count in it: looked at again, they count nothing and nothing is hidden."""
    if seen.at_least or seen.gaps:
        return Redacted(why="not all of it was looked at")
    taken = taken_out(rules, seen)
    values = {
        seen.findings[one.finding].value.reveal(): Replacement(one.text, seen.findings[one.finding].kind)
        for one in taken
    }
    try:
        body, kinds = rewrite(message, seen.content, engine.limits, values)
    except NotExactError as error:
        return Redacted(why=str(error))
    headers = tuple(one for one in message.headers if one[0].lower() != b"content-encoding")
    after = replace(message, body=body, headers=headers)
    left = _whole(after, engine)
    marks = {seen.findings[one.finding].fingerprint for one in taken}
    # Asking the rules is not enough: the new body has another size and another format, which they may ask for.
    still = any(one.fingerprint in marks for one in left.findings)
    if still or left.gaps or left.at_least or redacting(match(engine.policy, after, left), monitor=engine.monitor):
        return Redacted(why="looked at again, it still held what is to be taken out")
    return Redacted(body, kinds)


def _whole(message: Message, engine: Engine) -> Inspection:
    """Unpack a message that is held as a whole, and look at it."""
    patience = _patience(engine)
    patience.extend(len(message.body) / engine.limits.work_bytes)
    unpacked = unpack(message, engine.limits, engine.sight, patience, engine.opener)
    return _inspect(message, engine, unpacked, patience)


def _patience(engine: Engine) -> Patience:
    return Patience(engine.limits.pattern_seconds, engine.limits.work_seconds, engine.clock)


def _inspect(message: Message, engine: Engine, unpacked: Unpacked, patience: Patience) -> Inspection:
    """Look at what a message was unpacked to."""
    whole = sum(len(part.text) for part in unpacked.parts)
    begun: Inspection | None = None
    for characters in _BEGINNINGS:
        first = beginning(unpacked.parts, characters) if whole >= _MUCH_MORE * characters else None
        if first is None:
            break
        begun = seen = _look(message, engine, unpacked, first, patience)
        if not blocks(engine.policy, message, seen, monitor=engine.monitor):
            break
        if fills_windows(engine.policy, message, seen):
            return replace(seen, at_least=True)
    seen = _look(message, engine, unpacked, unpacked.parts, patience)
    if begun is not None and shows_more(begun, seen):
        return replace(begun, gaps=seen.gaps)
    return seen


def inspect_long(message: Message, body: Bytes, engine: Engine) -> Inspection:
    """Look at a message of which `body` is too long to be looked at as a whole: about a window of it at a time.

    Stops when what was seen is enough to block, and when more values are found than are kept, which is a gap.
    """
    head = replace(message, body=b"", body_file="", body_file_bytes=0)
    seen = _inspect_whole(head, engine)
    bare = replace(head, gaps=())
    asked = 0
    patience = _patience(engine)
    for unpacked in unpack_long(message, Mapped(body), engine.limits, engine.sight, patience, engine.opener):
        one = _inspect(bare, engine, unpacked, patience)
        patience.restart()
        seen = seen.with_window(one)
        if seen.at_least:
            break
        if len(seen.findings) > asked * _GROWTH:
            asked = len(seen.findings)
            if _is_enough(message, engine, seen):
                seen = replace(seen, at_least=True)
                break
        if len(seen.findings) > engine.limits.findings:
            seen = replace(seen, gaps=(*seen.gaps, _MANY))
            break
    if seen.findings and redacting(match(engine.policy, message, seen), monitor=engine.monitor):
        seen = replace(seen, redacted=Redacted(why="the body is too long to be rewritten as a whole"))
    return replace(seen, bytes=len(body)).of(message, digest_of(body), engine.fingerprint)


def _is_enough(message: Message, engine: Engine, seen: Inspection) -> bool:
    return blocks(engine.policy, message, seen, monitor=engine.monitor) and fills_windows(engine.policy, message, seen)


def _look(
    message: Message, engine: Engine, unpacked: Unpacked, parts: Sequence[Part], patience: Patience
) -> Inspection:
    """Return the inspection of a message of which `parts` are looked at."""
    together = detector_set(engine.policy.detectors if engine.detectors is None else engine.detectors)
    findings, missed = scan(
        parts,
        together,
        engine.fingerprint,
        engine.limits,
        patience,
        {**engine.indexes, **dict.fromkeys(message.known, everything)},
    )
    records = {
        (spec.name, confidence): group(parts, findings, spec, confidence)
        for spec, confidence in (engine.policy.records if findings else ())
    }
    names = NameMask(findings)
    gaps = few((*message.gaps, *unpacked.gaps, *missed))
    return Inspection(
        findings=tuple(names.finding(one) for one in findings),
        records={key: tuple(names.record(one) for one in some) for key, some in records.items()},
        gaps=tuple(names.gap(one) for one in gaps),
        parts=len(unpacked.parts),
        bytes=message.size,
        expanded_bytes=unpacked.expanded_bytes,
        formats=unpacked.formats,
        detectors=together.names if parts else (),
        content=unpacked.content,
        filenames=tuple(names.text(one) for one in unpacked.filenames),
        path=names.path(message.path),
        account=account_at(message, unpacked.parts, engine.fingerprint),
    )


def judge(message: Message, inspection: Inspection, engine: Engine, windows: Memory) -> Judgement:
    """Match the rules, add what they count to the windows, and decide with the totals."""
    return conclude(message, inspection, engine, match(engine.policy, message, inspection), windows, message.time)


def conclude(  # noqa: PLR0917 (all that a verdict depends on meets here)
    message: Message,
    inspection: Inspection,
    engine: Engine,
    matches: tuple[Match, ...],
    windows: Memory,
    now: float,
    marks: Mapping[tuple[str, str], str] = NO_MARKS,
    answers: Mapping[tuple[str, str], Answer] = NO_ANSWERS,
) -> Judgement:
    """Add what `matches` count to the windows as of `now`, and decide with the totals and with what can be done.

    Apart from `judge` for drivers that share their windows: matching needs no turn at them, this does.

    Args:
        marks: (policy, rule) -> the mark of what that rule would ask about.
        answers: (policy, rule) -> what the sender answered when asked about the same.
    """
    matches, asked = _in_time(matches, now, windows)
    observations = [one for each in matches for one in each.observations]
    totals = windows.observe(now, observations) if observations else NOTHING_READ
    verdict = decide(engine.policy, message, inspection, matches, totals, monitor=engine.monitor)
    verdict = carry_out(verdict, message, inspection, answers)
    if verdict.reasons and not (inspection.inputs or inspection.gaps or message.size):
        inspection = inspection.of(message, digest_of(message.body), engine.fingerprint)
    questions = tuple(
        Question(reason.policy, reason.rule, marks.get((reason.policy, reason.rule), ""), reason.asking)
        for reason in verdict.reasons
        if reason.effective is Action.COACH
    )
    read = Totals({**asked.distinct, **totals.distinct}, {**asked.rings, **totals.rings})
    judgement = Judgement(message, inspection, verdict, matches, questions, read, joined(verdict, windows.observe, now))
    if trips := trips_of(judgement):
        windows.observe(now, trips)
    return judgement


def _in_time(matches: tuple[Match, ...], now: float, windows: Memory) -> tuple[tuple[Match, ...], Totals]:
    """Return the matches without those of rules that wait for another rule, which has not acted in time; and totals."""
    asked = [Observation(series, (), (seconds,)) for each in matches if each.after for series, seconds in (each.after,)]
    if not asked:
        return matches, NOTHING_READ
    totals = windows.observe(now, asked)
    return tuple(each for each in matches if each.after is None or totals.distinct[each.after]), totals


def trips_of(judgement: Judgement) -> list[Observation]:
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


def masked(text: str, engine: Engine) -> str:
    """Return a text that somebody wrote for us to keep, with every value masked that is found in it."""
    detectors = engine.policy.detectors if engine.detectors is None else engine.detectors
    part = Part(Location("body"), text)
    findings, missed = scan((part,), detectors, engine.fingerprint, engine.limits, _patience(engine), engine.indexes)
    return NameMask(findings).text(text) if not missed else "(not kept: it could not be looked at)"


def unread(message: Message, reason: GapReason, detail: str) -> Inspection:
    """Return the inspection of a message that could not be looked at, so that policy decides on the gap.

    `detail` must not hold content: the kind of an error, never its text.
    """
    gap = Gap(reason, Location("body"), detail, message.size)
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
