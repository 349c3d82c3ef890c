"""Phone numbers with their middle or end made unreadable: 138****1234. A kind of its own, for it names nobody."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Pattern
from dlp_proxy.detect.needs import MASKS

# One sign, over and over: stars, crosses, dots and boxes, as shops and apps write them.
_SIGN: Final = f"[{MASKS}]"
_RUN: Final = rf"(?P<sign>{_SIGN})(?P=sign)"
_JOINT: Final = r"[ -]?"
_BEFORE: Final = r"(?<![A-Za-z0-9*]|[0-9][.-])"
_AFTER: Final = r"(?![A-Za-z0-9*])"

DETECTOR: Final = DetectorSpec(
    name="std/phone-masked",
    kind="masked-phone",
    description="A phone number with some of its digits hidden.",
    patterns=(
        Pattern(
            rf"{_BEFORE}(?:\+?86{_JOINT})?1[3-9][0-9]{{1,2}}{_JOINT}{_RUN}(?P=sign){{1,4}}{_JOINT}[0-9]{{3,4}}{_AFTER}",
            "middle",
        ),
        Pattern(rf"{_BEFORE}(?:\+?86{_JOINT})?1[3-9][0-9]{{5}}{_JOINT}{_RUN}(?P=sign){{1,2}}{_AFTER}", "end"),
        Pattern(rf"{_BEFORE}(?:\+?86{_JOINT})?1[3-9][0-9]{_JOINT}{_RUN}(?P=sign){{4,6}}{_AFTER}", "all-but-segment"),
        Pattern(rf"{_BEFORE}1(?:[3-9][0-9]?)?{_RUN}(?P=sign){{4,8}}[0-9]{{2,4}}{_AFTER}", "all-but-ends"),
        Pattern(
            rf"{_BEFORE}\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[ -][0-9]{{0,4}}{_RUN}(?P=sign){{1,6}}[0-9]{{0,4}}{_AFTER}",
            "landline",
        ),
        Pattern(
            rf"(?<![A-Za-z0-9+])\+[1-9][0-9]{{0,2}}[ (-]{{0,2}}[0-9]{{0,4}}[ )-]{{0,2}}{_RUN}(?P=sign){{0,6}}"
            rf"(?:[ -](?P=sign){{2,5}}){{0,2}}[ -]?[0-9]{{2,4}}{_AFTER}",
            "abroad",
        ),
        Pattern(rf"(?<![A-Za-z0-9*])\({_RUN}(?P=sign)\) ?(?P=sign){{3}}-[0-9]{{4}}{_AFTER}", "north-american"),
        Pattern(
            rf"(?<=(?:(?i:phone|mobile|tel|cell)|手机|电话)[^0-9A-Za-z\n]{{0,8}}?){_RUN}(?P=sign){{2,6}}[0-9]{{4}}{_AFTER}",
            "tail",
        ),
    ),
    boundary="none",
    case="exact",
    normalise=("nfkc", "strip-spaces", "lower"),
    sample="138****{n:4}",
    examples=Examples(
        match=(
            "138****1234",
            "+86 138****1234",
            "138xxxx5678",
            "010-****1234",
            "(***) ***-0123",
            "手机尾号*******1234",
        ),
        no_match=("13800138000", "a138****1234", "138**", "2 * 138", "1****", "#### 138"),
    ),
    gate=Gate(literals=tuple(sign * 2 for sign in MASKS), digits=2),
)
