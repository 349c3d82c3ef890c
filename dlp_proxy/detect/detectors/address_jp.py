"""Postal addresses of Japan, in Japanese and in Latin letters.

The grammar stands in `postal/japanese.py`; the patterns only say where an address may be, `readers/address_jp.py` reads
it.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Near, Pattern
from dlp_proxy.detect.postal.japanese import PLACES
from dlp_proxy.model.finding import Confidence

DETECTOR: Final = DetectorSpec(
    name="std/address-jp",
    kind="address",
    description="A Japanese postal address with its prefecture, city or postcode and the number of a house.",
    patterns=tuple(Pattern(place) for place in PLACES),
    reader="address-jp",
    boundary="none",
    case="exact",
    normalise=("address-east",),
    near=(
        Near(
            ("住所", "所在地", "届け先", "配送先", "宛先", "address", "addr", "street", "ship_to", "shipto"),
            "record",
            Confidence.HIGH,
        ),
    ),
    sample="東京都渋谷区神宮前1丁目{n:4}番地",
    examples=Examples(
        match=(
            "〒150-0001 東京都渋谷区神宮前1-2-3",
            "大阪府大阪市北区梅田三丁目1番3号 グランドビル501号室",
            "横浜市中区山下町１２３番地４",
            "1-2-3 Jingumae, Shibuya-ku, Tokyo 150-0001, Japan",
        ),
        no_match=(
            "東京都渋谷区で3人",
            "新宿区歌舞伎町1丁目の路上で",
            "神奈川県2026-01-15",
            "北海道3-2",
            "shiitake-ku 12",
        ),
    ),
)
