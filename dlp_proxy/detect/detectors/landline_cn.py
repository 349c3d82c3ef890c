"""Landlines of mainland China: 0, the town's area code, seven or eight digits, an extension; or +86 and no 0."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.detect.phones.numbering_cn import AREAS_7, AREAS_8, AREAS_EITHER
from dlp_proxy.detect.phones.spelling_cn import COUNTRY
from dlp_proxy.model.finding import Confidence

_SEPARATOR: Final = r"(?: ?[-—~] ?|[ .·/_]| {2})"
_AREA: Final = any_of((*AREAS_7, *AREAS_8, *AREAS_EITHER))
# Where something stands between area code and number, both lengths are taken for every town: lists of towns age.
_LOCAL: Final = (
    rf"[1-9](?:[0-9]{{7}}|[0-9]{{3}}{_SEPARATOR}[0-9]{{4}}|[0-9]{{6}}|[0-9]{{2}}{_SEPARATOR}[0-9]{{4}}"
    rf"|[0-9]{{3}}{_SEPARATOR}[0-9]{{3}})(?![0-9])"
)
_WRITTEN: Final = rf"0(?<![0-9]0){_AREA}(?:{_SEPARATOR}|\) ?-? ?){_LOCAL}"
# Subscribers' numbers begin with 2 to 8; 1 is for services, 9 came to few towns.
_BARE: Final = rf"0(?<![0-9]0){_AREA}[2-8][0-9]{{6,7}}(?![0-9])"
_ABROAD: Final = rf"(?<![A-Za-z0-9_.]){COUNTRY}{_SEPARATOR}?\(?0?\)?{_SEPARATOR}?\(?{_AREA}\)?{_SEPARATOR}?{_LOCAL}"

DETECTOR: Final = DetectorSpec(
    name="std/landline-cn",
    kind="phone",
    description="Landlines of mainland China with their area code, with or without country code and extension.",
    patterns=(Pattern(_ABROAD, "country-code"), Pattern(_WRITTEN, "written"), Pattern(_BARE, "bare")),
    reader="landline-cn",
    boundary="none",
    case="exact",
    checks=("landline-cn",),
    normalise=("nfkc", "phone-cn"),
    near=(
        Near(
            ("phone", "tel", "telephone", "fax", "电话", "電話", "座机", "固话", "热线", "传真", "总机", "联系方式"),
            "record",
            Confidence.HIGH,
            ("country-code", "written", "labelled"),
        ),
        Near(
            ("id", "order", "invoice", "serial", "sku", "编号", "单号", "订单号", "流水号", "序号", "条码"),
            "field-name",
            Confidence.LOW,
            ("bare",),
        ),
    ),
    sample="010-6{n:7}",
    examples=Examples(
        match=("010-62345678", "(0755) 8888 1234", "+86 21 6234 5678", "0312-1234567转8001", "02162345678"),
        no_match=("010-623456", "0100-62345678", "2026-0115-12345678", "000012345678", "1.01062345678"),
    ),
    gate=Gate(digits=10, between=" -.()+/_~%"),
)
