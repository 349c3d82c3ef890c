"""Resident identity numbers of China: 18 characters, GB 11643-1999."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.model.finding import Confidence

_BEFORE: Final = r"(?<![A-Za-z0-9])(?<![0-9][.,-]|-)"
_MONTH_AND_DAY: Final = r"(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12][0-9]|3[01])"

DETECTOR: Final = DetectorSpec(
    name="std/resident-id-cn",
    kind="id",
    description="Resident identity number: region, date of birth, sequence, check character.",
    patterns=(
        Pattern(
            rf"{_BEFORE}[1-9][0-9]{{2}} ?[0-9]{{3}}[ -]?(?:19|20)[0-9]{{2}}[ -]?{_MONTH_AND_DAY}[ -]?[0-9]{{3}}[0-9Xx]"
            r"(?![A-Za-z0-9])(?![.-][0-9])"
        ),
    ),
    reader="resident-id-cn",
    boundary="none",
    checks=("gb11643",),
    normalise=("nfkc", "strip-spaces", "strip-punctuation", "lower"),
    confidence=Confidence.HIGH,
    near=(Near(("trace_id", "span_id", "request_id", "timestamp"), "field-name", Confidence.MEDIUM),),
    sample="11{n:4}19491231002{gb11643}",
    examples=Examples(
        match=("11010519491231002X", "身份证11010519491231002x", "110105 19491231 002X"),
        no_match=("110105194912310021", "11010519490231002X", "211010519491231002X"),
    ),
    gate=Gate(
        digits=17,
        between=" -",
        anchor=rf"(?:19|20)[0-9]{{2}}[ -]?{_MONTH_AND_DAY}[ -]?[0-9]{{3}}[0-9Xx]",
        before=10,
        after=2,
    ),
)
