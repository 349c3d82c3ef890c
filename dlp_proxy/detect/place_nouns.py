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
