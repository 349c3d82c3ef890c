"""Passport numbers: machine-readable zones by their check digits, numbers beside a label, Chinese forms at a guess.

Chinese passports: E and eight digits, E with a letter other than I and O and seven digits, earlier G and eight; D,
S and
P for service, K for the regions (National Immigration Administration,
    specimen pages). Others: ICAO Doc 9303 part 4 allows up to
nine letters and digits.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Named, Near, Pattern
from dlp_proxy.detect.said.languages import UNSPACED, in_groups
from dlp_proxy.detect.said.passports import PASSPORTS
from dlp_proxy.model.finding import Confidence

_CHINESE: Final = r"(?:E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|[DSPK]E?[0-9]{7,8}|14[0-9]{7}|15[0-9]{7})"
_TRAVEL_PERMIT: Final = r"(?:[HM][0-9]{8}(?:[0-9]{2})?|C[0-9]{8}|C[A-HJ-NP-Z][0-9]{7}|[TL][0-9]{8})"

# Letters and digits as ICAO Doc 9303 allows them, four digits at least: K8712254E, 14AC77428, C26W3TVP7, XDA300311.
_ANY: Final = (
    r"(?=[A-Z]{0,3}[0-9]{2}|[CFGHJKL][0-9])(?=(?:[A-Z]{0,4}[0-9]){4})[A-Z0-9]{7,9}(?![A-Za-z0-9]|[.@-][A-Za-z0-9])"
)
# Inside Russia, Ukraine and their neighbours: a series of four digits and a number of six, or two letters and six.
_RUSSIAN: Final = (
    r"(?:[0-9]{2} ?[0-9]{2} ?(?:(?:№|N|номер) ?)?[0-9]{6}|[0-9]{2} ?(?:№ ?)?[0-9]{7}|[А-Я]{2} ?№? ?[0-9]{6,7})(?![0-9])"
)

DETECTOR: Final = DetectorSpec(
    name="std/passport",
    kind="passport",
    description="Numbers of passports and travel permits, by machine-readable zone or beside their label.",
    patterns=(
        Pattern(
            r"<<[A-Z<]{0,36}\s{1,3}(?P<value>[A-Z0-9<]{9}[0-9][A-Z]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{14}[0-9<][0-9])(?![A-Z0-9<])",
            "machine-readable-zone",
            Confidence.HIGH,
            ("mrz",),
        ),
        Pattern(
            rf"(?i:passport|护照|護照|通行[证證])[^\n]{{1,40}}?(?<![A-Za-z0-9_.-])(?P<value>{_CHINESE}|{_TRAVEL_PERMIT})"
            r"(?![A-Za-z0-9_]|[.-][A-Za-z0-9])",
            "near-the-word",
        ),
    ),
    named=(
        Named(
            value=rf"(?:{_CHINESE}|{_TRAVEL_PERMIT})(?![A-Za-z0-9])",
            labels=("passport", "passport number", "passport no", "passport num", "护照", "护照号", "护照号码",
                "护照编号", "護照",
                    "護照號碼", "通行证", "通行证号", "通行证号码", "通行證", "证件号", "证件号码"),
            loose=True,
            confidence=Confidence.HIGH,
        ),
        Named(
            value=rf"(?:(?=[A-Z0-9]{{0,8}}[0-9]{{5}})(?:[A-Z]{{1,3}}[0-9]{{5,8}}|[0-9]{{7,9}})(?![A-Za-z0-9])|{_ANY})",
            labels=("passport", "passport number", "passport no", "passport num", "护照", "护照号", "护照号码",
                "护照编号", "護照",
                    "護照號碼"),
            loose=True,
            confidence=Confidence.HIGH,
        ),
        *(
            Named(value=rf"(?:{_ANY}|{_RUSSIAN})", labels=labels, loose=True, whole=spaced, confidence=Confidence.HIGH)
            for spaced in (True, False)
            for labels in in_groups(PASSPORTS, PASSPORTS.keys() - UNSPACED if spaced else UNSPACED)
        ),
    ),
    boundary="none",
    case="exact",
    normalise=("nfkc", "strip-spaces", "lower"),
    near=(Near(("visa", "immigration", "nationality", "签证", "出入境", "国籍", "护照号", "passport no"), 60,
        Confidence.HIGH),),
    sample="passport no. E{n:8}",
    examples=Examples(
        match=("护照号：E12345678", "Passport No: EA1234567", "passport number X1234567"),
        no_match=("part E12345678", "护照在E楼12345678号", "passport photo 2024"),
    ),
)  # fmt: skip
