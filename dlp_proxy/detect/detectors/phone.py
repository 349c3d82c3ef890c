"""Phone numbers of all countries but mainland China, with their calling code: +44 ..., 0044 ..., 011 44 ...

The pattern takes as many digits as the country's plan has (`phones/calling_codes.py`);
`phonenumbers` has the last word.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.detect.phones.calling_codes import CODES
from dlp_proxy.model.finding import Confidence

_JOINT: Final = r"[ ./()·—-]{0,4}+"
_DIGIT: Final = rf"(?:{_JOINT}[0-9])"
# A 0 that is only dialled at home: +44 (0)20, and without brackets by mistake.
_TRUNK: Final = r"(?:[ ./)-]{0,3}\((?:0[0-9]?|1|8)\)|[ ./-]?0)?"
_NUMBER: Final = "|".join(
    rf"(?:{any_of(codes.split())}){_TRUNK}{_DIGIT}{{{fewest},{most}}}" for (fewest, most), codes in CODES.items()
)
_SIGN: Final = r"(?:\+ ?\(?|%2B|0(?<![0-9A-Za-z.]0)(?:0|11)\)?[ ./-]{0,2}\(?)"
# 212) 555-0123, 212-555-0123: area code and exchange begin with 2 to 9 (NANPA). The reader takes 1 and a bracket in.
_NORTH_AMERICAN: Final = (
    r"[2-9](?<![0-9].)[0-9]{2}(?:\) ?[.-]?|[ .-]|/(?=[0-9]{3}-))[2-9][0-9]{2}[ .-][0-9]{4}(?![0-9])"
)

DETECTOR: Final = DetectorSpec(
    name="std/phone",
    kind="phone",
    description="Phone numbers of every country with their calling code, and North American ones without.",
    patterns=(
        Pattern(rf"{_SIGN}(?!86)(?:{_NUMBER})(?![0-9])", "international"),
        Pattern(_NORTH_AMERICAN, "north-american"),
    ),
    reader="phone",
    boundary="none",
    case="exact",
    checks=("phone-plausible",),
    normalise=("nfkc", "e164-plausible"),
    near=(
        Near(
            ("phone", "mobile", "tel", "telephone", "cell", "whatsapp", "fax", "contact", "电话", "手机", "電話"),
            "record",
            Confidence.HIGH,
            ("international", "north-american"),
        ),
        Near(
            ("phone", "mobile", "tel", "telephone", "cell", "whatsapp", "fax", "contact", "电话", "手机", "電話"),
            "field-name",
            Confidence.HIGH,
        ),
        Near(
            ("id", "order", "invoice", "serial", "sku", "part", "model", "isbn", "ssn", "account", "ref", "reference"),
            "field-name",
            Confidence.LOW,
            ("north-american", "north-american-spaced"),
        ),
    ),
    sample="+1 212 555 {n:4}",
    examples=Examples(
        match=(
            "+44 20 7946 0958",
            "+12125550123",
            "0044 20 7946 0958",
            "+49 (0)30 123456",
            "(+1) 212-555-0123",
            "(212) 555-0123",
        ),
        no_match=(
            "+1 123 456 7890",
            "+08:00",
            "+1,234,567",
            "20 7946 0958",
            "555-0123",
            "(123) 456-7890",
            "1+4420794609580000",
            "00000000000000",
        ),
    ),
    gate=Gate(digits=6, between=" -.()+/%"),
)
