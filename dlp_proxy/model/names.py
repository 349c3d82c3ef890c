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
    r"(?:row|line|part|paragraph|member) \d{1,12}|[$.\[\]A-Za-z_]*(?:\[\d{1,6}\][$.\[\]A-Za-z_]*)*"
)
"""Steps that cannot hold a value: our own words with a number, and plain identifiers with array indices."""


class NameMask:
    """Replaces the values found in a message wherever they stand in a name, so that no event keeps them.

    A file called after a customer is found as a finding with area ``filename``; its name is also a step of every
    location below it. Distinct names are few, so each is looked at once.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = findings
        self._plain: list[str] | None = None
        self._steps: dict[str, str] = {}
        self._locations: dict[Location, Location] = {}

    def text(self, name: str) -> str:
        """Return `name`, percent-decoded, without any value that was found in the message."""
        cleaned = self._steps.get(name)
        if cleaned is None and _OURS.fullmatch(name):
            cleaned = self._steps[name] = name
        if cleaned is None:
            cleaned = unquote(name)
            for value in self._values():
                if value in cleaned:
                    cleaned = cleaned.replace(value, mask(value))
            cleaned = self._steps[name] = scrub(cleaned)
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

    def _values(self) -> list[str]:
        if self._plain is None:
            distinct = {one.value.reveal() for one in self._findings}
            self._plain = sorted(distinct, key=len, reverse=True)
        return self._plain
