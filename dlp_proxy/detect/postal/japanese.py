"""The grammar of Japanese addresses: prefecture, city or ward, town, block and house, building and room.

Sources: the Act on Indication of Residential Addresses (1962), by which a house has 丁目, 番 and 号, elsewhere 番地;
Japan Post's notes on addresses in Japanese and in Latin letters; the Universal Postal Union's sheet for Japan.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.postal.east import CITY_ALONE, PREFECTURE, PREFECTURE_ROMAN

_SIGN: Final = r"[\u4e00-\u9fff\u3041-\u3096\u30a1-\u30fa々ヶー]"
_FIGURE: Final = r"(?:[0-9]{1,4}|[一二三四五六七八九十百〇]{1,4})"
_DASH: Final = r"[-ー―—–ｰ~のノ]"
_GAP: Final = r"[ \t,、\"'|]{0,4}"
"""Between two pieces that may be cells or fields of their own."""
POSTCODE: Final = r"〒? ?(?<![0-9-])[0-9]{3}[-ー―—–ｰ]?[0-9]{4}(?![0-9-])"
_CITY: Final = rf"(?:{_SIGN}{{1,6}}?[市区郡町村]){{1,3}}"
_TOWN: Final = rf"{_SIGN}{{1,14}}?"

# Neither a date nor a postcode.
_NO_DATE: Final = r"(?!(?:19|20)[0-9]{2}-[01]?[0-9](?![0-9])|[0-9]{3}-[0-9]{4}(?![0-9-]))"
_END: Final = r"(?![0-9年月日時分人名円点歳回位話%％]|[-.:/][0-9]| ?号[線車館])"
_HOUSE: Final = r"(?: ?号(?![線車館]))?"
_DASHED: Final = rf"{_NO_DATE}{_FIGURE}(?:{_DASH}{_FIGURE}){{1,3}}{_HOUSE}"
_BLOCK: Final = rf"{_FIGURE} ?(?:番地|番(?!目|組|線|台|手)|番町) ?(?:{_DASH}? ?{_FIGURE}{_HOUSE}(?:{_DASH}{_FIGURE})?)?"
_CHOME: Final = rf"{_FIGURE} ?丁目[ ]?"
# No town ends with a particle: 大阪市北区で10-3.
NUMBERS: Final = rf"(?<![でにはがをへも])(?:{_CHOME}(?:{_BLOCK}|{_DASHED}|{_FIGURE}{_HOUSE})|{_BLOCK}|{_DASHED}){_END}"
_BUILDING: Final = (
    r"(?:[ \u3000]?[\u4e00-\u9fff\u30a1-\u30faーA-Za-z・&.'’][\u4e00-\u9fff\u30a1-\u30faーA-Za-z・&.'’ ]{1,24}?[ ]?"
    rf"[A-Z]?[0-9]{{1,4}}(?:号室|号棟|号|階|F)?{_END}|[ ][A-Z]?[0-9]{{1,4}}(?:号室|号棟|号|階|F)(?![0-9A-Za-z]))?"
    r"(?:[ ]?[0-9]{1,4}(?:号室|階|F)(?![0-9A-Za-z]))?"
)

NUMBERED: Final = rf"{PREFECTURE}(?:{_SIGN}|[ \t,、\"'|]){{2,44}}?{NUMBERS}"
"""What the whole of an address with its prefecture is read behind: it says no at once where there is no house."""
WITH_PREFECTURE: Final = rf"{PREFECTURE}{_GAP}{_CITY}{_GAP}(?:{_TOWN}[ ]?)?{NUMBERS}{_BUILDING}"
# Villages have a number of the lot and no unit: 白馬村北城7025.
OF_LOT: Final = (
    rf"{PREFECTURE}{_GAP}{_CITY}[\u4e00-\u9fff々ヶ字]{{2,10}}[0-9]{{1,5}}(?=[\t\n,、\"'|]|[ \u3000][^0-9]|\Z)"
)
OF_POSTCODE: Final = (
    rf"{POSTCODE}[ \t\n,、\"'|]{{0,4}}(?:{PREFECTURE}{_GAP})?(?:{_CITY}{_GAP})?(?:{_TOWN}[ ]?)?{NUMBERS}{_BUILDING}"
)
WITHOUT_NUMBER: Final = (
    rf"〒 ?[0-9]{{3}}[-ー―—–ｰ]?[0-9]{{4}}[ \t\n]{{0,3}}"
    rf"{PREFECTURE}{_GAP}{_CITY}(?:{_SIGN}{{1,12}})?"
)
OF_CITY: Final = rf"{CITY_ALONE}{_GAP}(?:{_SIGN}{{1,5}}?区{_GAP})?{_TOWN}[ ]?{NUMBERS}{_BUILDING}"
OF_TOWN: Final = (
    rf"{_SIGN}{{1,6}}?[市区町村](?:{_TOWN})?[ ]?"
    rf"(?:{_CHOME}(?:{_BLOCK}|{_DASHED})|{_FIGURE} ?番地){_END}{_BUILDING}"
)
STREET_FIRST: Final = (
    rf"(?<!{_SIGN}){_SIGN}{{1,14}}?[ ]?{NUMBERS}{_BUILDING}[ \"']?[\t,|、][ \"']?{PREFECTURE}{_GAP}{_CITY}"
    rf"(?:[ \"']?[\t,|][ \"']?{POSTCODE})?"
)
"""As the columns of shops abroad have it: street, city, postcode."""
BEFORE: Final = rf"{POSTCODE}[ \t\n,、\"'|]{{0,4}}\Z"

_PIECE: Final = r"\p{Lu}[\p{L}'’.-]{1,24}(?: \p{Lu}[\p{L}'’.-]{1,24}){0,2}"
_ROMAN_NUMBERS: Final = (
    r"(?:[0-9]{1,2}-(?i:ch[oō]me)(?:[ ,-]{1,2}[0-9]{1,4}(?:-[0-9]{1,4}){0,2})?|[0-9]{1,4}(?:-[0-9]{1,4}){1,3})(?![0-9])"
)
_LEVEL: Final = r"-(?i:ku|shi|gun|cho|machi|mura)(?![\p{L}-])"
_REST: Final = rf"(?:[ ,\t]{{1,3}}(?:{_PIECE}|〒?[0-9]{{3}}-[0-9]{{4}}(?![0-9-]))(?![\p{{L}}0-9])){{0,4}}"
ROMAN: Final = (
    rf"(?<![\p{{L}}0-9-])(?:#?[0-9]{{1,4}},? )?{_NO_DATE}{_ROMAN_NUMBERS}[ ,]{{1,2}}(?:{_PIECE}[ ,\t]{{1,3}}){{0,2}}?"
    rf"\p{{Lu}}[\p{{L}}'’]{{1,20}}{_LEVEL}{_REST}"
)
ROMAN_LAST: Final = (
    rf"(?<![\p{{L}}0-9-])\p{{Lu}}[\p{{L}}'’]{{1,20}}{_LEVEL}(?:[ ,\t]{{1,3}}{_PIECE}){{0,2}}?[ ,]{{1,3}}{_NO_DATE}"
    rf"{_ROMAN_NUMBERS}{_REST}"
)
ROMAN_PREFECTURE: Final = (
    rf"(?<![\p{{L}}0-9-]){_NO_DATE}{_ROMAN_NUMBERS}[ ,]{{1,2}}(?:{_PIECE}[ ,\t]{{1,3}}){{1,3}}?{PREFECTURE_ROMAN},? "
    r"[0-9]{3}-[0-9]{4}(?![0-9-])(?:,? Japan(?!\p{L}))?"
)
ROMAN_SURE: Final = (
    rf"(?<!\p{{L}})(?:{PREFECTURE_ROMAN}|Japan|JAPAN)(?!\p{{L}})"
    r"|(?<![0-9-])[0-9]{3}-[0-9]{4}(?![0-9-])"
)
"""What makes an address of words in Latin letters sure."""

PLACES: Final = (
    r"〒", "県", "東京都", "北海道", "[大京][阪都]府", CITY_ALONE, "丁目", "番地",
    r"-(?:ku|shi|gun|cho|chome|machi|mura|Ku|Shi|Gun|Cho|Chome|Machi|Mura|KU|SHI|GUN|CHO|CHOME)(?![A-Za-z-])",
    rf"{PREFECTURE_ROMAN},? [0-9]{{3}}-[0-9]{{4}}",
)  # fmt: skip
"""Where an address may be; each begins with a literal or a small set of them."""
