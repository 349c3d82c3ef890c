"""One spelling for the many of an address, so that it is counted once."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.alternatives import tree
from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal.regions import STATES

_FIELD: Final = late(r"(?<=[^A-Za-z0-9])[A-Za-z_.]{2,24}[\"']?[ \t]{0,2}[:=](?=[ \t\"'])|<br ?/?>|\\r|\\n")
_WORD: Final = late(r"[\p{L}\p{M}0-9]+")
_IN_A_FIELD: Final = frozenset(":=<\\")
"""Any match of `_FIELD` has one of these."""
_JOINED: Final = re.compile(r"[.'’]")

# Who reads pictures takes ß for B: HauptstraBe.
_STRASSE: Final = late(r"(?<=\p{L})stra(?:ss|b)e\b")

_SPELLINGS: Final = """
street=st str=st avenue=ave av=ave boulevard=blvd boul=blvd road=rd lane=ln drive=dr drv=dr court=ct circle=cir
place=pl terrace=ter terr=ter highway=hwy parkway=pkwy pky=pkwy trail=trl square=sq crescent=cres turnpike=tpke
expressway=expy freeway=fwy alley=aly apartment=apt suite=ste building=bldg floor=fl room=rm north=n south=s east=e
west=w northeast=ne northwest=nw southeast=se southwest=sw saint=st mount=mt fort=ft straße=str strasse=str route=rte
center=ctr centre=ctr heights=hts mountain=mtn point=pt
"""
_SHORT: Final = MappingProxyType(dict(pair.split("=") for pair in _SPELLINGS.split()))
_STATE: Final = late(rf"\b{tree(STATES)}\b")
_BEGINS_A_STATE: Final = frozenset(name.split()[0] for name in STATES)
_PLAIN_WORD: Final = re.compile(r"[a-z0-9]+")


def spell(value: str) -> str:
    """Return `value` in lower case, words by single spaces, usual words and states in their short form, signs gone."""
    if not _IN_A_FIELD.isdisjoint(value):
        value = _FIELD.sub(" ", value)
    plain = value.lower() if value.isascii() else unicodedata.normalize("NFKC", value).casefold()
    plain = _JOINED.sub("", plain)
    if "strasse" in plain or "strabe" in plain:
        plain = _STRASSE.sub("str", plain)
    found = _PLAIN_WORD.findall(plain) if plain.isascii() else _WORD.findall(plain)
    words = [_SHORT.get(word, word) for word in found]
    spelled = " ".join(words)
    return spelled if _BEGINS_A_STATE.isdisjoint(words) else _STATE.sub(lambda name: STATES[name[0]], spelled)
