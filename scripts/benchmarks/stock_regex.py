"""What one writes first: a mitmproxy addon that runs every pattern over each body, in the event loop.

The patterns are those of this program's detectors, without its gate, its checks, its formats and its policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex
from mitmproxy import http

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.registry import STANDARD


def _patterns() -> Iterator[re.Pattern[str] | regex.Pattern[str]]:
    for detector in map(compile_detector, STANDARD):
        for one in detector.patterns:
            try:
                yield re.compile(one.pattern.pattern)
            except re.error:
                yield one.pattern


PATTERNS = tuple(_patterns())


def request(flow: http.HTTPFlow) -> None:
    text = flow.request.get_text(strict=False) or ""
    found = sum(1 for pattern in PATTERNS for _ in pattern.finditer(text))
    flow.metadata["found"] = found
    if found >= 10**9:  # nothing is blocked: every way answers the same requests
        flow.response = http.Response.make(403)
