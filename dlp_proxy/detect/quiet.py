"""Telling that a text holds nothing before anybody lays it out."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.gate import Blocks


def is_quiet(text: str, detectors: Sequence[Detector]) -> bool:
    """Tell whether no detector can find anything in `text`, nor in the values in it that a layout would show.

    It asks the gates, which ask for less than a match needs, and for nothing that lies across two values. False only
    says that somebody must look.
    """
    blocks = Blocks(fold(text).text)
    return not any(blocks.regions(detector) for detector in detectors)
