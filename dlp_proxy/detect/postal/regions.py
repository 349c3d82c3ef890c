"""Postcodes and the regions they lie in, as patterns.

Sources: USPS Publication 28 appendix B (states) and labelling list L002 (three-digit ZIP prefixes); Royal Mail's
postcode areas and BS 7666 for their form; Canada Post's addressing guidelines; Australia Post's ranges and AS 4590;
An Post's Eircode. A list says where a code can lie, not that it is in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

# Code, name, what newspapers write, first three digits of the ZIP code.
_STATES: Final = """
AL|Alabama|Ala|3[56][0-9]
AK|Alaska||99[5-9]
AZ|Arizona|Ariz|8[56][0-9]
AR|Arkansas|Ark|7(?:1[6-9]|2[0-9])
CA|California|Calif|9[0-5][0-9]|96[01]
CO|Colorado|Colo|80[0-9]|81[0-6]
CT|Connecticut|Conn|06[0-9]
DE|Delaware|Del|19[7-9]
DC|District of Columbia|D.C|20[02-5]|569
FL|Florida|Fla|3[234][0-9]
GA|Georgia||3[01][0-9]|39[89]
HI|Hawaii||96[78]
ID|Idaho||83[2-8]
IL|Illinois|Ill|6[0-2][0-9]
IN|Indiana|Ind|4[67][0-9]
IA|Iowa||5[0-2][0-9]
KS|Kansas|Kan|6[67][0-9]
KY|Kentucky|Ky|4[0-2][0-9]
LA|Louisiana||7(?:0[0-9]|1[0-4])
ME|Maine||039|04[0-9]
MD|Maryland|Md|20[6-9]|21[0-9]
MA|Massachusetts|Mass|01[0-9]|02[0-7]|055
MI|Michigan|Mich|4[89][0-9]
MN|Minnesota|Minn|55[0-9]|56[0-7]
MS|Mississippi|Miss|38[6-9]|39[0-7]
MO|Missouri|Mo|6[345][0-9]
MT|Montana|Mont|59[0-9]
NE|Nebraska|Neb|68[0-9]|69[0-3]
NV|Nevada|Nev|889|89[0-8]
NH|New Hampshire|N.H|03[0-8]
NJ|New Jersey|N.J|0[78][0-9]
NM|New Mexico|N.M|87[0-9]|88[0-4]
NY|New York|N.Y|005|063|1[0-4][0-9]
NC|North Carolina|N.C|2[78][0-9]
ND|North Dakota|N.D|58[0-8]
OH|Ohio||4[345][0-9]
OK|Oklahoma|Okla|7[34][0-9]
OR|Oregon|Ore|97[0-9]
PA|Pennsylvania|Pa|1[5-8][0-9]|19[0-6]
RI|Rhode Island|R.I|02[89]
SC|South Carolina|S.C|29[0-9]
SD|South Dakota|S.D|57[0-7]
TN|Tennessee|Tenn|37[0-9]|38[0-5]
TX|Texas|Tex|733|7[5-9][0-9]|885
UT|Utah||84[0-7]
VT|Vermont|Vt|05[0-9]
VA|Virginia|Va|201|22[0-9]|23[0-9]|24[0-6]
WA|Washington|Wash|98[0-9]|99[0-4]
WV|West Virginia|W.Va|24[7-9]|25[0-9]|26[0-8]
WI|Wisconsin|Wis|5[34][0-9]
WY|Wyoming|Wyo|82[0-9]|83[01]
PR|Puerto Rico|P.R|00[679]
VI|Virgin Islands||008
GU|Guam||969
AS|American Samoa||967
MP|Saipan||969
FM|||969
MH|||969
PW|||969
AA|||340
AE|||09[0-9]
AP|||96[2-6]
"""

# Code, name, nothing, first two digits.
_AUSTRALIA: Final = """
NSW|New South Wales||[12][0-9]
ACT|Australian Capital Territory||02|2[69]
VIC|Victoria|Vic|[38][0-9]
QLD|Queensland|Qld|[49][0-9]
SA|South Australia||5[0-9]
WA|Western Australia||6[0-9]
TAS|Tasmania|Tas|7[0-9]
NT|Northern Territory||0[89]
"""

# Code, name, nothing, first letter.
_CANADA: Final = """
NL|Newfoundland and Labrador||A
NS|Nova Scotia||B
PE|Prince Edward Island|P.E.I|C
NB|New Brunswick||E
QC|Quebec|Que|[GHJ]
QC|Québec|PQ|[GHJ]
ON|Ontario|Ont|[KLMNP]
MB|Manitoba|Man|R
SK|Saskatchewan|Sask|S
AB|Alberta|Alta|T
BC|British Columbia|B.C|V
NT|Northwest Territories||X
NU|Nunavut||X
YT|Yukon||Y
"""

_AREAS: Final = """
AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL
GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA
PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS
WV YO ZE
"""

NEAR: Final = r"""(?:[ \t.,|;"'\n()]{1,6})"""
FIELD: Final = r"""[^A-Za-z0-9]{0,12}(?![A-Z]{2}:)[A-Za-z_.]{2,24}["']?[ \t]{0,2}[:=][ \t]{0,2}["']?"""
"""From the end of one field to the value of the next: ``", "zip": "``."""
GAP: Final = f"(?:{NEAR}|{FIELD})"
"""What stands between two pieces of an address that are fields of their own."""


def tree(alternatives: Iterable[str]) -> str:
    """Return an alternation of patterns that looks at the first character once and tries the longer ones first."""
    ordered = sorted(sorted(sorted(alternatives), key=len, reverse=True), key=lambda one: one[0])
    groups = ((first, [one[1:] for one in group]) for first, group in groupby(ordered, key=lambda one: one[0]))
    return "(?:" + "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups) + ")"


def _rows(table: str) -> list[tuple[list[str], str]]:
    """Return for each region its names as patterns, the code first, and the pattern that its postcodes begin with."""
    rows = []
    for line in table.strip().splitlines():
        code, name, short, prefix = line.split("|", 3)
        names = [code, *([name.replace(" ", "[ ]")] if name else [])]
        names += [short.replace(".", r"\. ?") + r"\.?"] if short else []
        rows.append((list(dict.fromkeys([*names, *map(str.upper, names)])), f"(?:{prefix})"))
    return rows


def _names(table: str, first: int) -> str:
    return tree({name for names, _ in _rows(table) for name in names[first:]})


def _with(table: str, rest: str) -> str:
    return tree({f"{name}{NEAR}{prefix}" for names, prefix in _rows(table) for name in names}) + rest


_END: Final = "(?![0-9A-Za-z])"
_PLUS_4: Final = "(?:-[0-9]{4})?"
_LETTERS: Final = "[ABCEGHJ-NPRSTV-Z]"
_CANADIAN_REST: Final = rf"[0-9]{_LETTERS}[ -]?[0-9]{_LETTERS}[0-9]"

STATES: Final = {
    name.casefold(): code.casefold()
    for table in (_STATES, _AUSTRALIA, _CANADA)
    for code, name, *_ in (line.split("|") for line in table.strip().splitlines())
    if name
}
"""Name in small letters -> code in small letters."""
STATE_CODES: Final = tuple(names[0] for names, _ in _rows(_STATES))
STATE_CODE: Final = tree(STATE_CODES)
STATE_NAME: Final = _names(_STATES, 1)
ZIP: Final = f"[0-9]{{5}}{_PLUS_4}{_END}"
STATE_ZIP: Final = _with(_STATES, f"[0-9]{{2}}{_PLUS_4}{_END}")
"""A state of the United States with a ZIP code that lies in it."""
STATE_WORDS: Final = tuple(
    word
    for line in _STATES.strip().splitlines()
    for name in line.split("|")[:3]
    if name
    for word in (name, name.upper())
)

AUSTRALIAN_STATES: Final = tuple(
    name for line in _AUSTRALIA.strip().splitlines() for name in line.split("|")[:3] if name
)
"""Codes, names and what newspapers write."""

PROVINCE: Final = _names(_CANADA, 0)
CANADIAN: Final = f"[ABCEGHJ-NPRSTVXY]{_CANADIAN_REST}{_END}"
PROVINCE_CODE: Final = _with(_CANADA, f"{_CANADIAN_REST}{_END}")
"""A province of Canada with a postal code that lies in it."""

AUSTRALIAN_STATE: Final = _names(_AUSTRALIA, 0)
AUSTRALIAN_CODE: Final = _with(_AUSTRALIA, f"[0-9]{{2}}{_END}")
"""A state of Australia with a postcode that lies in it."""

BRITISH: Final = rf"{tree(_AREAS.split())}[0-9][0-9A-HJKMNPR-Y]? {{0,2}}[0-9][ABD-HJLNP-UW-Z]{{2}}{_END}"
"""A postcode of the United Kingdom, the Channel Islands or the Isle of Man."""

IRISH: Final = rf"(?:[ACDEFHKNPRTVWXY][0-9]{{2}}|D6W) ?[0-9ACDEFHKNPRTVWXY]{{4}}{_END}"
"""An Eircode."""

_COUNTIES: Final = """
Antrim Armagh Carlow Cavan Clare Cork Derry Donegal Down Dublin Fermanagh Galway Kerry Kildare Kilkenny Laois Leitrim
Limerick Longford Louth Mayo Meath Monaghan Offaly Roscommon Sligo Tipperary Tyrone Waterford Westmeath Wexford Wicklow
"""
IRISH_COUNTY: Final = rf"(?:Co\.?|County|CO\.?|COUNTY) {tree([*_COUNTIES.split(), *_COUNTIES.upper().split()])}"
"""A county of Ireland, which addresses without an Eircode end with."""
DUBLIN: Final = f"(?:Dublin|DUBLIN) (?:[1-9]|1[0-9]|2[0-4]|6[Ww]){_END}"
"""A postal district of Dublin."""
