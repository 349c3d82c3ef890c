"""Exact data match: which of the values that were found are in an index of values that exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from dlp_proxy.detect.detector import DetectorSpec
from dlp_proxy.model.finding import Finding

type Lookup = Callable[[Sequence[tuple[str, str]]], Sequence[bool]]
"""(kind, normalised value), ... -> whether the index holds each."""

CUSTOMERS: Final = "customers"
"""The index that ``known_customers`` means."""


def everything(values: Sequence[tuple[str, str]]) -> Sequence[bool]:
    """Return that each is known: the index of a test that says so."""
    return [True] * len(values)


def with_known(
    findings: Sequence[Finding],
    values: Mapping[tuple[str, str], bytes],
    indexes: Mapping[str, Lookup],
    specs: Mapping[str, DetectorSpec],
) -> tuple[Finding, ...]:
    """Return the findings, each with the indexes that hold its value; those of a detector that asks for one only then.

    Args:
        values: (kind, normalised value) of every finding -> its fingerprint. Each index is asked once for all of them.
        specs: the detectors by name.
    """
    asked = list(values)
    known: dict[bytes, set[str]] = {}
    for name, lookup in indexes.items():
        for value, held in zip(asked, lookup(asked), strict=True):
            if held:
                known.setdefault(values[value], set()).add(name)
    told = (
        one._replace(known=frozenset(known[one.fingerprint])) if one.fingerprint in known else one for one in findings
    )
    return tuple(one for one in told if not specs[one.detector].in_index or specs[one.detector].in_index in one.known)
