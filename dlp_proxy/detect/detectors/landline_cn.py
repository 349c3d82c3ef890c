"""Landlines of mainland China: 0, the town's area code, seven or eight digits, an extension; or +86 and no 0."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.detect.phones.landline_cn import ABROAD, BARE, WRITTEN
from dlp_proxy.model.finding import Confidence

DETECTOR: Final = DetectorSpec(
    name="std/landline-cn",
    kind="phone",
    description="Landlines of mainland China with their area code, with or without country code and extension.",
    patterns=(Pattern(ABROAD, "country-code"), Pattern(WRITTEN, "written"), Pattern(BARE, "bare")),
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
