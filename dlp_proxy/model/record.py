"""One customer's data, however it was laid out."""

from __future__ import annotations

from dataclasses import dataclass

from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import UnitKind
from dlp_proxy.model.pickling import by_fields


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """What makes a record, as a policy's ``records:`` says.

    Attributes:
        has: detectors that must all be there.
        has_some: detectors of which `has_some_at_least` different ones must be there.
        units: kinds of units it is looked for in.
        text_window: characters that a record in free text may span, to either side of its identity.
        identify_by: detectors, first present one is the identity.
        not_only: detectors that make no record among themselves: what shops and offices have as people do.
        not_only_of_places: detectors of what a place has: where its row names a shop, a branch or an office, and no
            person, nothing but these makes no record.
    """

    name: str
    has: tuple[str, ...]
    has_some: tuple[str, ...]
    has_some_at_least: int
    units: tuple[UnitKind, ...]
    text_window: int
    identify_by: tuple[str, ...]
    confidence: Confidence = Confidence.MEDIUM
    not_only: tuple[str, ...] = ()
    not_only_of_places: tuple[str, ...] = ()


@by_fields
@dataclass(frozen=True, slots=True)
class Record:
    """One customer in one place.

    Attributes:
        name: the record's name in the policy, e.g. ``customer-order``.
        identity: fingerprint of the value that identifies it; two records with one identity are one customer.
        findings: indices into the inspection's findings, ascending; a finding serves one record of a name.
        beside: what else stands with it and may be of the same customer, such as a second telephone. It neither
            makes nor names a record, and serves no other one of this name.
    """

    name: str
    identity: bytes
    location: Location
    findings: tuple[int, ...]
    beside: tuple[int, ...] = ()
