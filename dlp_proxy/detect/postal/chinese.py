"""What stands behind the street of a Chinese address in Latin letters: district, city, province, from small to large.

Sources: ISO 3166-2:CN for the provinces; the Universal Postal Union's sheet for China for their order, and that the
postcode has six figures.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree

_PROVINCES: Final = (
    "Anhui", "Beijing", "Chongqing", "Fujian", "Gansu", "Guangdong", "Guangxi", "Guizhou", "Hainan", "Hebei",
    "Heilongjiang", "Henan", "Hong Kong", "Hubei", "Hunan", "Inner Mongolia", "Jiangsu", "Jiangxi", "Jilin", "Liaoning",
    "Macao", "Macau", "Nei Mongol", "Ningxia", "Qinghai", "Shaanxi", "Shandong", "Shanghai", "Shanxi", "Sichuan",
    "Tianjin", "Tibet", "Xinjiang", "Xizang", "Yunnan", "Zhejiang",
)  # fmt: skip
_LARGE: Final = tree((*_PROVINCES, *map(str.upper, _PROVINCES), "China", "CHINA", "PRC", "P.R. China", "P.R.China"))
_WORD: Final = r"\p{Lu}[\p{L}'’-]{0,24}"
_NAME: Final = rf"{_WORD}(?: {_WORD}){{0,2}}+"
_NEXT: Final = r"[ \t]{0,2}(?:,[ ]{0,2}|\t[ ]{0,2}|\n[ ]{0,4})"
_END: Final = r"(?![\p{L}0-9])"
# What a district is named with in prose: the district court said, Travis County Council.
_NO_OFFICE: Final = r"(?! (?:\p{Ll}|Court|Attorney|Council|District|Judge|Office|School|Sheriff))"

BEHIND: Final = (
    rf"{_NEXT}(?>(?:{_WORD} ){{1,3}}(?:District|DISTRICT|County|COUNTY|New Area){_END}{_NO_OFFICE}"
    rf"|(?:{_NAME}{_NEXT}){{0,3}}?{_LARGE}(?: (?:City|Province|Municipality))?{_END})"
    rf"(?:{_NEXT}{_NAME}{_END}){{0,3}}+(?:,?[ ]{{1,2}}[0-9]{{6}}(?![0-9]))?"
)
"""Behind a street with its number: a district, or a province, and what is written after it."""
