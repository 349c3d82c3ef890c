"""Everything that looking at one message gave; the same for a live request and for a replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Buffer, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, NamedTuple

from dlp_proxy.model.finding import Confidence, Finding, Gap, few
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint, Message, head_of
from dlp_proxy.model.pickling import by_fields
from dlp_proxy.model.record import Record
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.upload import UploadState

type Coverage = Literal["full", "partial", "none", "enough"]


@dataclass(frozen=True, slots=True)
class Failure:
    """A body that an inspector did not survive.

    Attributes:
        body: keyed fingerprint of its digest, in hexadecimal.
        times: that this person sent it and it failed, this time included.
    """

    body: str
    times: int


class AtAccount(NamedTuple):
    """The account at the destination that a message told of itself.

    Attributes:
        by: what told it: ``basic``, ``digest``, ``access-key``, ``webdav``, ``form``.
        masked: the shape of its name.
        token: keyed fingerprint of the name, in hexadecimal.
    """

    by: str
    masked: str
    token: str


@by_fields
@dataclass(frozen=True, slots=True)
class Inspection:
    """Findings, records and gaps of one message.

    Holds no content but a body that rules cleared: values are masked or `Sensitive`, and pickling loses them.

    Attributes:
        findings: sorted by part and start.
        records: for each (record name, least confidence) that some rule asks for.
        parts: number of parts read.
        bytes: size of the body as sent.
        expanded_bytes: what it unpacked to.
        formats: how many contents of each format were read; one inside another counts by itself.
        detectors: names of those that looked at the parts; none where there was no part.
    """

    findings: tuple[Finding, ...] = ()
    records: Mapping[tuple[str, Confidence], tuple[Record, ...]] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    parts: int = 0
    bytes: int = 0
    expanded_bytes: int = 0
    formats: Mapping[str, int] = field(default_factory=dict)
    detectors: tuple[str, ...] = ()
    content: str = ""
    """What the body is, by content: json, form, multipart, csv, zip, gzip, text, binary, or empty for no body."""

    filenames: tuple[str, ...] = ()
    """Names of files in it, masked where detectors found something."""

    path: str = ""
    """The request's path without its query, masked where detectors found something."""

    at_least: bool = False
    """What was seen was enough to block: the rest was not looked at, and every count is a least one."""

    told: bool = False
    """An earlier event of the conversation told of these gaps, which policy let pass; there is nothing else."""

    upload: UploadState | None = None
    """How far the upload is of which the message is a part; None for a message that is whole."""

    failure: Failure | None = None
    """Set when an inspector died, hung or ran out of memory on the body."""

    redacted: Redacted | None = None
    """What may go on instead of the body where a rule redacts; made where the plain values are. None: not asked for."""

    body: str = ""
    """Keyed fingerprint of the body's SHA-256, in hexadecimal; empty when the body could not be looked at."""

    account: AtAccount | None = None
    """Whose account at the destination it goes to; None where the message does not say."""

    inputs: str = ""
    """Keyed fingerprint of all that the engine was given of the message: its head, who sent it, and the body."""

    def of(self, message: Message, digest: Buffer, fingerprint: Fingerprint) -> Inspection:
        """Return this inspection with the fingerprints of what was given: only who has the key can guess at it.

        Args:
            digest: SHA-256 of the body.
        """
        inputs = sha256(head_of(message) + digest).hexdigest()
        return replace(
            self, body=fingerprint("body", memoryview(digest).hex()).hex(), inputs=fingerprint("message", inputs).hex()
        )

    @property
    def coverage(self) -> Coverage:
        """Return how much was looked at: all, all but the gaps, nothing, or as much as was enough to block.

        What has nothing in it was looked at; what has nothing but gaps was not.
        """
        if self.at_least:
            return "enough"
        if not self.gaps:
            return "full"
        return "partial" if self.parts else "none"

    @property
    def skipped_bytes(self) -> int:
        """Return the bytes of gaps, as far as they are known."""
        return sum(gap.bytes for gap in self.gaps)

    def kinds(self) -> dict[str, int]:
        """Return how many values of each kind were found; one that two detectors found is one."""
        places = {(one.kind, one.part, one.start, one.end) for one in self.findings}
        return dict(sorted(Counter(kind for kind, *_ in places).items()))

    def with_window(self, later: Inspection) -> Inspection:
        """Return this inspection of what came before together with that of the next piece of the same body."""
        return replace(self._with(later), filenames=self.filenames + later.filenames)

    def with_later(self, later: Inspection) -> Inspection:
        """Return this inspection of a conversation so far together with that of its next message."""
        return replace(self._with(later), bytes=self.bytes + later.bytes, body=later.body, inputs=later.inputs)

    def beyond(self, before: Inspection) -> Inspection:
        """Return this inspection without what one of its beginning found already, as often as that found it."""
        known = Counter((one.detector, one.fingerprint) for one in before.findings)
        new: set[int] = set()
        for index, one in enumerate(self.findings):
            known[one.detector, one.fingerprint] -= 1
            if known[one.detector, one.fingerprint] < 0:
                new.add(index)
        records: dict[tuple[str, Confidence], tuple[Record, ...]] = {}
        for key, some in self.records.items():
            told = {one.identity for one in before.records.get(key, ())}
            records[key] = tuple(
                one for one in some if one.identity not in told or not new.isdisjoint((*one.findings, *one.beside))
            )
        kept = new.union(*((*one.findings, *one.beside) for some in records.values() for one in some))
        place = {old: new for new, old in enumerate(sorted(kept))}
        moved = {
            key: tuple(
                replace(
                    one,
                    findings=tuple(place[index] for index in one.findings),
                    beside=tuple(place[index] for index in one.beside),
                )
                for one in some
            )
            for key, some in records.items()
        }
        return replace(self, findings=tuple(self.findings[index] for index in place), records=moved)

    def _with(self, later: Inspection) -> Inspection:
        first = len(self.findings)
        records = dict(self.records)
        for key, some in later.records.items():
            records[key] = records.get(key, ()) + tuple(
                replace(
                    one,
                    findings=tuple(index + first for index in one.findings),
                    beside=tuple(index + first for index in one.beside),
                )
                for one in some
            )
        return replace(
            self,
            findings=self.findings + tuple(one._replace(part=one.part + self.parts) for one in later.findings),
            records=records,
            gaps=few(self.gaps + tuple(one for one in later.gaps if one not in self.gaps)),
            parts=self.parts + later.parts,
            expanded_bytes=self.expanded_bytes + later.expanded_bytes,
            content=later.content or self.content,
            formats=_sum(self.formats, later.formats),
            detectors=self.detectors or later.detectors,
            at_least=self.at_least or later.at_least,
            account=self.account or later.account,
        )

    def with_upload(self, state: UploadState, so_far: Inspection | None, gap: Gap | None) -> Inspection:
        """Return this inspection of a part together with that of the upload so far, which holds the part again."""
        joined = replace(self, upload=state, redacted=None, gaps=self.gaps if gap is None else (*self.gaps, gap))
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
                one._replace(part=one.part + self.parts, location=_of_upload(one.location)) for one in so_far.findings
            ),
            records=records,
            gaps=few(joined.gaps + tuple(replace(one, location=_of_upload(one.location)) for one in so_far.gaps)),
            parts=self.parts + so_far.parts,
            expanded_bytes=self.expanded_bytes + so_far.expanded_bytes,
            formats=_sum(self.formats, so_far.formats),
            detectors=self.detectors or so_far.detectors,
            content=so_far.content or self.content,
            filenames=self.filenames + so_far.filenames,
            at_least=self.at_least or so_far.at_least,
        )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))


def _of_upload(location: Location) -> Location:
    return Location(location.area, ("the upload so far", *location.steps))
