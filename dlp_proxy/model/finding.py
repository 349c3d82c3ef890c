"""What was found, and what could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass
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
