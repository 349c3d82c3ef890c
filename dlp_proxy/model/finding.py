"""What was found, and what could not be looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, Literal, NamedTuple, get_args

from dlp_proxy.model.location import Location
from dlp_proxy.model.pickling import by_fields
from dlp_proxy.model.sensitive import Sensitive

type GapReason = Literal[
    "encrypted",  # locked with a password or key we do not have
    "too-large",  # over a byte, ratio, member or part limit
    "too-deep",  # containers inside containers beyond the limit
    "timed-out",  # over the time of the inspection or of one pattern
    "unknown-format",  # nothing that reads it
    "partial",  # a part of an upload whose other parts were not seen
    "malformed",  # broken: what could be read was read
    "crashed",  # the inspector died on it
    "memory",  # the inspector ran out of memory on it
    "failed",  # an error of ours; the exception policy decides
]
GAP_REASONS: Final[tuple[str, ...]] = get_args(GapReason.__value__)


class Confidence(IntEnum):
    """How sure a finding is. Three words, no decimals."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Finding(NamedTuple):
    """One value of one kind at one place. A tuple, for a message may have a hundred thousand of them.

    Attributes:
        detector: name of the detector in the policy, e.g. ``phone-cn``.
        kind: what it is, over all detectors: phone, address, order-number, email, id, card, credential, ...
        part: index of the part in the inspection.
        start: first character in the part's text.
        end: one past the last character.
        location: where, for people: the part's location and the unit in it.
        value: the text as it was found.
        fingerprint: keyed HMAC of (kind, normalised value); equal for one value in every spelling.
        why: what set its confidence, in order, for `explain`.
        known: the indexes of existing values that hold it.
    """

    detector: str
    kind: str
    part: int
    start: int
    end: int
    location: Location
    confidence: Confidence
    value: Sensitive
    fingerprint: bytes
    why: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()


@by_fields
@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not inspected, and why. Policy decides on gaps as it does on findings.

    `detail` is one plain sentence for people; it never quotes content. `bytes` were not read, as far as that is known.
    """

    reason: GapReason
    location: Location
    detail: str = ""
    bytes: int = 0


_TOLD: Final = 64
_AND_MORE: Final = "There were more of these than are told."


def few(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return `gaps`, of each reason the first 64; the last of these also says that there were more, and has the bytes.

    A capture of packets, or a disk, has thousands of them: policy asks for the reasons, and an event is read by people.
    """
    if len(gaps) <= _TOLD:
        return gaps
    told: list[Gap] = []
    last: dict[GapReason, int] = {}
    seen: Counter[GapReason] = Counter()
    for gap in gaps:
        seen[gap.reason] += 1
        if seen[gap.reason] <= _TOLD:
            last[gap.reason] = len(told)
            told.append(gap)
        else:
            kept = told[last[gap.reason]]
            detail = f"{kept.detail.removesuffix(_AND_MORE).rstrip()} {_AND_MORE}".lstrip()
            told[last[gap.reason]] = replace(kept, detail=detail, bytes=kept.bytes + gap.bytes)
    return tuple(told)
