"""Which countries the text around a number speaks of: a postcode that only one of them has, a state, a name.

Beside the address of its owner a number stands as neighbours dial it, and mostly without a word.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal.regions import STATE_CODES

_BLOCK: Final = 256
_REACH: Final = 160
"""Characters of text that are looked at once, and how many at either side of these."""

_STATES: Final = "|".join(sorted(STATE_CODES))
_SMALL_STATES: Final = "|".join(sorted(code.lower() for code in STATE_CODES if code not in {"IN", "OR", "ME", "HI", "OK", "OH"}))
_TOWN: Final = r"['’]?\p{Lu}[\p{L}’'-]"
# A house number stands before the postcode, or nothing but a mark: 2024 Olympia is no town of Austria.
_HOUSE: Final = r"(?<=[0-9][A-Za-z]?(?:,| -|;|\r?\n| à| in)? {0,4}(?:[A-Z]{1,2}-)?)"
_STREET: Final = r"(?<=[\p{L}0-9)./ºª](?:,|-| -|;|\r?\n| à| in|\p{L} ) {0,4}(?:[A-Z]{1,2}-)?|[|\"'] ?|\A|\n)"
_EUROPE_4: Final = ("AT", "CH", "BE", "DK", "NO", "LU", "HU", "SI", "BG")
_EUROPE_5: Final = ("DE", "FR", "ES", "IT", "FI", "GR", "HR", "EE", "TR")

_SIGNS: Final = {
    "us": (rf"(?<![\p{{L}}])(?:{_STATES})\)?[,.]? {{1,2}}\(?[0-9]{{5}}(?![0-9])|, (?:{_STATES})(?![\p{{L}}0-9])"
        rf"|(?<![\p{{L}}])(?:{_SMALL_STATES}),? [0-9]{{5}}(?![0-9])|(?<![0-9.,$-])[A-Z][a-z]{{2,}},? [0-9]{{5}}-[0-9]{{4}}(?![0-9])"
        r"|(?<![\p{L}])(?:USA|U\.S\.A\.|United States|(?:APO|FPO|DPO),? A[AEP])(?![\p{L}])"
        r"|(?<![\p{L}])(?i:St|Ave|Rd|Dr|Ln|Blvd|Ct|Way|Pkwy|Hwy|Cir|Ter|Box [0-9]{1,6}),? [A-Z][A-Za-z ]{2,24},? [0-9]{5}(?![0-9])",
        ("US",)),
    "names": (r"(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
        r"|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana"
        r"|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon"
        r"|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Washington|Wisconsin|Wyoming),? [0-9]{5}(?![0-9])",
        ("US",)),
    "canada": (r"(?<![\p{L}0-9])[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9](?![\p{L}0-9])", ("CA",)),
    "britain": (r"(?<![\p{L}0-9])(?:[A-Z]{1,2}[0-9][0-9A-Z]? ?|[a-z]{1,2}[0-9][0-9a-z]? )[0-9](?:[ABD-HJLNP-UW-Z]{2}|[abd-hjlnp-uw-z]{2})(?![\p{L}0-9])"
        r"|(?<![\p{L}])(?:United Kingdom|U\.K\.|UK|England|Scotland|Wales)(?![\p{L}])", ("GB",)),
    "australia": (r"(?<![\p{L}])(?i:NSW|VIC|QLD|TAS|SA|WA|ACT|NT),? {1,2}[0-9]{4}(?![0-9])|(?<![\p{L}])Australia(?![\p{L}])", ("AU",)),
    "netherlands": (rf"(?<![0-9.,-])[1-9][0-9]{{3}} ?[A-Z]{{2}} {_TOWN}|(?<![\p{{L}}])Neder?land(?![\p{{L}}])", ("NL",)),
    "poland": (rf"(?<![0-9.,-])[0-9]{{2}}-[0-9]{{3}} {_TOWN}|(?<![\p{{L}}])Polska(?![\p{{L}}])", ("PL",)),
    "portugal": (rf"(?<![0-9.,-])[0-9]{{4}}-[0-9]{{3}} {_TOWN}|(?<![\p{{L}}])Portugal(?![\p{{L}}])", ("PT",)),
    "north": (rf"(?<![0-9.,-])(?:[A-Z]{{2}}-)?[0-9]{{3}} [0-9]{{2}} {_TOWN}|(?<![\p{{L}}])(?:Sverige|Česko|Slovensko)(?![\p{{L}}])",
        ("SE", "CZ", "SK", "GR")),
    "five": (rf"{_STREET}(?<![0-9.$€/-])[0-9]{{5}},? {_TOWN}\p{{L}}|\p{{Ll}},? \(?[0-9]{{5}}\)(?![0-9])", _EUROPE_5),
    "four": (rf"{_HOUSE}[1-9][0-9]{{3}} \p{{Lu}}\p{{Ll}}|(?<![\p{{L}}])(?:A|B|CH|DK|N|L)-[0-9]{{4}} \p{{Lu}}", _EUROPE_4),
    "germany": (r"(?<![\p{L}])(?:Deutschland|Germany|Österreich|Schweiz|Suisse)(?![\p{L}])", ("DE", "AT", "CH")),
    "france": (r"(?<![\p{L}])(?:France|Belgique|België)(?![\p{L}])|CEDEX|Cedex", ("FR", "BE")),
    "south": (r"(?<![\p{L}])(?:España|Italia|Spain|Italy)(?![\p{L}])", ("ES", "IT")),
    "taiwan": (r"[縣市][\u4e00-\u9fff]{1,4}[區鄉鎮市里]|[路街段巷弄][0-9之-]{1,8}[號巷弄]|臺灣|台灣", ("TW",)),
    "hong kong": (r"香港|九龍|九龙|新界|中西區|灣仔|油尖旺|深水埗", ("HK",)),
    "macau": (r"澳門|澳门|氹仔|路環|路环", ("MO",)),
}  # fmt: skip
_ANY: Final = late("|".join(f"(?P<r{number}>{sign})" for number, (sign, _) in enumerate(_SIGNS.values())))
_REGIONS: Final = {f"r{number}": regions for number, (_, regions) in enumerate(_SIGNS.values())}


def regions_around(text: str, start: int) -> tuple[str, ...]:
    """Return the countries (ISO 3166-1) that the text around `start` speaks of."""
    # Blocks, not distances: the numbers of one block ask for the same thing, which is then known.
    block = start - start % _BLOCK
    return _of(text[max(0, block - _REACH) : block + _BLOCK + _REACH])


@lru_cache(maxsize=512)
def _of(window: str) -> tuple[str, ...]:
    found = {region: None for sign in _ANY.finditer(window) for region in _REGIONS[str(sign.lastgroup)]}
    return tuple(found)
