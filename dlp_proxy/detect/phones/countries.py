"""What tells a country in the neighbourhood of a number, and how its mobiles begin at home.

Sources: the national numbering plans as `phonenumbers` has them, which has the last word; the Universal Postal Union's
sheets for the forms of postcodes and the words of streets; ISO 3166 and ISO 4217 for names and currencies; the
domains of the countries. Mainland China has detectors of its own, and North American numbers are known by their form.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import regex

from dlp_proxy.detect.alternatives import tree
from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal import east, regions


class Country(NamedTuple):
    """A country as its own people write.

    Attributes:
        region: of ISO 3166, as `phonenumbers` calls it.
        mobile: a whole mobile number in figures, with the 0 that is dialled at home.
        domain: its top-level domain.
        place: what stands in its addresses.
        word: its names, its currency, its script.
        said: the same as a pattern's text, without what must stand around.
    """

    region: str
    mobile: regex.Pattern[str]
    domain: str
    place: regex.Pattern[str]
    word: regex.Pattern[str]
    said: str


_TOWN: Final = r"(?<![0-9-])[0-9]{5}[ ,\t\"'|]{1,4}\p{Lu}\p{Ll}"
_BORDER: Final = r"(?<![\p{L}0-9])"
_HOUSE: Final = r"[ ,]{1,2}[0-9]{1,4}(?![0-9])"

# Ends of names of streets, before the number of a house; those that only the north has are before a space as well.
_GERMAN_ENDS: Final = ("straße", "strasse", "str.", "weg", "allee", "gasse", "platz", "ring", "damm", "ufer")
_DUTCH_ENDS: Final = ("straat", "laan", "weg", "plein", "gracht", "kade", "singel", "dijk", "steeg", "hof")
_NORTHERN_ENDS: Final = (
    "gatan", "vägen", "gränd", "gata", "veien", "vegen", "vei", "vej", "gade", "allé", "stræde", "katu", "tie", "kuja",
    "torget", "torg", "plads",
)  # fmt: skip
# Words before the name of a street, or that stand in addresses by themselves.
_GERMAN_WORDS: Final = ("Am ", "Im ", "Zum ", "Zur ", "An der ", "Auf de")
_FRENCH_WORDS: Final = (
    "rue", "avenue", "av", "av.", "boulevard", "bd", "bd.", "place", "chemin", "allée", "allées", "impasse", "quai",
    "route", "cours", "square", "passage", "faubourg", "montée", "sentier",
)  # fmt: skip
_SPANISH_WORDS: Final = (
    "Calle", "C/", "Avenida", "Avda", "Avda.", "Plaza", "Paseo", "Carrer", "Ronda", "Camino", "Carretera", "Travesía",
)  # fmt: skip
_ITALIAN_WORDS: Final = ("Via ", "Viale ", "Piazza ", "Corso ", "Largo ", "Vicolo ", "Strada ", "Piazzale ")
_PORTUGUESE_WORDS: Final = (
    "Rua ", "R. ", "Avenida ", "Av. ", "Travessa ", "Praça ", "Largo ", "Estrada ", "Alameda ", "Rodovia ",
)  # fmt: skip
_POLISH_WORDS: Final = ("ul.", "al.", "os.", "pl.")
_TURKISH_WORDS: Final = ("Mah.", "Cad.", "Sok.", "Blv.")
_TURKISH_ENDS: Final = ("mahallesi", "caddesi", "sokak", "sokağı")
_INDIAN_WORDS: Final = ("nagar", "marg", "sector", "colony", "taluk", "district")
_MALAY_WORDS: Final = ("Jalan ", "Jln ", "Lorong ", "Taman ")
_INDONESIAN_WORDS: Final = ("Jalan", "Jl.", "Gang", "Kec.", "Kel.")
_PHILIPPINE_WORDS: Final = ("brgy", "barangay")

_GERMAN: Final = (
    rf"(?i:{tree(_GERMAN_ENDS)}){_HOUSE}|(?<!\p{{L}}){tree(_GERMAN_WORDS)}(?:(?<=de)\p{{Ll}} )?"
    rf"\p{{Lu}}\p{{L}}{{2,20}}{_HOUSE}"
)
_FRENCH: Final = rf"[0-9](?: ?(?:bis|ter))?,?[ \t](?i:{tree(_FRENCH_WORDS)})[ \t]"
_DUTCH: Final = rf"{tree(_DUTCH_ENDS)}{_HOUSE}"
_NORTHERN: Final = rf"{tree(_NORTHERN_ENDS)}{_HOUSE}"
_SPANISH: Final = rf"(?<!\p{{L}}){tree(_SPANISH_WORDS)} ?\p{{L}}"
_ITALIAN: Final = rf"(?<!\p{{L}}){tree(_ITALIAN_WORDS)}\p{{L}}"
_PORTUGUESE: Final = rf"(?<!\p{{L}}){tree(_PORTUGUESE_WORDS)}\p{{L}}"


def _country(  # noqa: PLR0917 - a row of the table
    region: str, mobile: str, place: str, names: str, domain: str = "", script: str = "(?!)"
) -> Country:
    word = rf"{script}|(?<!\p{{L}})(?:{names})(?!\p{{Ll}})"
    said = names if script == "(?!)" else f"{script}|{names}"
    return Country(region, regex.compile(mobile), domain or region.lower(), late(place), late(word), said)


COUNTRIES: Final = (
    _country("JP", "0[5789]0[0-9]{8}", east.JAPAN, "Japan|JAPAN|JPY", script="日本|[\u3041-\u30fe]{2}"),
    _country("KR", "01[016789][0-9]{7,8}", east.KOREA, "(?:South )?Korea|KOREA|KRW",
        script=r"[₩\uac00-\ud7a3]|@(?:naver|daum|hanmail|nate)\.(?:com|net)"),
    _country("TW", "09[0-9]{8}", east.TAIWAN, r"Taiwan|TAIWAN|TWD|NT\$", script="[台臺]灣|新[台臺]幣"),
    _country("HK", "[5679][0-9]{7}", east.HONG_KONG, r"Hong Kong|HONG KONG|HKD|HK\$", script="香港"),
    _country("GB", "07[1-57-9][0-9]{8}", rf"{_BORDER}{regions.BRITISH}",
        r"United Kingdom|UNITED KINGDOM|Great Britain|UK|England|Scotland|Wales|Northern Ireland|GBP|£", "uk"),
    _country("FR", "0[67][0-9]{8}", rf"{_FRENCH}|{_TOWN}", "France|FRANCE|Frankreich"),
    _country("DE", "01[567][0-9]{7,9}", rf"{_GERMAN}|{_TOWN}", "Germany|GERMANY|Deutschland|DEUTSCHLAND|Allemagne"),
    _country("AT", "06[5-9][0-9]{7,10}", rf"(?:{_GERMAN}).{{0,30}}?(?<![0-9])[1-9][0-9]{{3}} \p{{Lu}}",
        "Austria|AUSTRIA|Österreich"),
    _country("CH", "07[5-9][0-9]{7}", rf"(?:{_GERMAN}|{_FRENCH}).{{0,40}}?(?<![0-9])[1-9][0-9]{{3}} \p{{Lu}}",
        "Switzerland|SWITZERLAND|Schweiz|Suisse|Svizzera|CHF"),
    _country("NL", "06[1-58][0-9]{7}", rf"(?<![0-9])[1-9][0-9]{{3}} ?[A-Z]{{2}}(?![A-Za-z0-9])|{_DUTCH}",
        "Netherlands|NETHERLANDS|Nederland|NEDERLAND|The Netherlands"),
    _country("BE", "04[5-9][0-9]{7}", rf"(?:{_DUTCH}|{_FRENCH}).{{0,40}}?(?<![0-9])[1-9][0-9]{{3}} \p{{Lu}}",
        "Belgium|BELGIUM|België|Belgique|Belgien"),
    _country("IE", "08[35679][0-9]{7}", rf"{_BORDER}(?:{regions.IRISH}|{regions.IRISH_COUNTY}|{regions.DUBLIN})",
        "Ireland|IRELAND|Éire"),
    _country("IT", "3[2-9][0-9]{7,8}", _ITALIAN, "Italy|ITALY|Italia|ITALIA"),
    _country("ES", "[67][0-9]{8}", _SPANISH, "Spain|SPAIN|España|ESPAÑA"),
    _country("PT", "9[1236][0-9]{7}", r"(?<![0-9])[1-9][0-9]{3}-[0-9]{3} \p{Lu}", "Portugal|PORTUGAL"),
    _country("BR", "[1-9][1-9]9[0-9]{8}", rf"(?<![0-9])[0-9]{{5}}-[0-9]{{3}}(?![0-9-])|{_PORTUGUESE}",
        r"Brazil|BRAZIL|Brasil|BRASIL|BRL|R\$"),
    _country("PL", "[45678][0-9]{8}",
        rf"(?<!\p{{L}}){tree(_POLISH_WORDS)} ?\p{{Lu}}|(?<![0-9-])[0-9]{{2}}-[0-9]{{3}} \p{{Lu}}",
        "Poland|POLAND|Polska|POLSKA|PLN|zł"),
    _country("CZ", "[67][0-9]{8}", r"(?<![0-9-])[1-7][0-9]{2} [0-9]{2} \p{Lu}\p{Ll}",
        "Czech(?:ia| Republic)|Česko|Česká|CZK|Kč"),
    _country("SE", "07[02369][0-9]{7}", _NORTHERN, "Sweden|SWEDEN|Sverige|SVERIGE|SEK"),
    _country("NO", "[49][0-9]{7}", _NORTHERN, "Norway|NORWAY|Norge|NORGE|NOK"),
    _country("DK", "[2-9][0-9]{7}", _NORTHERN, "Denmark|DENMARK|Danmark|DANMARK|DKK"),
    _country("FI", "0(?:4[0-9]|50)[0-9]{5,8}", _NORTHERN, "Finland|FINLAND|Suomi|SUOMI"),
    _country("TR", "05[0-9]{9}", rf"(?<!\p{{L}}){tree(_TURKISH_WORDS)}|(?i:{tree(_TURKISH_ENDS)})",
        "Turkey|TURKEY|Türkiye|TÜRKİYE|TRY|₺"),
    _country("RU", "89[0-9]{9}", r"(?i:(?<!\p{L})(?:ул|пр|пер|д|кв|обл)\. ?[\p{L}0-9])",
        "Russia|RUSSIA|Россия|РОССИЯ|RUB|₽"),
    _country("AU", "04[0-9]{8}", rf"{_BORDER}{regions.AUSTRALIAN_CODE}", "Australia|AUSTRALIA|AUD"),
    _country("NZ", "02[0-9]{7,9}", "(?!)", "New Zealand|NEW ZEALAND|NZD"),
    _country("ZA", "0[678][0-9]{8}", "(?!)", "South Africa|SOUTH AFRICA|ZAR"),
    _country("IN", "0?[6-9][0-9]{9}", rf"(?i:(?<!\p{{L}}){tree(_INDIAN_WORDS)}(?!\p{{L}}))",
        "India|INDIA|INR|₹"),
    _country("SG", "[89][0-9]{7}", rf"{_BORDER}(?i:singapore) [0-9]{{6}}(?![0-9])|#[0-9]{{2}}-[0-9]{{2,4}}(?![0-9])",
        "Singapore|SINGAPORE|SGD|S\\$"),
    _country("MY", "01[0-9]{8,9}", rf"(?<!\p{{L}}){tree(_MALAY_WORDS)}", "Malaysia|MALAYSIA|MYR"),
    _country("ID", "08[0-9]{8,11}", rf"(?<!\p{{L}}){tree(_INDONESIAN_WORDS)} ?\p{{L}}", "Indonesia|INDONESIA|IDR|Rp"),
    _country("TH", "0[689][0-9]{8}", r"[\u0e01-\u0e5b]", "Thailand|THAILAND|THB|฿"),
    _country("VN", "0[35789][0-9]{8}", r"(?i:(?<!\p{L})(?:đường|phường|quận|thành phố)(?!\p{L}))",
        "Vietnam|Viet Nam|VIETNAM|Việt Nam|VND|₫"),
    _country("PH", "09[0-9]{9}", rf"(?i:(?<!\p{{L}}){tree(_PHILIPPINE_WORDS)}(?!\p{{L}}))",
        "Philippines|PHILIPPINES|PHP|₱"),
)  # fmt: skip
"""Those with more people before those whose numbers look the same."""

_ENDS: Final = {one.lower() for one in (*_GERMAN_ENDS, *_DUTCH_ENDS, *_NORTHERN_ENDS)}
_WORDS: Final = {
    one.lower()
    for some in (_GERMAN_WORDS, _FRENCH_WORDS, _SPANISH_WORDS, _ITALIAN_WORDS, _PORTUGUESE_WORDS, _POLISH_WORDS,
        _TURKISH_WORDS, _INDIAN_WORDS, _MALAY_WORDS, _INDONESIAN_WORDS, _PHILIPPINE_WORDS, east.TOWNS,
        regions.AUSTRALIAN_STATES, ("singapore ", "dublin ", "co ", "co. ", "county "))
    for one in some
}  # fmt: skip
_CODED: Final = (
    r"[0-9]{5}(?:[ ,\t\"'|]{1,4}[a-z]|-[0-9]{3})|[0-9]{4} ?[a-z]{2}(?![a-z])|[0-9]-[0-9]{3} [a-z]"
    r"|[0-9]{3} [0-9]{2} [a-z]|[a-z],? [0-9]{3}-[0-9]{4}(?![0-9])"
    r"|[a-z][0-9][0-9a-z]? {0,2}[0-9w][0-9a-z]{2}|[a-z][0-9][0-9w] ?[0-9a-z]{4}|#[0-9]{2}-"
)
HINT: Final = re.compile(
    rf"[^\x00-\x7f]|(?:{tree(_ENDS)}){_HOUSE}|(?<![a-z]){tree(_WORDS)}|-(?:{east.LEVELS})(?![a-z-])"
    rf"|{tree(_TURKISH_ENDS)}|{_CODED}"
)
"""In every text, in small letters, in which the pattern for the addresses of a country finds something."""
