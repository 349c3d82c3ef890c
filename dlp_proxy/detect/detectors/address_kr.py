"""Postal addresses of South Korea, in Korean and in Latin letters, by road or by lot.

The grammar stands in `postal/korean.py`; the patterns only say where an address may be, `readers/address_kr.py` reads
it.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Near, Pattern
from dlp_proxy.detect.postal.korean import PLACES
from dlp_proxy.model.finding import Confidence

DETECTOR: Final = DetectorSpec(
    name="std/address-kr",
    kind="address",
    description="A South Korean postal address with its city or district and a road or a lot with its number.",
    patterns=tuple(Pattern(place) for place in PLACES),
    reader="address-kr",
    boundary="none",
    case="exact",
    normalise=("address-east",),
    near=(
        Near(
            ("주소", "배송지", "수령지", "address", "addr", "street", "ship_to", "shipto"),
            "record",
            Confidence.HIGH,
        ),
    ),
    sample="서울특별시 강남구 테헤란로 {n:3}",
    examples=Examples(
        match=(
            "서울특별시 강남구 테헤란로 152, 101동 1203호",
            "(48058) 부산 해운대구 센텀중앙로 97 A동 1501호",
            "경기도 수원시 영통구 매탄동 1209-3번지",
            "152 Teheran-ro, Gangnam-gu, Seoul 06236",
        ),
        no_match=("서울로 5명이 갔다", "강남구 역삼동에서 3명", "인천 연수구로 12명", "로 3 길 4", "Euro-ro 12"),
    ),
)
