"""Which patterns are compiled into one automaton.

In an automaton unlike patterns are in each other's way. Words and prefixes pass over nearly everything at once, sixty
of them as fast as one; one pattern beside them that may begin with anything, and all are as slow as that.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.needs import Need
from dlp_proxy.detect.prefilter import WORDS
from dlp_proxy.detect.required import required

_A_WORD: Final = 3
"""Letters of a word that few texts hold."""


def family_of(detector: Detector, pattern: str, need: Need, *, is_label: bool) -> str:
    """Return the family of a pattern of `detector`: words, numbers, or what that detector has besides."""
    words = required(pattern)
    if need.outside:
        return WORDS  # nearly every text has it, and one automaton more is slower than a larger one
    if is_label or (words and min(map(len, words)) >= _A_WORD):
        return WORDS
    # Where many needs are met, as in a table of numbers, fewer automata are better.
    return "digits" if need.digits else detector.spec.name
