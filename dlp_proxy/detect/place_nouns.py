"""Nouns of what a shop, a branch or an office is called by, in lower case; no person is called so."""

from __future__ import annotations

from typing import Final

PLACE_NOUNS: Final = (
    "branch", "store", "shop", "outlet", "office", "offices", "headquarters", "hq", "showroom", "dealership", "motors",
    "warehouse", "depot", "superstore", "supermarket", "market", "mall", "plaza", "arcade", "centre", "center",
    "clinic", "hospital", "pharmacy", "surgery", "dental", "veterinary", "hotel", "motel", "inn", "hostel", "resort",
    "suites", "restaurant", "café", "cafe", "diner", "bakery", "grill", "pub", "salon", "gym", "studio", "garage",
    "library", "school", "college", "university", "academy", "nursery", "museum", "theatre", "theater", "cinema",
    "station", "terminal", "airport", "campus", "bank", "boutique", "kiosk", "bureau", "franchise", "downtown",
    "filiale", "niederlassung", "geschäftsstelle", "zweigstelle", "standort", "agence", "succursale", "magasin",
    "sucursal", "tienda", "oficina", "filial", "vestiging", "negozio",
)  # fmt: skip

EASTERN: Final = (
    "店", "支店", "支社", "本社", "本店", "営業所", "事業所", "出張所", "事務所", "工場", "センター", "病院",
    "医院", "クリニック", "歯科", "薬局", "ホテル", "旅館", "学校", "大学", "図書館", "会館", "銀行", "郵便局",
    "ショールーム", "美術館", "博物館", "公民館", "지점", "본점", "본사", "지사", "영업소", "매장", "대리점",
    "센터", "병원", "의원", "치과", "약국", "호텔", "학교", "대학교", "은행", "사무소", "사무실", "도서관",
    "우체국", "박물관", "공장", "점",
)  # fmt: skip
"""The same in Japan and Korea, where it ends the name."""
