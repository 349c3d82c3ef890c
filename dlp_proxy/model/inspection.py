"""Everything that looking at one message gave; the same for a live request and for a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.record import Record


@dataclass(frozen=True, slots=True)
class Inspection:
    """Findings, records and gaps of one message.

    Holds no content: values are masked or `Sensitive`, and a pickled inspection has lost them.

    Attributes:
        findings: sorted by part and start.
        records: for each (record name, least confidence) that some rule asks for.
        parts: number of parts read.
        bytes: size of the body as sent.
        expanded_bytes: what it unpacked to.
    """

    findings: tuple[Finding, ...] = ()
    records: Mapping[tuple[str, Confidence], tuple[Record, ...]] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    parts: int = 0
    bytes: int = 0
    expanded_bytes: int = 0
    content: str = ""
    """What the body is, by content: json, form, multipart, csv, zip, gzip, text, binary, or empty for no body."""

    filenames: tuple[str, ...] = ()
    """Names of files in it, masked where detectors found something."""

    path: str = ""
    """The request's path without its query, masked where detectors found something."""
