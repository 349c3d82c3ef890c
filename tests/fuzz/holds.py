"""What must hold for whatever was scanned: asked by hypothesis in the tests, and by atheris by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.group import group
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.message import Message, Part
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.unpack.unpack import unpack

DETECTORS: Final = DetectorSet(map(compile_detector, STANDARD))
CUSTOMER: Final = RecordSpec(
    name="customer",
    has=(),
    has_some=(
        "std/phone-cn",
        "std/phone",
        "std/address-cn",
        "std/address",
        "std/email",
        "std/order-number",
        "std/name",
    ),
    has_some_at_least=2,
    units=("row", "object", "form", "text"),
    text_window=300,
    identify_by=("std/order-number", "std/phone-cn", "std/phone", "std/email"),
)


def fingerprint(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind} {value}".encode(errors="surrogatepass")).digest()[:16]


def scanned(parts: Sequence[Part], limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Scan and group `parts`, and check all that must hold. Raises AssertionError, or whatever the code raises."""
    findings, gaps = scan(parts, DETECTORS, fingerprint, limits)
    assert len(findings) <= limits.findings
    assert all(gap.reason in {"timed-out", "too-large"} for gap in gaps), gaps
    for finding in findings:
        text = parts[finding.part].text
        assert 0 <= finding.start < finding.end <= len(text), finding
        assert len(finding.fingerprint) == 16
        assert finding.why
    for one, other in pairwise(findings):
        assert (one.part, one.start) <= (other.part, other.start), (one, other)
    for confidence in Confidence:
        records = group(parts, findings, CUSTOMER, confidence)
        assert len(records) <= len(findings)
        for record in records:
            assert all(findings[index].confidence >= confidence for index in record.findings)
    return findings


def unpacked(message: Message, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Unpack a message, then scan and group what came out."""
    result = unpack(message, limits)
    assert [gap for gap in result.gaps if gap.reason in {"failed", "crashed", "memory"}] == []
    assert len(result.parts) <= limits.parts
    return scanned(result.parts, limits)
