"""Postal addresses of English-speaking and European countries: a street with a number, and the place it is in."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Ignore, Near, Pattern
from dlp_proxy.detect.postal.labels import FIELD_NAMES
from dlp_proxy.detect.postal.places import PLACES
from dlp_proxy.model.finding import Confidence

# The addresses in licence notices: FSF, CNRI, BeOpen, CWI, Creative Commons.
_NOTICES: Final = (
    r"(?s)(?:51 Franklin|59 Temple|675 Mass|31 Milk|1895 Preston White|160 Saratoga Ave|171 Second|559 Nathan Abbott"
    r"|444 Castro|P\.?O\.? Box (?:94079|1866)|Suite 330,? +Boston).*"
)

DETECTOR: Final = DetectorSpec(
    name="std/address",
    kind="address",
    description="A postal address of the USA, the UK, Canada, Australia, Germany, France and their neighbours.",
    patterns=tuple(Pattern(place) for place in PLACES),
    reader="address",
    boundary="none",
    case="exact",
    confidence=Confidence.LOW,
    normalise=("postal",),
    near=(Near(FIELD_NAMES, "field-name", Confidence.HIGH),),
    ignore=Ignore(patterns=(_NOTICES,)),
    sample="{n:5} Elm Street, Springfield, IL 62701",
    examples=Examples(
        match=("123 Main St, Springfield, IL 62701", "Ship to: 12 High Street", "Hauptstraße 5, 80331 München"),
        no_match=("10 Downing Street", "500 Main characters", "a 5 minutes drive"),
    ),
    gate=Gate(digits=1),
)
