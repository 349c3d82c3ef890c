"""Findings of nobody's text, for the tests of grouping: a word is a value, its first letter the detector."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.membership import Membership
from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.location import Location
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.model.sensitive import Sensitive

CONTACT: Final = RecordSpec("contact", (), ("p", "a", "e"), 2, ("row", "object", "form", "text"), 300, ("p", "e", "a"))
ORDERED: Final = RecordSpec("order", ("o",), ("p", "a", "e"), 1, ("row", "object", "form", "text"), 300, ("o", "p"))


def found(text: str, part: int = 0) -> list[Finding]:
    """Return a finding for each word of `text`: `p1` is the value 1 of the detector p."""
    findings: list[Finding] = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        findings.append(
            Finding(
                detector=word[0],
                kind=word[0],
                part=part,
                start=at,
                end=at + len(word),
                location=Location("body"),
                confidence=Confidence.MEDIUM,
                value=Sensitive(word),
                fingerprint=word.encode(),
            )
        )
        at += len(word)
    return findings


def membership(text: str, spec: RecordSpec = CONTACT) -> tuple[Membership, list[int]]:
    member = Membership(spec, found(text))
    return member, member.usable()
