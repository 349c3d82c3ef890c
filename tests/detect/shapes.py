"""Parts, detectors and records for the tests of this room."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector, DetectorSpec, Examples, Pattern
from dlp_proxy.detect.group import group
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Field, Part, Unit
from dlp_proxy.model.record import Record, RecordSpec

ORDER: Final = DetectorSpec(
    name="order-number",
    kind="order-number",
    patterns=(Pattern(r"SO-\d{8}-\d{6}"),),
    confidence=Confidence.HIGH,
    normalise=("nfkc", "strip-spaces"),
    sample="SO-20260115-{n:6}",
    examples=Examples(match=("订单SO-20260115-004217已发货",), no_match=("XSO-20260115-004217",)),
)
STANDARD_DETECTORS: Final = tuple(compile_detector(spec) for spec in STANDARD)
DETECTORS: Final = (*STANDARD_DETECTORS, compile_detector(ORDER))
FEW: Final = tuple(
    detector
    for detector in DETECTORS
    if detector.spec.name in {"std/phone-cn", "std/address-cn", "std/email", "std/resident-id-cn", "order-number"}
)
"""What records are made of here; others may find more in the same text."""

CUSTOMER_ORDER: Final = RecordSpec(
    name="customer-order",
    has=("order-number",),
    has_some=("std/phone-cn", "std/address-cn", "std/email"),
    has_some_at_least=1,
    units=("row", "object", "form", "text"),
    text_window=300,
    identify_by=("order-number", "std/phone-cn"),
)
CUSTOMER_CONTACT: Final = RecordSpec(
    name="customer-contact",
    has=(),
    has_some=("std/phone-cn", "std/address-cn", "std/email"),
    has_some_at_least=2,
    units=("row", "object", "form", "text"),
    text_window=300,
    identify_by=("std/phone-cn", "std/email", "std/address-cn"),
)


def fingerprint(kind: str, value: str) -> bytes:
    return hmac.digest(b"test", f"{kind}\0{value}".encode(), "sha256")[:16]


def standard(name: str) -> Detector:
    return next(detector for detector in STANDARD_DETECTORS if detector.spec.name == f"std/{name}")


def order(number: int) -> str:
    return f"SO-20260115-{number:06}"


def phone(number: int) -> str:
    """Return a number of an invented customer; they do not count upwards, as no customers' do."""
    return f"138{(number * 31415927 + number * number * 271829) % 10**8:08}"


def text_part(text: str) -> Part:
    return Part(Location("body"), text)


def table(rows: Sequence[Sequence[str]], columns: tuple[str, ...] = ()) -> Part:
    lines = [CELL.join(row) for row in rows]
    units = []
    start = 0
    for number, line in enumerate(lines, 1):
        units.append(Unit(start, start + len(line), "row", f"row {number}"))
        start += len(line) + 1
    return Part(Location("body"), "\n".join(lines), tuple(units), (), columns)


class Objects:
    """Writes nested objects the way a reader of JSON renders them: a line for each leaf, a unit for each object."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._at = 0
        self._units: list[Unit] = []
        self._fields: list[Field] = []

    def add(self, value: object, name: str = "$") -> None:
        if isinstance(value, dict):
            place = len(self._units)
            start = self._at
            self._units.append(Unit(start, start, "object", name))
            for key, inner in value.items():
                self.add(inner, f"{name}.{key}")
            self._units[place] = Unit(start, max(start, self._at - 1), "object", name)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                self.add(inner, f"{name}[{number}]")
        else:
            label = name.rpartition(".")[2]
            line = f"{label}: {value}"
            first = self._at + len(label) + 2
            self._fields.append(Field(first, first + len(str(value)), label))
            self._lines.append(line)
            self._at += len(line) + 1

    def part(self) -> Part:
        return Part(Location("body"), "\n".join(self._lines), tuple(self._units), tuple(self._fields))


def objects(value: object) -> Part:
    written = Objects()
    written.add(value)
    return written.part()


def look(*parts: Part, detectors: Sequence[Detector] = DETECTORS, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    findings, gaps = scan(parts, detectors, fingerprint, limits)
    assert gaps == ()
    return findings


def gaps_of(*parts: Part, detectors: Sequence[Detector] = DETECTORS, limits: Limits = LIMITS) -> tuple[Gap, ...]:
    return scan(parts, detectors, fingerprint, limits)[1]


def records(*parts: Part, spec: RecordSpec = CUSTOMER_ORDER) -> tuple[Record, ...]:
    return group(parts, look(*parts, detectors=FEW), spec, Confidence.MEDIUM)


def distinct(*parts: Part, spec: RecordSpec = CUSTOMER_ORDER) -> int:
    return len({record.identity for record in records(*parts, spec=spec)})
