"""Masking names that the sender chose: file names, paths, field names in locations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

import regex

from dlp_proxy.model.finding import Finding, Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.record import Record
from dlp_proxy.model.sensitive import mask, scrub

_OURS: Final = regex.compile(
    r"(?:row|line|part|paragraph|member|message|mail|page) \d{1,12}|[$.\[\]A-Za-z_]*(?:\[\d{1,6}\][$.\[\]A-Za-z_]*)*"
)
"""Steps that cannot hold a value: our own words with a number, and plain identifiers with array indices."""

_BEGINNING: Final = 2
"""Characters by which values are looked up; a name of a person is no longer."""

_ENCODED: Final = regex.compile(r"[A-Za-z0-9+_=*-]{12,}")


class NameMask:
    """Replaces the values found in a message wherever they stand in a name, so that no event keeps them.

    A file called after a customer is found as a finding with area ``filename``; its name is also a step of every
    location below it. Each distinct name is looked at once, and values by how they begin: there may be as many names
    as values, and tens of thousands of both.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = findings
        self._plain: frozenset[str] | None = None
        self._sizes: dict[str, set[int]] = {}
        self._steps: dict[str, str] = {}
        self._locations: dict[Location, Location] = {}

    def text(self, name: str) -> str:
        """Return `name`, percent-decoded, without any value that was found in the message."""
        cleaned = self._steps.get(name)
        if cleaned is None and _OURS.fullmatch(name):
            cleaned = self._steps[name] = name
        if cleaned is None:
            cleaned = unquote(name)
            for value in sorted(self._values_in(cleaned), key=_longest_first):
                cleaned = cleaned.replace(value, mask(value))
            cleaned = self._steps[name] = scrub(cleaned)
        return cleaned

    def path(self, path: str) -> str:
        """Return the path as `text` does; where it holds values, without what may encode the rest of them."""
        cleaned = self.text(path)
        if any(one.location.area == "path" for one in self._findings):
            cleaned = _ENCODED.sub(lambda run: "*" * len(run[0]), cleaned)
        return cleaned

    def finding(self, finding: Finding) -> Finding:
        location = self._location(finding.location)
        return finding if location is finding.location else finding._replace(location=location)

    def record(self, record: Record) -> Record:
        location = self._location(record.location)
        return record if location is record.location else replace(record, location=location)

    def gap(self, gap: Gap) -> Gap:
        location = self._location(gap.location)
        return gap if location is gap.location else replace(gap, location=location)

    def _location(self, location: Location) -> Location:
        known = self._locations.get(location)
        if known is None:
            steps = tuple(self.text(step) for step in location.steps)
            known = location if steps == location.steps else Location(location.area, steps)
            self._locations[location] = known
        return known

    def _values_in(self, name: str) -> set[str]:
        if self._plain is None:
            self._plain = frozenset(one.value.reveal() for one in self._findings)
            for value in self._plain:
                self._sizes.setdefault(value[:_BEGINNING], set()).add(len(value))
        if not self._plain:
            return set()
        return {
            value
            for at in range(len(name))
            for begins in range(1, _BEGINNING + 1)
            for size in self._sizes.get(name[at : at + begins], ())
            if (value := name[at : at + size]) in self._plain
        }


def _longest_first(value: str) -> tuple[int, str]:
    """Order values of one length too: where they overlap, the mask must be the same in every process."""
    return -len(value), value
