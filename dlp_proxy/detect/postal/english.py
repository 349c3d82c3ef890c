"""The grammar of addresses in English: house number, street, unit, city, region, postcode.

Every piece is atomic or bounded: a text full of near misses is read in linear time.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree
from dlp_proxy.detect.postal import regions
from dlp_proxy.detect.postal.regions import GAP
from dlp_proxy.detect.postal.suffixes import OTHER, UNITS, USUAL, in_any_case

_END: Final = r"(?![\p{L}0-9])"

# A line end, a comma, a cell's end, a tag, an escaped line end in JSON that was not unpacked.
SEPARATOR: Final = (
    r"(?>[ \t]{0,3}(?:\\?[,;]|[|/]|\r?\n|\\r\\n|\\n|<br ?/?>|[.]? - |\t|[\"'],?[ ]?[\"'])[ \t]{0,24}"
    r"(?:\r?\n[ \t>|*]{0,24}){0,2}"
    r"|[.]?[ ]{1,3})"
)
_SPACE: Final = r"[ \t]{1,3}"

# Not the end of a decimal, a time, a path, a price or an identifier.
_FREE: Final = r"(?<![\p{L}\p{M}0-9$€£¥_@])(?<![0-9][.:/-])(?<![/\\=][\p{L}0-9.-]{0,3}[/-])"
_DIGITS: Final = (
    r"(?>[0-9]{1,6}(?:[ -]?1/2|[A-Za-z](?![\p{L}0-9])|(?:/| ?- ?)[0-9]{1,5}[A-Za-z]?(?![\p{L}0-9])|½)?"
    r"|[NSEW][0-9]{1,5} ?[NSEW][0-9]{1,6}|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)(?= \p{Lu}))(?![0-9%.:])"
)
_UNIT_WORD: Final = tree(UNITS)
_UNIT_ID: Final = (
    r"(?>[#№]?[ ]?(?:[0-9]{1,5}(?:[-/]?[A-Za-z0-9]{1,4})?|[A-Za-z](?:-?[0-9]{1,5}[A-Za-z]?)?))(?![\p{L}0-9])"
)
UNIT: Final = (
    rf"(?>(?:{_UNIT_WORD}(?:\.?[ ]{{1,2}}|\.?(?=[0-9#])){_UNIT_ID}"
    rf"|\#(?: ?(?:[0-9]{{1,5}}[A-Za-z]?|[A-Za-z])|[A-Za-z0-9-]{{1,6}})(?![\p{{L}}0-9])"
    rf"|{tree(in_any_case('rear frnt lowr uppr bsmt lbby'))}(?=,|[ ]*\r?\n)"
    r"|(?:[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)|[Gg]round|[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Tt]op|GROUND)"
    r" (?:[Ff]loor|[Ff]l|FLOOR|FL)\b\.?))"
)
IN_A_BUILDING: Final = rf"{UNIT},? (?:\p{{Lu}}[\p{{L}}'’&-]{{1,20}} ){{0,3}}\p{{Lu}}[\p{{L}}'’&-]{{1,20}}, "
"""A unit in what has a name, before the street: Unit 39, Riverside Business Park."""
LEAD: Final = rf"(?:{UNIT}(?:,? - |,?[ \t]*\r?\n[ \t>]*|\\n|,?[ ]{{1,2}}|\t))"
FREE: Final = _FREE
HOUSE: Final = rf"{_DIGITS},?{_SPACE}(?!(?:RPM|rpm|[KMGT]i?[Bb]|[kMG]?Hz|kWh?|mAh|dpi|fps)(?![\p{{L}}]))"

_ORDINAL: Final = r"[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)(?![\p{L}0-9])"
_HIGHWAY: Final = (
    rf"(?>(?:{tree(in_any_case('us state county old interstate ranch rural farm'))} (?i:to market )?){{0,2}}"
    rf"{tree(in_any_case('highway hwy route rte rt road rd fm rm cr sr rr us i'))}[ -]?#?)"
    r"[0-9]{1,5}[A-Z]?(?![\p{L}0-9])"
)
_SMALL: Final = (
    r"(?:of|or|the|and|at|in|on|upon|under|by|next|de|la|las|los|el|le|les|del|des|du|da|do|dos|di|en|y|a|al|am|an|na|der"
    r"|d['’]\p{L}{1,20}|rue|chemin|boul|avenue|av|boulevard|rang|place|route|impasse|montée|côte|allée)(?![\p{L}0-9])\.?"
)
_CAPITAL: Final = r"\p{Lu}[\p{L}\p{M}'’&-]{0,24}\.?(?![0-9])"
_WORD: Final = r"\p{L}[\p{L}\p{M}'’&-]{0,24}\.?(?![0-9])"
_TOKEN: Final = rf"(?>{UNIT}|{_ORDINAL}|{_HIGHWAY}|{regions.DUBLIN}|{_CAPITAL}|{_SMALL}|\([\p{{L}} .'-]{{2,30}}\))"

_SUFFIX: Final = rf"(?>{tree([*USUAL, *OTHER, *map(str.lower, OTHER)])}){_END}\.?"
_DIRECTION: Final = (
    r"(?>(?:[Nn]orth|[Ss]outh|NORTH|SOUTH)(?:[Ee]ast|[Ww]est|EAST|WEST)?"
    r"|[Ee]ast|[Ww]est|EAST|WEST|[NSEWnsew][.]?[EWew]?[.]?)(?![\p{L}0-9])"
)
_GRID: Final = rf"(?:{_DIRECTION} )?[0-9]{{1,5}} {_DIRECTION}"
# The Embarcadero, El Camino Real: names of streets that end like no other.
_ARTICLED: Final = r"(?:The|THE|El|EL|La|LA|Las|Los) \p{Lu}[\p{L}'’-]{2,24}"
_AVENUE: Final = (
    rf"(?>(?:Avenue|Ave\.?|AVENUE|Street|{_ARTICLED}|Calle|Via|Paseo|Camino|Avenida|Rue|Rua|Broadway|BROADWAY|Route|Highway)"
    r"(?: (?:of the |de la |de |del |du |des )?(?:\p{Lu}[\p{L}'’-]{0,24})){0,3})"
)
_STREET: Final = (
    rf"(?>(?:{_DIRECTION}{_SPACE})?{_HIGHWAY}|(?:{_DIRECTION}{_SPACE})?(?:(?:{_WORD}|{_ORDINAL}){_SPACE}){{1,5}}?{_SUFFIX}"
    rf"(?:{_SPACE}{_SUFFIX})?|{_GRID}|{_AVENUE})(?:{_SPACE}{_DIRECTION}|,{_SPACE}[NSEW]{{1,2}}(?=[,\s]))?"
)
_USUAL_STREET: Final = (
    rf"(?>(?:{_DIRECTION}{_SPACE})?(?:(?:{_CAPITAL}|{_ORDINAL}){_SPACE}){{1,4}}?{tree(USUAL)}{_END}\.?"
    rf"|{_HIGHWAY})(?:{_SPACE}{_DIRECTION}|,{_SPACE}[NSEW]{{1,2}}(?=[,\s]))?"
)
_TAIL_UNIT: Final = rf"(?:{SEPARATOR}{UNIT}|,? [0-9]{{1,4}}[A-Za-z]?(?=,|[ ]*\n)){{0,2}}+"
BETWEEN: Final = rf"(?>{SEPARATOR}(?:{regions.FIELD})?)"

CODE: Final = rf"(?>{regions.STATE_ZIP}|{regions.BRITISH}|{regions.CANADIAN}|{regions.AUSTRALIAN_CODE}|{regions.IRISH})"
"""A postcode that says enough by itself, with its region where it would not."""

_STATE: Final = (
    f"(?>(?:{regions.STATE_CODE}|{regions.STATE_NAME}|{regions.AUSTRALIAN_STATE}|{regions.PROVINCE}"
    rf"|{regions.IRISH_COUNTY}){_END})"
)
_CODED: Final = (
    rf"(?>\(?{_STATE}{GAP}(?:{regions.ZIP}|[0-9]{{4}}(?![0-9A-Za-z])|{regions.CANADIAN})"
    rf"|{regions.BRITISH}|{regions.CANADIAN}|{regions.IRISH}|{regions.DUBLIN})"
)
_PLACE: Final = (
    rf"(?:(?:{regions.DUBLIN}|{_CAPITAL}|{_SMALL}|RD [0-9]{{1,3}}|[a-z]{{3,14}}(?![\p{{L}}0-9])){BETWEEN}){{0,5}}?"
)

STREET: Final = rf"{HOUSE}(?P<street>{_STREET})"
USUAL_STREET: Final = (
    rf"{HOUSE}(?:{_DIRECTION}{_SPACE})?(?:(?:{_CAPITAL}|{_ORDINAL}){_SPACE}){{1,4}}?{tree(USUAL)}{_END}"
)
WORDS: Final = (
    rf"{HOUSE}(?!(?:[AP]\.?M|[KMGT]i?[Bb]|EST|GMT|UTC)(?![\p{{L}}]))"
    rf"(?:{_CAPITAL}(?:{_SPACE}|(?=[^\p{{L}}0-9 ]|$))){{1,4}}+{_TAIL_UNIT}(?=\s*(?:[,.;|<\"'\n]|$))(?!,?\s*[0-9])"
)
"""A number with capitalised words, for behind a label."""
BEHIND: Final = _TAIL_UNIT
WITH_CODE: Final = rf"{BETWEEN}{_PLACE}{_CODED}"
"""Behind a street: a place with its postcode. A state and a ZIP code need not fit each other."""
# New York, NY has the state behind the town of its name.
WITH_STATE: Final = (
    rf"{BETWEEN}(?P<town>{_PLACE})(?:(?P<state>{_STATE})(?!,? {regions.STATE_CODE}{_END})"
    rf"|(?P<bare>[0-9]{{5}}-[0-9]{{4}}(?![0-9A-Za-z-])|[0-9]{{4,5}}(?![0-9A-Za-z%-])))"
)
"""Behind a street: a place with its state, or with a number that may be a postcode."""
_SMALL_STATE: Final = tree(
    code.lower() for code in regions.STATE_CODES if code not in {"IN", "OR", "ME", "HI", "OK", "OH", "AS", "AA"}
)
IN_SMALL: Final = (
    r"(?P<mark>,)? (?P<town>[a-z][a-z.'-]{1,20}(?: [a-z.'-]{2,20}){0,2})"
    rf"(?:, {_SMALL_STATE}|,? (?P<zip>[0-9]{{5}}(?P<more>-[0-9]{{4}})?))(?=\s*(?:[,.;:!?)\]|\"'<\n\t/]|\Z))"
)
"""Behind a street in small letters: a town and its state, or its ZIP code, at the end of a clause."""
BUILDING: Final = (
    rf"[0-9]{{1,4}}[A-Z]? (?:{_CAPITAL} ){{1,3}}"
    r"(?:House|Court|Mansions?|Lodge|Tower|Building|Apartments|Heights|Wharf|Point)"
)
"""A house of flats with the number of one of them, before the street."""

FULL: Final = rf"{FREE}{HOUSE}(?:{_TOKEN}{SEPARATOR}){{1,12}}?{CODE}"
"""Number, capitalised words, postcode. Street words are not needed: *500 Broadway, New York, NY 10012*."""

BOX_WORD: Final = (
    r"(?i:p\.? ?o\.? ?(?:box|b)|(?:post office|gpo) box|(?:locked|private) bag"
    r"|(?:rr|r\.r|hc|rural route|psc|cmr|unit)\.? ?#?[0-9]{1,5},? ?box)"
)
BOX: Final = rf"(?<![\p{{L}}0-9]){BOX_WORD}[ :#.]{{0,3}}[0-9]{{1,6}}[A-Z]?(?![0-9A-Za-z])"
BOX_REST: Final = rf"(?:{BETWEEN}{_TOKEN}){{0,5}}?{BETWEEN}{_CODED}"
MILITARY: Final = (
    r"(?:\b(?:PSC|CMR|Unit|UNIT|USNS|USS|USCGC|USNV|OMC)[ \p{L}0-9,.-]{0,40}[,\s]{1,3})?"
    r"\b(?:APO|FPO|DPO)[ ,]{1,2}(?:AA|AE|AP)"
    r"[ ,]{1,2}[0-9]{5}(?:-[0-9]{4})?(?![0-9])"
)
HOUSE_NAME: Final = (
    rf"{FREE}{UNIT}{SEPARATOR}(?:{_TOKEN}{SEPARATOR}){{1,8}}?{regions.BRITISH}|"
    rf"(?<![\p{{L}}0-9'’&.-])(?:{_CAPITAL}(?: (?:{_CAPITAL}|{_SMALL})){{0,3}}+(?>,[ ]?|[ ]*\r?\n)){{2,6}}"
    rf"(?:{_CAPITAL}(?: (?:{_CAPITAL}|{_SMALL})){{0,3}}?(?>[ ,]{{1,2}}|\n))?{regions.BRITISH}"
)
"""A house with a name in place of a number, down to a British postcode."""
