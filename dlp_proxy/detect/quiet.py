"""Telling that a text holds nothing before anybody lays it out."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import detector_set
from dlp_proxy.detect.fold import fold


def is_quiet(text: str, detectors: Sequence[Detector]) -> bool:
    """Tell whether no detector can find anything in `text`, nor in the values in it that a layout would show.

    It asks the gates, which ask for less than a match needs, and for nothing that lies across two values. False only
    says that somebody must look.
    """
    return detector_set(detectors).nothing_in(fold(text).text)
