"""What was made when the program was set up, taken up by a process: patterns at once, detectors when asked for."""

from __future__ import annotations

from functools import cache

from dlp_proxy.detect.ready_detectors import READY
from dlp_proxy.wiring.kept_detectors import kept_here
from dlp_proxy.wiring.ready_patterns import use_ready_patterns


@cache
def use_what_is_ready() -> None:
    """Take up what is kept for this Python and this code; what is missing is made as ever."""
    use_ready_patterns()
    READY.read_by(kept_here)
