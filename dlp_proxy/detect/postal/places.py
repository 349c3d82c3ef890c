"""Where to look: a street behind a number, a number behind a street, a box, a postcode.

One pattern for each, for alternatives that begin differently are passed over text twenty times slower than one pattern
with a fixed character in it. The reader reads from there in both directions.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree
from dlp_proxy.detect.postal import boxes, continental, regions
from dlp_proxy.detect.postal.suffixes import OTHER, USUAL

_SUFFIX: Final = tree([*USUAL, *OTHER, *map(str.lower, OTHER)])
_WORD: Final = r"(?:[^ \t\n,;:()<>\"=0-9][^ \t\n,;:()<>\"=]{0,23}|[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH))"
STREET: Final = (
    rf"[0-9](?:bis|ter|quater|[A-Za-z½])?[,\t]? (?:(?:(?:bis|ter|quater|[A-Z]),? )?{continental.FRENCH}(?![\p{{L}}])[ ]"
    rf"|(?:{_WORD}[ \t]){{0,5}}?"
    rf"(?:{_SUFFIX}\b|(?:[Hh]ighway|HIGHWAY|[Hh]wy|[Rr]oute|[Rr]te|FM|CR|SR|Rd) ?[0-9]|US-[0-9]"
    r"|(?:Ave|Avenue|Broadway|Calle|Via|Paseo|Camino|CAMINO|Embarcadero|EMBARCADERO|Avenida|Rue)\b"
    r"|[NSEWnsew] [0-9]{1,5} [NSEWnsew]\b))"
)
"""The last digit of a number, and the words behind it up to one that streets end or begin with."""

NUMBER: Final = (
    rf"[0-9](?<=[ º°][0-9])(?<=(?:[\p{{L}}.º°],? |[º°])[0-9])(?<=(?:{continental.ENDINGS_BACK}"
    rf"|\b{continental.LEADING_BACK}(?:[ ](?:[0-9]{{1,2}}\.?[ ])?[^\s0-9,;:\"]{{1,24}}){{1,6}})"
    rf",? (?:n[º°o.]{{1,2}} ?|[Nnb]r\.? |[Ll]ote |km |č\. ?p\. ?|č\. )?[0-9])"
)
"""The first digit of a number, and before it a word that streets end or begin with."""

_TOWN: Final = (
    r"(?:[A-Z]{1,2}[- ])?(?:[0-9]{4}(?:[0-9]| ?[A-Z]{2}|-[0-9]{3})?|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3})"
    r"[ ,\n]{1,2}(?:['’][st][- ])?\p{Lu}[\p{L}'’ ]"
)
LINE: Final = rf"[0-9](?:bis|hs| [A-Za-z]|[A-Za-z])?\r?\n[ ]{{0,24}}{_TOWN}"
SPACE: Final = r"[0-9][A-Za-z]? [1-9][0-9]{3} ?[A-Z]{2} ['’]?\p{Lu}[\p{Ll}-]"
REVERSED: Final = (
    r"(?:[0-9]{4} ?[A-Z]{2}|[0-9]{2}-[0-9]{3}"
    r"|[A-Z]-[0-9]{4,5}) ['’]?\p{Lu}[\p{L}' -]{1,30}, \p{Lu}[^0-9\n,;]{2,40} [0-9]"
)
"""A postcode with its town, then a street and its number."""
COMMA: Final = rf"[0-9](?:bis|hs| [A-Za-z]|[A-Za-z])?, {_TOWN}"
"""A number, then a postcode and a town of the continent."""

BOXES: Final = (
    r"ox[ :#.]{1,3}[0-9]",
    r"OX[ :#.]{1,3}[0-9]",
    r"POB[ :#.]{1,3}[0-9]",
    r"pob[ :#.]{1,3}[0-9]",
    r"[aA][gG](?<=(?i:(?:locked|private) bag))[ :#.]{1,3}[0-9]",
)
LABELS: Final = (
    r"ddr(?:ess(?: is)?)?[^A-Za-z0-9]{1,5}[0-9]",
    r"DDRESS[^A-Za-z0-9]{1,5}[0-9]",
    r" to[ :\n]{1,2}[0-9]{1,6},? [A-Z]",
    r" at[ :\n]{1,2}[0-9]{1,6},? [A-Z]",
)
ZIP: Final = rf"[A-Z]{{2}}{regions.NEAR}[0-9]{{5}}(?![0-9])"
CODE: Final = (
    r"[A-Z][0-9](?:[0-9A-Z]?[ ]{0,2}[0-9][ABD-HJLNP-UW-Z]{2}|[A-Z][ -]?[0-9][A-Z][0-9]"
    r"|[0-9W] [0-9AC-FHKNPRTV-Y]{4})(?!\w)"
)
"""A British, a Canadian or an Irish postcode."""

PLACES: Final = (
    STREET, NUMBER, LINE, COMMA, *BOXES, *LABELS, ZIP, CODE, *boxes.PLACES, boxes.VILLAGE, boxes.WITHOUT_NUMBER, SPACE,
    REVERSED,
)  # fmt: skip
