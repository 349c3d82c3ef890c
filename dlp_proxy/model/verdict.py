"""The engine's answer to one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from dlp_proxy.model.totals import Ring, Series


class Action(IntEnum):
    """What to do, by strictness: the highest wins."""

    ALLOW = 0
    COUNTED = 1
    LOG = 2
    REDACT = 3
    COACH = 4
    BLOCK = 5

    @property
    def word(self) -> str:
        return self.name.lower()


type Mode = Literal["enforce", "monitor", "off"]
type Severity = Literal["info", "low", "medium", "high", "critical"]


REPLACEMENT: Final = "[{what}]"


class Asking(NamedTuple):
    """How a rule that coaches asks: to confirm, or for a reason; `remember` is how many seconds an answer holds."""

    ask: Literal["confirm", "reason"] = "confirm"
    choices: tuple[str, ...] = ()
    remember: int = 0


class Redaction(NamedTuple):
    """What a rule puts in the place of a value, and what it does where that cannot be done exactly."""

    replace_with: str = REPLACEMENT
    cannot_redact: Literal["block", "log"] = "block"


class Answer(NamedTuple):
    """What a person answered when a rule asked, and for what it holds.

    Attributes:
        mark: keyed mark of what was to be sent: the customers counted, or the body.
        since: when it was given; `until` is when it ends. Seconds since the epoch, UTC.
        text: the reason given, values of customers masked.
        asked_in: uid of the event whose page asked.
    """

    user: str
    site: str
    policy: str
    rule: str
    mark: str
    since: float
    until: float
    text: str
    asked_in: str


class Question(NamedTuple):
    """A rule that asks, and the mark of what it asks about."""

    policy: str
    rule: str
    mark: str
    asking: Asking


class Gathering(NamedTuple):
    """The ring that a limit on people saw.

    Attributes:
        series: whose totals it is of, and so which place.
        seconds: the length of the window.
        place: where they all sent to, in words; empty for anywhere.
        sharing: customers in common that link two of them together.
    """

    series: Series
    seconds: int
    place: str
    sharing: int
    ring: Ring


type Settled = Literal["", "answered", "cannot-ask", "cannot-redact"]

ASKING: Final = Asking()
REDACTION: Final = Redaction()


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that matched, and how far it got.

    Attributes:
        action: what the rule says after exceptions; `Verdict.action` may be weaker by mode.
        effective: the action after the mode in force (``monitor`` turns everything stricter into LOG).
        count: different records or values, over the limit's window for a window limit.
        at_least: what was seen was enough to block and the rest was not looked at: there may be more than `count`.
        limit: the limit reached, in the policy's own words, e.g. ``200 in 24h by user``; empty if none.
        totals: every limit looked at: its words -> the total it saw.
        what: names of the records or detectors counted -> how many different ones.
        exception: name of the exception that applied, or empty.
    """

    policy: str
    rule: str
    action: Action
    effective: Action
    severity: Severity
    mode: Mode
    count: int
    limit: str = ""
    limit_number: int = 0
    window: str = ""
    totals: Mapping[str, int] = field(default_factory=dict)
    what: Mapping[str, int] = field(default_factory=dict)
    exception: str = ""
    tags: tuple[str, ...] = ()
    cannot_ask: Literal["block", "log"] = "block"
    message: Mapping[str, str] = field(default_factory=dict)
    """Language -> text with its blanks still open."""
    at_least: bool = False
    asking: Asking = ASKING
    redaction: Redaction = REDACTION
    notify: tuple[str, ...] = ()
    """Whom the rule wants told; nobody is told of what is only counted."""
    settled: Settled = ""
    """Why `effective` is not what the rule says: it was answered, or could not be done."""
    answer: Answer | None = None
    gathering: Gathering | None = None
    """The people of a limit that counts people, when that limit decided."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Strictest action over all rules, and every rule that matched.

    `would` is the action had every mode been enforce; it differs from `action` under monitor.
    `reasons` are sorted strictest first, then by policy and rule.
    """

    action: Action
    would: Action
    reasons: tuple[Reason, ...] = ()
    policy_digest: str = ""
    error: str = ""
    """Set when the exception policy decided: the step and the kind of the error, never its text."""
