"""Where to look: the digits at which every address of `std/address` can be found.

All alternatives begin with a digit, for then the search passes over prose at the speed of a search for digits; what
stands before the digit is looked at from there.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree, tree_back
from dlp_proxy.detect.postal import continental, english, regions
from dlp_proxy.detect.postal.suffixes import OTHER, USUAL

_SUFFIX: Final = tree([*USUAL, *OTHER, *map(str.lower, OTHER)])
_WORDS: Final = (
    r"(?:(?:[^ \t\n,;:()<>\"=0-9][^ \t\n,;:()<>\"=]{0,23}|[0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH))[ \t]){0,5}?"
)

_STREET: Final = (
    rf"(?:[A-Za-z½]|[ -]1/2)?,?[ \t]{{1,2}}{_WORDS}(?:{_SUFFIX}\b|(?:[Hh]ighway|HIGHWAY|[Hh]wy|[Rr]oute|[Rr]te|FM|CR|SR|Rd) ?[0-9]"
    r"|(?:Ave|Avenue|Broadway|Calle|Via|Paseo|Camino|Avenida|Rue)\b|[NSEW] [0-9]{1,5} [NSEW]\b)"
)
_ZIP: Final = rf"[0-9]{{4}}(?![0-9])(?<=\b{tree_back(regions.STATE_WORDS)}\.?{regions.NEAR}[0-9]{{5}})"
_BRITISH: Final = r"[0-9A-Z]?[ ]{0,2}[0-9][ABD-HJLNP-UW-Z]{2}\b(?<=\b[A-Z]{1,2}[0-9][0-9A-Z]?[ ]{0,2}[0-9][A-Z]{2})"
_CANADIAN: Final = r"[A-Z][ -]?[0-9][A-Z][0-9]\b(?<=\b[A-Z][0-9][A-Z][ -]?[0-9][A-Z][0-9])"
_BOX: Final = r"(?<=(?:[Bb][Oo][Xx]|P\.?O\.?B\.?)[ :#.]{1,3}[0-9])"
_LABELLED: Final = r"(?<=(?:[Aa]ddress(?: is)?|ADDRESS|[Aa]ddr|[Ss]hip(?:ped)? to|SHIP TO|[Dd]eliver(?:ed)? to|lives? at|moved to)[^A-Za-z0-9]{1,5}[0-9])"
_FRENCH: Final = (
    rf"[0-9]{{0,3}}(?: ?(?:bis|ter|quater|[A-Z])\b)?(?:[-/][0-9]{{1,4}})?,? ?{continental.FRENCH}(?![\p{{L}}])[ ]"
)
_NUMBER: Final = (
    rf"(?<=[\p{{L}}.º°],? [0-9])(?<=(?:{continental.ENDINGS_BACK}"
    rf"|\b{continental.LEADING_BACK}(?:[ ][^\s0-9,;:\"]{{1,24}}){{1,6}})(?:,? |,? n[º°o.]{{1,2}} ?)[0-9])"
)
_TOWN: Final = (
    r"[A-Za-z]?(?:, ?|\r?\n[ ]{0,4})(?:[A-Z]{1,2}[- ])?(?:[0-9]{5}|[1-9][0-9]{3} ?[A-Z]{2})[ ,\n]{1,2}\p{Lu}\p{Ll}"
)

PLACE: Final = (
    rf"[0-9](?:(?P<french>{_FRENCH})|(?P<street>{_STREET})|(?P<town>{_TOWN})|(?P<box>{_BOX})|(?P<zip>{_ZIP})"
    rf"|(?P<british>{_BRITISH})|(?P<canadian>{_CANADIAN})|(?P<number>{_NUMBER})|(?P<labelled>{_LABELLED}))"
)
