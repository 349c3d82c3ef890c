"""How landlines of mainland China are written, as patterns."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.phones.numbering_cn import AREAS_7, AREAS_8, AREAS_EITHER

_SEPARATOR: Final = r"(?: ?[-—~] ?|[ .·/_]| {2})"
_AREA: Final = any_of((*AREAS_7, *AREAS_8, *AREAS_EITHER))
# Where something stands between area code and number, both lengths are taken for every town: lists of towns age.
_LOCAL: Final = (
    rf"[1-9](?:[0-9]{{7}}|[0-9]{{3}}{_SEPARATOR}[0-9]{{4}}|[0-9]{{6}}|[0-9]{{2}}{_SEPARATOR}[0-9]{{4}}"
    rf"|[0-9]{{3}}{_SEPARATOR}[0-9]{{3}})(?![0-9])"
)
WRITTEN: Final = rf"0(?<![0-9]0){_AREA}(?:{_SEPARATOR}|\) ?-? ?){_LOCAL}"
# Subscribers' numbers begin with 2 to 8; 1 is for services, 9 came to few towns.
BARE: Final = rf"0(?<![0-9]0){_AREA}[2-8][0-9]{{6,7}}(?![0-9])"
ABROAD: Final = (
    r"86(?:(?<![0-9A-Za-z_.]..)|(?<=(?<![0-9])0086)|(?<=(?<![0-9])01186)|(?<=%2B86))"
    rf"\)?{_SEPARATOR}?\(?0?\)?{_SEPARATOR}?\(?{_AREA}\)?{_SEPARATOR}?{_LOCAL}"
)
