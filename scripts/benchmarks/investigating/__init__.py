"""Figures of ``scripts/bench investigate``, one file each; a new one is a file and a line in `FIGURES`."""

from __future__ import annotations

from benchmarks.investigating import counting, listing, verifying
from benchmarks.investigating.figure import Figure

FIGURES: tuple[tuple[str, Figure], ...] = (
    ("verify 1 million entries of the log (goal 3 s)", verifying.log),
    ("verify 1 million events, postings and outcomes against it", verifying.contents),
    ("list 50 incidents (goal 0.3 s)", listing.incidents),
    ("list 50 of all kinds, as `incident list` does (goal 0.3 s)", listing.queued),
    ("list them after one new event (goal 1 s)", listing.queued_after_one),
    ("scope of 50,000 customers (goal 2 s)", counting.scoped),
    ("hunt of 1,000 numbers (goal 1 s)", counting.hunted),
    ("group all events anew", counting.grouped_anew),
    ("who with whom, over all events", counting.linked),
)
"""(what, how): each gets the store's file and returns what it did, and how much of it."""
