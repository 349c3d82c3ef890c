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
_SMALL_STATES: Final = "|".join(
    sorted(code.lower() for code in STATE_CODES if code not in {"IN", "OR", "ME", "HI", "OK", "OH"})
)
_STATE_NAMES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    "|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana"
    "|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon"
    "|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Washington|Wisconsin|Wyoming"
)
_TOWN: Final = r"['’]?\p{Lu}[\p{L}’'-]"
# A house number stands before the postcode, or nothing but a mark: 2024 Olympia is no town of Austria.
_HOUSE: Final = r"(?<=[0-9][A-Za-z]?(?:,| -|;|\r?\n| à| in)? {0,4}(?:[A-Z]{1,2}-)?)"
_STREET: Final = r"(?<=[\p{L}0-9)./ºª](?:,|-| -|;|\r?\n| à| in|\p{L} ) {0,4}(?:[A-Z]{1,2}-)?|[|\"'] ?|\A|\n)"
_EUROPE_4: Final = ("AT", "CH", "BE", "DK", "NO", "LU", "HU", "SI", "BG")
_EUROPE_5: Final = ("DE", "FR", "ES", "IT", "FI", "GR", "HR", "EE", "TR")

_US: Final = (
    rf"(?<![\p{{L}}])(?:{_STATES})\)?[,.]? {{1,2}}\(?[0-9]{{5}}(?![0-9])|, (?:{_STATES})(?![\p{{L}}0-9])"
    rf"|(?<![\p{{L}}])(?:{_SMALL_STATES}),? [0-9]{{5}}(?![0-9])"
    r"|(?<![0-9.,$-])[A-Z][a-z]{2,},? [0-9]{5}-[0-9]{4}(?![0-9])"
    r"|(?<![\p{L}])(?:USA|U\.S\.A\.|United States|(?:APO|FPO|DPO),? A[AEP])(?![\p{L}])"
    r"|(?<![\p{L}])(?i:St|Ave|Rd|Dr|Ln|Blvd|Ct|Way|Pkwy|Hwy|Cir|Ter|Box [0-9]{1,6})"
    r",? [A-Z][A-Za-z ]{2,24},? [0-9]{5}(?![0-9])"
    rf"|(?:{_STATE_NAMES}),? [0-9]{{5}}(?![0-9])"
)
_BRITAIN: Final = (
    r"(?<![\p{L}0-9])(?:[A-Z]{1,2}[0-9][0-9A-Z]? ?|[a-z]{1,2}[0-9][0-9a-z]? )[0-9]"
    r"(?:[ABD-HJLNP-UW-Z]{2}|[abd-hjlnp-uw-z]{2})(?![\p{L}0-9])"
    r"|(?<![\p{L}])(?:United Kingdom|U\.K\.|UK|England|Scotland|Wales)(?![\p{L}])"
)
_NORTH: Final = (
    rf"(?<![0-9.,-])(?:[A-Z]{{2}}-)?[0-9]{{3}} [0-9]{{2}} {_TOWN}"
    r"|(?<![\p{L}])(?:Sverige|Česko|Slovensko)(?![\p{L}])"
)
_FIVE: Final = (
    rf"{_STREET}(?<![0-9.$€/-])[0-9]{{5}},? {_TOWN}\p{{L}}"
    r"|\p{Ll},? \(?[0-9]{5}\)(?![0-9])"
)
_FOUR: Final = (
    rf"{_HOUSE}(?<![0-9.])[1-9][0-9]{{3}} \p{{Lu}}\p{{Ll}}|(?<![\p{{L}}])(?:A|B|CH|DK|N|L)-[0-9]{{4}} \p{{Lu}}"
)


def _named(*names: str) -> str:
    return rf"(?<![\p{{L}}])(?:{'|'.join(names)})(?![\p{{L}}])"


_SIGNS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (_US, ("US",)),
    (r"(?<![\p{L}0-9])[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9](?![\p{L}0-9])", ("CA",)),
    (_BRITAIN, ("GB",)),
    (rf"(?<![\p{{L}}])(?i:NSW|VIC|QLD|TAS|SA|WA|ACT|NT),? {{1,2}}[0-9]{{4}}(?![0-9])|{_named('Australia')}", ("AU",)),
    (rf"(?<![0-9.,-])[1-9][0-9]{{3}} ?[A-Z]{{2}} {_TOWN}|{_named('Nederland', 'Netherlands')}", ("NL",)),
    (rf"(?<![0-9.,-])[0-9]{{2}}-[0-9]{{3}} {_TOWN}|{_named('Polska', 'Poland')}", ("PL",)),
    (rf"(?<![0-9.,-])[0-9]{{4}}-[0-9]{{3}} {_TOWN}|{_named('Portugal')}", ("PT",)),
    (_NORTH, ("SE", "CZ", "SK", "GR")),
    (_FIVE, _EUROPE_5),
    (_FOUR, _EUROPE_4),
    (_named("Deutschland", "Germany", "Österreich", "Schweiz", "Suisse"), ("DE", "AT", "CH")),
    (_named("France", "Belgique", "België", "CEDEX", "Cedex"), ("FR", "BE")),
    (_named("España", "Italia", "Spain", "Italy"), ("ES", "IT")),
    (r"[縣市][\u4e00-\u9fff]{1,4}[區鄉鎮市里]|[路街段巷弄][0-9之-]{1,8}[號巷弄]|臺灣|台灣", ("TW",)),
    (r"香港|九龍|九龙|新界|中西區|灣仔|油尖旺|深水埗", ("HK",)),
    (r"澳門|澳门|氹仔|路環|路环", ("MO",)),
)
_ANY: Final = late("|".join(f"(?P<r{number}>{sign})" for number, (sign, _) in enumerate(_SIGNS)))
_REGIONS: Final = {f"r{number}": regions for number, (_, regions) in enumerate(_SIGNS)}


def regions_around(text: str, start: int) -> tuple[str, ...]:
    """Return the countries (ISO 3166-1) that the text around `start` speaks of."""
    # Blocks, not distances: the numbers of one block ask for the same thing, which is then known.
    block = start - start % _BLOCK
    return _of(text[max(0, block - _REACH) : block + _BLOCK + _REACH])


@lru_cache(maxsize=512)
def _of(window: str) -> tuple[str, ...]:
    found = {region: None for sign in _ANY.finditer(window) for region in _REGIONS[str(sign.lastgroup)]}
    return tuple(found)
