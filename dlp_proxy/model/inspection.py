"""Everything that looking at one message gave; the same for a live request and for a replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.record import Record
from dlp_proxy.model.upload import UploadState


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

    at_least: bool = False
    """What was seen was enough to block: the rest was not looked at, and every count is a least one."""

    upload: UploadState | None = None
    """How far the upload is of which the message is a part; None for a message that is whole."""

    def kinds(self) -> dict[str, int]:
        """Return how many values of each kind were found; one that two detectors found is one."""
        places = {(one.kind, one.part, one.start, one.end) for one in self.findings}
        return dict(sorted(Counter(kind for kind, *_ in places).items()))

    def with_window(self, later: Inspection) -> Inspection:
        """Return this inspection of a body's beginning together with that of its next window.

        The message's head, which each window's inspection saw again, counts once.
        """
        kept = [index for index, one in enumerate(later.findings) if one.location.area == "body"]
        place = {index: number + len(self.findings) for number, index in enumerate(kept)}
        records = dict(self.records)
        for key, some in later.records.items():
            records[key] = records.get(key, ()) + tuple(
                replace(
                    one,
                    findings=tuple(place[index] for index in one.findings),
                    beside=tuple(place[index] for index in one.beside if index in place),
                )
                for one in some
                if all(index in place for index in one.findings)
            )
        return replace(
            self,
            findings=self.findings
            + tuple(replace(later.findings[i], part=later.findings[i].part + self.parts) for i in kept),
            records=records,
            gaps=self.gaps + tuple(one for one in later.gaps if one not in self.gaps),
            parts=self.parts + later.parts,
            expanded_bytes=self.expanded_bytes + later.expanded_bytes,
            at_least=self.at_least or later.at_least,
        )

    def with_upload(self, state: UploadState, so_far: Inspection | None, gap: Gap | None) -> Inspection:
        """Return this inspection of a part together with that of the upload so far, which holds the part again."""
        joined = replace(self, upload=state, gaps=self.gaps if gap is None else (*self.gaps, gap))
        if so_far is None:
            return joined
        first = len(self.findings)
        records = dict(self.records)
        for key, some in so_far.records.items():
            records[key] = records.get(key, ()) + tuple(
                replace(one, location=_of_upload(one.location), findings=tuple(index + first for index in one.findings))
                for one in some
            )
        return replace(
            joined,
            findings=self.findings
            + tuple(
                replace(one, part=one.part + self.parts, location=_of_upload(one.location)) for one in so_far.findings
            ),
            records=records,
            gaps=joined.gaps + tuple(replace(one, location=_of_upload(one.location)) for one in so_far.gaps),
            parts=self.parts + so_far.parts,
            expanded_bytes=self.expanded_bytes + so_far.expanded_bytes,
            content=so_far.content or self.content,
            filenames=self.filenames + so_far.filenames,
            at_least=self.at_least or so_far.at_least,
        )


def _of_upload(location: Location) -> Location:
    return Location(location.area, ("the upload so far", *location.steps))
