"""The grammar of South Korean addresses: province, city, district, then a road with a number or the old lot.

Sources: the Road Name Address Act (2014), by which 대로, 로 and 길 end the names of roads; the Ministry of the
Interior's rules for the notation in Latin letters; the Universal Postal Union's sheet for the Republic of Korea.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.postal.east import PROVINCE, PROVINCE_ROMAN

_H: Final = r"\uac00-\ud7a3"
_GAP: Final = r"[ ,\t\"'|]{1,4}"
_DISTRICT: Final = rf"[{_H}]{{1,5}}[시군구]"
_POSTCODE: Final = r"(?:\(?우\)? ?)?[(\[]?(?<![0-9-])(?:[0-9]{5}|[0-9]{3}-[0-9]{3})(?![0-9-])[)\]]?"
_CHAIN: Final = (
    rf"(?:{PROVINCE}{_GAP}(?:{_DISTRICT}{_GAP}){{0,2}}|(?:{_DISTRICT}{_GAP}){{1,2}})(?:[{_H}]{{1,5}}[읍면]{_GAP})?"
)
_NO_COUNT: Final = (
    r"(?![0-9]|[-.,][0-9]| ?(?:명|개|년|월|일(?!동)|시간|시(?!티)|분|원|만|천|억|조|차|위|건|회|%|곳|여|인분"
    r"|도(?![로])|배|주|점|팀|번째"
    r"|km|㎞|㎡|m(?![a-z])|대(?![로])|세|살|층짜리|호선|승|패))"
)
_NUMBER: Final = r"(?:지하 ?|산 ?)?[0-9]{1,4}(?:-[0-9]{1,4})?"
HOUSE: Final = rf"{_NUMBER}(?:번지|번?[가나다라마]?길|번안길|[동가])?{_NO_COUNT}"
"""A number that counts nothing."""
_LANE: Final = r"(?: ?[0-9]{1,4}(?:번?[가나다라마]?길|번안길))?"
_ROAD: Final = rf"[{_H}][{_H}0-9·.]{{0,11}}?(?:(?<!으)로|길){_LANE} ?{_NUMBER}(?:번지)?(?!가){_NO_COUNT}"
_LOT: Final = rf"[{_H}]{{1,6}}(?:[0-9](?=[동가]))?(?:동|읍|면|리|가) ?{_NUMBER}(?:번지)?{_NO_COUNT}"
_HO: Final = r"(?:제?[0-9A-Z가나다라]{1,4}동[ ,]{0,2})?제?[A-Z]?[0-9]{1,4}호"
_FLAT: Final = rf"(?:{_HO}|제?[0-9A-Z]{{1,4}}동|(?:지하 ?)?[0-9]{{1,3}}층)(?![{_H}0-9])"
_NAMED: Final = rf"[{_H}A-Za-z0-9·]{{2,16}}(?= ?{_FLAT}|,? ?\()(?: {_FLAT}|{_FLAT})?"
_REST: Final = rf"(?:[ ,]{{1,2}}(?:\([{_H}][^()\n]{{1,30}}\)|{_FLAT}|{_NAMED})){{0,4}}"
_BEHIND: Final = r"(?:[ ,\t]{1,3}[(\[]?[0-9]{5}[)\]]?(?![0-9-]))?"

ADDRESS: Final = rf"(?<![{_H}])(?:{_POSTCODE}[ ,]{{1,2}})?{_CHAIN}(?:{_LOT}|{_ROAD}){_REST}{_BEHIND}"
WITH_FLAT: Final = (
    rf"(?<![{_H}])(?:{_ROAD})(?:[ ,]{{1,2}}\([{_H}][^()\n]{{1,30}}\))?(?:[ ,]{{1,2}}[{_H}A-Za-z0-9·]{{2,16}})?"
    r"[ ,]{1,2}(?:[0-9]{1,4}동[ ,]{0,2})[0-9]{1,4}호"
)
STREET_FIRST: Final = (
    rf"(?<![{_H}])(?:{_LOT}|{_ROAD}){_REST}[ \"']?[\t,|][ \"']?{PROVINCE}(?:{_GAP}{_DISTRICT}(?![{_H}])){{1,2}}"
    rf"(?:[ \"']?[\t,|][ \"']?[0-9]{{5}}(?![0-9-]))?"
)
"""As the columns of shops abroad have it: street, city, postcode."""

_PIECE: Final = r"\p{Lu}[\p{L}'’-]{1,24}(?: \p{Lu}[\p{L}'’-]{1,24}){0,2}"
_SMALL: Final = r"(?:[0-9]{1,4}(?:-[0-9]{1,4})?)(?![0-9-])"
_ROMAN_ROAD: Final = (
    r"\p{Lu}[\p{L}0-9]{1,24}(?:-(?i:daero|ro|gil))"
    r"(?:[ ]?[0-9]{1,4}(?:beon)?(?:[ga]a?)?-(?i:gil))?(?![\p{L}-])"
)
_AREA: Final = r"\p{Lu}\p{L}{1,20}-(?i:gu|si|gun|eup|myeon|dong)(?![\p{L}-])"
_ROMAN_REST: Final = rf"(?:[ ,\t]{{1,3}}(?:{_AREA}|{PROVINCE_ROMAN}(?!\p{{L}})|{_PIECE}|[0-9]{{5}}(?![0-9-]))){{0,4}}"
_ROMAN_LOT: Final = r"\p{Lu}\p{L}{1,20}-(?i:dong|ri)(?![\p{L}-])"
ROMAN: Final = (
    rf"(?<![\p{{L}}0-9-])(?:#?[0-9A-Z]{{1,5}}(?:-(?:dong|ho))?,? ){{0,2}}"
    rf"(?:{_SMALL},? (?:{_ROMAN_ROAD}|{_ROMAN_LOT})|{_ROMAN_ROAD},? {_SMALL})[ ,\t]{{1,3}}"
    rf"(?:{_PIECE}[ ,]{{1,3}})??(?:{_AREA}|{PROVINCE_ROMAN}(?!\p{{L}})){_ROMAN_REST}"
)
ROMAN_LAST: Final = (
    rf"(?<![\p{{L}}0-9-])(?:{PROVINCE_ROMAN}[ ,]{{1,3}})?(?:{_AREA}[ ,]{{1,3}}){{1,2}}"
    rf"{_ROMAN_ROAD},? {_SMALL}{_ROMAN_REST}"
)
"""Large to small, as it is written at home."""

PLACES: Final = (
    r"[로길읍면동리가](?<=[\uac00-\ud7a3].)[ ]{0,2}(?:산 ?|지하 ?)?[0-9]",
    r"-(?:ro|daero|gil|Ro|Daero|Gil|RO|GIL|dong|Dong)(?![A-Za-z-])",
)
"""The end of a road's or a village's name with its number behind, and a road in Latin letters."""
