"""Where to look: the digits at which every address of `std/address` can be found.

All alternatives begin with a digit, for then the search passes over prose at the speed of a search for digits; what
stands before the digit is looked at from there.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree, tree_back
from dlp_proxy.detect.postal import continental, regions
from dlp_proxy.detect.postal.suffixes import OTHER, USUAL

_SUFFIX: Final = tree([*USUAL, *OTHER, *map(str.lower, OTHER)])
_WORD: Final = r"(?:[^ \t\n,;:()<>\"=0-9][^ \t\n,;:()<>\"=]{0,23}|[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH))"
_STREET: Final = (
    rf"(?>(?:[A-Za-z½](?![A-Za-z])|[ -]1/2)?,?[ \t]{{1,2}})(?=[^\W_])(?:{_WORD}[ \t]){{0,5}}?(?:{_SUFFIX}\b"
    r"|(?:[Hh]ighway|HIGHWAY|[Hh]wy|[Rr]oute|[Rr]te|FM|CR|SR|Rd) ?[0-9]"
    r"|(?:Ave|Avenue|Broadway|Calle|Via|Paseo|Camino|Avenida|Rue)\b|[NSEWnsew] [0-9]{1,5} [NSEWnsew]\b)"
)
_FRENCH: Final = rf"(?: ?(?:bis|ter|quater|[A-Z])\b)?(?:, ?| ){continental.FRENCH}(?![\p{{L}}])[ ]"
_TOWN: Final = (
    r"[A-Za-z]?(?:, ?|\r?\n[ ]{0,4})(?:[A-Z]{1,2}[- ])?(?:[0-9]{5}|[1-9][0-9]{3} ?[A-Z]{2})[ ,\n]{1,2}\p{Lu}\p{Ll}"
)
_ZIP: Final = rf"(?<=\b{tree_back(regions.STATE_WORDS)}\.?{regions.NEAR}[0-9]{{5}})"
_BOX: Final = r"(?<=(?:[Bb][Oo][Xx]|P\.?O\.?B\.?)[ :#.]{1,3}[0-9]{1,6})"
_NUMBER: Final = (
    rf"(?<=(?:{continental.ENDINGS_BACK}|\b{continental.LEADING_BACK}(?:[ ][^\s0-9,;:\"]{{1,24}}){{1,6}})"
    r"(?:,? |,? n[º°o.]{1,2} ?)[0-9]{1,4})"
)
_LABELLED: Final = (
    r"(?<=(?:[Aa]ddress(?: is)?|ADDRESS|[Aa]ddr|[Ss]hip(?:ped)? to|SHIP TO|[Dd]eliver(?:ed)? to|lives? at|moved to)"
    r"[^A-Za-z0-9]{1,5}[0-9]{1,6})"
)
_BRITISH: Final = r"(?=[A-Z]{2}\b)(?<=\b[A-Z]{1,2}[0-9][0-9A-Z]?[ ]{0,2}[0-9])[ABD-HJLNP-UW-Z]{2}\b"
_CANADIAN: Final = r"(?<=\b[A-Z][0-9][A-Z][ -]?[0-9][A-Z][0-9])\b"

PLACE: Final = (
    r"[0-9](?![0-9])(?:"
    rf"(?=[ ,\t\r\nA-Z½a-z-])(?:(?P<french>{_FRENCH})|(?P<street>{_STREET})|(?P<town>{_TOWN})|(?P<british>{_BRITISH}))"
    rf"|(?<=[ :#.\t\n\"'(>][0-9]{{1,6}})(?:(?P<box>{_BOX})"
    rf"|(?<=[^0-9][0-9]{{5}})(?P<zip>{_ZIP})|(?<=[\p{{L}}.º°],? [0-9]{{1,4}})(?P<number>{_NUMBER})|(?P<labelled>{_LABELLED}))"
    rf"|(?<=[A-Z][0-9])(?P<canadian>{_CANADIAN}))"
)
"""At the last digit of a number: a street behind it, a street or a label before it, or the end of a postcode."""
