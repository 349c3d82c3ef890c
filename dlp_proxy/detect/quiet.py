"""Telling that a text holds nothing before anybody lays it out."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import detector_set
from dlp_proxy.detect.disguise.uncover import wears
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.prefilter import ENGINE


def is_quiet(text: str, detectors: Sequence[Detector]) -> bool:
    """Tell whether no detector can find anything in `text`, nor in the values in it that a layout would show.

    It asks the gates, which ask for less than a match needs, and for nothing that lies across two values. False only
    says that somebody must look.
    """
    together = detector_set(detectors)
    folded = fold(text)
    if not together.nothing_in(folded.text):
        return False
    return not folded.cuts and not wears(folded.text, fast=together.engine == ENGINE)
