"""Which ten digits are a number of the North American numbering plan, asked of one pattern.

The pattern is put together from the tables of `phonenumbers` when it is first asked, so both say the same. Its own
functions ask a dozen patterns one by one for each number, which took most of the time of an American table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import phonenumbers

from dlp_proxy.detect.alternatives import tree
from dlp_proxy.detect.postal.suffixes import USUAL

_UNITED_STATES: Final = "US"
_PLAN: Final = 1
# What `phonenumberutil._number_type_helper` looks at to know a number's type; without a type it is not valid.
_TYPES: Final = (
    "fixed_line",
    "mobile",
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)

STREET_BEHIND: Final = (
    r"[ \t,;|\"']{1,4}[0-9]{1,5} (?:[NSEW]\.? )?(?:[A-Z0-9][A-Za-z0-9'.]{0,20} ){1,3}?"
    rf"{tree(USUAL)}(?![A-Za-z])"
)
"""A street of North America right behind a number: ten figures there are a telephone, no identifier stands so."""


def is_valid(digits: str) -> bool:
    """Tell whether ten ASCII digits are a number of any country of the plan, as `phonenumbers.is_valid_number` does."""
    american, any_country = _patterns()
    if american.fullmatch(digits):
        return True
    if any_country.fullmatch(digits) is None:
        return False
    # Which of two dozen countries it belongs to, and whether that has it, is for their tables to say.
    return phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=_PLAN, national_number=int(digits)))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns for numbers of the United States, and for all that a country of the plan could have."""
    return _any_of((_UNITED_STATES,)), _any_of(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[_PLAN])


def _any_of(regions: Iterable[str]) -> re.Pattern[str]:
    alternatives: dict[str, None] = {}
    for region in regions:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        if metadata is None or metadata.general_desc is None:
            continue
        general = metadata.general_desc.national_number_pattern
        for name in _TYPES:
            described = getattr(metadata, name)
            if described is not None and described.national_number_pattern:
                alternatives[f"(?=(?:{general})$)(?:{described.national_number_pattern})"] = None
    return re.compile("|".join(alternatives) or "(?!)")
