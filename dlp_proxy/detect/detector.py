"""What a detector is: the words of a policy's ``detectors:`` block as data, and the same made ready to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final, Literal, NamedTuple

import regex

from dlp_proxy.detect.chars import CASE_STRAYS
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.detect.place import Place
from dlp_proxy.detect.regions import ENDLESS, REACH, Patience, Region, matches, without
from dlp_proxy.model.finding import Confidence

_PLACES_AT_ONCE: Final = 16
"""Places that a reader looks at before it is asked whether there is time for more: asking costs as much as a place."""

type Boundary = Literal["word", "none"]
type Case = Literal["ignore", "exact"]
type Within = int | Literal["record", "field-name"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One regular expression (`regex` syntax). A group named ``value`` is the value, else the whole match is.

    `confidence` is the detector's own when None. `name` tells patterns of one detector apart in `explain`. `checks` are
    names in `registry.CHECKS` that must hold for what this pattern matched, beside the detector's own.
    """

    pattern: str
    name: str = ""
    confidence: Confidence | None = None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A value known by its name: what follows a label in text, or the whole of a field or of a cell so named.

    A name is written once, in lower case with spaces: ``receiver name`` is receiver_name, receiverName and
    RECEIVER-NAME too, and ends shipping_receiver_name. How marks and quotes may stand between is `named.py`'s business.

    Attributes:
        value: pattern of the value; it begins where the label ends, and a field or cell is nothing else.
        labels: names that are labels in any text and name fields and columns.
        fields: names that name fields and columns only, and only whole: ``name`` is too common a word for more.
        loose: the value may follow its label with no more than a space, a line end or nothing between.
        whole: a label is no part of a longer word in any script; else it may be the end of one: ``shippingName``.
        confidence: of a value found so; the detector's own when None.
        name: tells these of one detector apart in `explain`.
        checks: names in `registry.CHECKS` that must hold beside the detector's own.
    """

    value: str
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    loose: bool = False
    whole: bool = False
    confidence: Confidence | None = None
    name: str = "named"
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Words that change the confidence of a value they stand near to. The last one that fits wins.

    Attributes:
        words: any of them; case does not matter; a Latin word must stand alone, as camelCase or snake_case too.
        within: characters to either side; or ``record``: the unit with its column and field names (300 characters
            to either side where there is no unit); or ``field-name``: the name of the field or column.
        set_to: the confidence from then on.
        forms: names of patterns, or of a reader's forms, whose values this is for; empty for all.
    """

    words: tuple[str, ...]
    within: Within
    set_to: Confidence
    forms: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What a reader makes of the text around a match.

    Attributes:
        start: where the value starts, perhaps before the match.
        end: one past its last character, perhaps behind the match.
        form: which of the reader's forms it has; stands in `explain` where a pattern's name would.
        confidence: what that form says by itself.
        normalised: what is counted, where the reader knows more of it than the value says.
    """

    start: int
    end: int
    form: str
    confidence: Confidence
    normalised: str = ""


type Reader = Callable[[str, int, int, int], Reading | None]
"""Reads the value around a match: (text, first character that is free, start and end of the match) -> the value."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Values that are never findings: equal after normalising, or matched whole by a pattern."""

    values: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts the detector must find something in, and texts it must find nothing in."""

    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A cheap necessary condition: a stretch of text that fails it cannot hold a match. All given ones must hold.

    Attributes:
        literals: one of them is in the text, exactly as written.
        digits: so many ASCII digits with nothing but `between` or non-ASCII between them.
        between: the ASCII characters that may stand between the digits of one number.
        anchor: a cheap pattern that every match holds or ends with; matches are looked for around it only.
        before: a match starts at most so many characters before its anchor, on the same line.
        stops: characters that no match holds before its anchor.
        after: a match ends at most so many characters after its anchor.
        ascii_too: False when no match is pure ASCII.
    """

    literals: tuple[str, ...] = ()
    digits: int = 0
    between: str = " -.()+/"
    anchor: str = ""
    before: int = 0
    stops: str = "\n"
    after: int = 0
    ascii_too: bool = True


@dataclass(frozen=True, slots=True)
class DetectorSpec:
    """A detector as written, in Python or in YAML (policy-language 3.2); `compile_detector` makes it run.

    Attributes:
        kind: what it finds, over all detectors; fingerprints of one kind can be compared.
        patterns: a match of any is a candidate. With a gate's anchor they stand in order of preference: what one has
            taken is not offered to the next.
        named: values known by their label, field or column; tried after the patterns.
        words: literal texts, each a candidate; the same as one pattern of alternatives.
        boundary: ``word``: a match touches no Latin letter and no digit (Han and ``_`` may touch); ``none``: anything.
        checks: names in `registry.CHECKS`; all must hold for the normalised value.
        entropy: least Shannon entropy of the value in bits a character; 0 for no demand.
        normalise: names in `normalise.NORMALISERS`, in order; the result is what is counted.
        sample: text with ``{n:6}`` from which tests make values (`sample.sample`).
        gate: what every match needs, when it can be said cheaply.
        reader: name in `registry.READERS`; then a match of a pattern is only the place where that function reads a
            value, for grammars that are too large for patterns.
        in_index: name of the index of existing values that must hold a value; empty for no demand.
    """

    name: str
    kind: str
    patterns: tuple[Pattern, ...] = ()
    named: tuple[Named, ...] = ()
    words: tuple[str, ...] = ()
    description: str = ""
    boundary: Boundary = "word"
    case: Case = "ignore"
    confidence: Confidence = Confidence.MEDIUM
    near: tuple[Near, ...] = ()
    checks: tuple[str, ...] = ()
    entropy: float = 0.0
    normalise: tuple[str, ...] = ()
    ignore: Ignore = Ignore()
    sample: str = ""
    examples: Examples = Examples()
    gate: Gate = Gate()
    reader: str = ""
    in_index: str = ""


class Candidate(NamedTuple):
    """A value that a pattern matched, in one text, before or after judging it.

    Attributes:
        start: first character in the text that was given.
        end: one past the last character.
        value: the text as it stands there.
        normalised: what is counted.
        pattern: name of the pattern, or its number from 1.
        why: what set the confidence, in order.
        dropped: why it is no finding; empty for a finding.
    """

    start: int
    end: int
    value: str
    normalised: str
    pattern: str
    confidence: Confidence
    why: tuple[str, ...] = ()
    dropped: str = ""


type Regions = Mapping[int, Sequence[Region]]
"""Where matches of a pattern may start, ascending, by its place among the detector's patterns, ascending."""

type Checks = tuple[tuple[str, Callable[[str], bool]], ...]
"""Names and functions."""


class CompiledPattern(NamedTuple):
    """A pattern ready to run, and what it says by itself."""

    pattern: regex.Pattern[str]
    name: str
    group: int | str
    confidence: Confidence
    why: tuple[str, ...]
    checks: Checks = ()


class CompiledNamed(NamedTuple):
    """The names of one `Named` as patterns for the name of a field, and its value as a pattern for the whole field."""

    ends: regex.Pattern[str]
    whole: regex.Pattern[str]
    value: CompiledPattern


class CompiledNear(NamedTuple):
    """The words of one `near` as a pattern, and what it says when it fits.

    Attributes:
        parts: in lower case; where `words` match, one of these or of `others` stands. Both are empty when that cannot
            be told.
        others: beyond ASCII, and without case.
    """

    words: regex.Pattern[str]
    within: Within
    set_to: Confidence
    why: str
    forms: tuple[str, ...] = ()
    parts: tuple[bytes, ...] = ()
    others: tuple[str, ...] = ()

    def may_stand(self, text: str, start: int, end: int) -> bool:
        """Tell whether the words may match between `start` and `end`: a tenth of the time that searching takes."""
        if not self.parts and not self.others:
            return True
        stretch = text[start:end]
        if not stretch.isascii():
            for other in (*self.others, *CASE_STRAYS):
                if other in stretch:
                    return True
        # Without what is not ASCII letters may meet that stood apart: then there is no word, and searching tells.
        letters = stretch.encode("ascii", "ignore").lower()
        return any(part in letters for part in self.parts)


@dataclass(frozen=True, slots=True)
class Detector:
    """A `DetectorSpec` made ready by `compile_detector`. Knows one text; context and overlaps are the scan's work."""

    spec: DetectorSpec
    patterns: tuple[CompiledPattern, ...]
    named: tuple[CompiledNamed, ...] = ()
    near: tuple[CompiledNear, ...] = ()
    checks: Checks = ()
    anchor: regex.Pattern[str] | None = None
    required: tuple[str, ...] = ()
    """Case-folded; every match of any pattern holds one of them. Empty when that cannot be told."""
    reach: int = REACH
    """Characters that a match may go on past the end of a block or span."""
    ignored_values: frozenset[str] = frozenset()
    ignored_patterns: tuple[regex.Pattern[str], ...] = ()
    reader: Reader | None = None
    places: tuple[Place, ...] = ()
    """The patterns of a detector with a reader, for the standard library, which finds such short ones faster."""

    def find(self, text: str, patience: Patience = ENDLESS, regions: Regions | None = None) -> Iterator[Candidate]:
        """Yield a candidate for each match in folded `text`, pattern by pattern, with the reason when it is dropped.

        Args:
            patience: how long the patterns may take.
            regions: where matches of each pattern, by its place in `patterns`, may start; everywhere when None.

        Raises:
            TimeoutError: a pattern ran out of time; what was yielded before stands.
        """
        if regions is None:
            regions = dict.fromkeys(range(len(self.patterns)), (Region(0, len(text), len(text)),))
        if self.reader is not None:
            # Its patterns are places; what stands behind a label is a pattern like any other.
            own = len(self.places)
            places = {number: some for number, some in regions.items() if number < own}
            yield from self._read(self.reader, text, places, patience)
            regions = {number: some for number, some in regions.items() if number >= own}
        taken: list[tuple[int, int]] = []
        for number, left in regions.items():
            compiled = self.patterns[number]
            free = without(left, sorted(taken)) if taken else left
            for match in matches(compiled.pattern, text, free, self.reach, patience):
                first, last = match.span(compiled.group)
                if first == last:
                    continue
                candidate = self.judge(compiled, text[first:last], first, last, patience.step)
                if self.anchor is not None and not candidate.dropped:
                    taken.append(match.span())
                yield candidate

    def _read(self, reader: Reader, text: str, regions: Regions, patience: Patience) -> Iterator[Candidate]:
        places: list[tuple[int, int]] = []
        for number, some in regions.items():
            place = self.places[number]
            for region in some:
                spans = place.spans(text, region.start, min(region.end + self.reach, region.horizon))
                while spans and spans[-1][0] >= region.end:
                    spans.pop()
                places += spans
        places.sort()
        free = 0
        forms: dict[tuple[str, Confidence], CompiledPattern] = {}
        for number, (first, last) in enumerate(places):
            if number % _PLACES_AT_ONCE == 0:
                patience.left()
            if first < free:
                continue  # one value holds many places: what was read is not read again
            reading = reader(text, free, first, last)
            if reading is not None:
                start, free, form, confidence, known = reading
                form_of = forms.get((form, confidence))
                if form_of is None:
                    why = (f"form {form}: {confidence.word}",)
                    form_of = self.patterns[0]._replace(name=form, confidence=confidence, why=why)
                    forms[form, confidence] = form_of
                yield self.judge(form_of, text[start:free], start, free, patience.step, known)

    def judge(  # noqa: PLR0917 - a match and what is known of it
        self, compiled: CompiledPattern, value: str, start: int, end: int, seconds: float | None, known: str = ""
    ) -> Candidate:
        """Return what `compiled` matched from `start` to `end` as a candidate, with the reason when it is dropped.

        Args:
            compiled: the pattern, or what stands for it where a reader found the value.
            value: the text as it stands there.
            start: its first character.
            end: one past its last.
            seconds: that a pattern may take.
            known: what is counted, where it is more than the value says.

        Raises:
            TimeoutError: a pattern of ``ignore`` ran out of time.
        """
        normalised = known or normalise(value, self.spec.normalise)
        dropped = self._objection(compiled, value, normalised, seconds)
        return Candidate(start, end, value, normalised, compiled.name, compiled.confidence, compiled.why, dropped)

    def _objection(self, compiled: CompiledPattern, value: str, normalised: str, seconds: float | None) -> str:
        if not normalised:
            return "nothing left after normalising"
        for name, holds in (*self.checks, *compiled.checks):
            if not holds(normalised):
                return f"check {name} failed"
        if self.spec.entropy and _entropy(value) < self.spec.entropy:
            return f"entropy under {self.spec.entropy}"
        if normalised in self.ignored_values:
            return "ignored value"
        for number, pattern in enumerate(self.ignored_patterns, 1):
            if pattern.fullmatch(value, timeout=seconds):
                return f"ignored by pattern {number}"
        return ""


def _entropy(value: str) -> float:
    """Return the Shannon entropy of `value` in bits a character."""
    return -sum(count / len(value) * log2(count / len(value)) for count in Counter(value).values())
