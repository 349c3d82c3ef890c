"""Mobile numbers of mainland China by segment.

Source: the numbering plan for the telephone network of the MIIT, as ITU-T publishes it for +86. Segments of eleven
digits that subscribers have: 13x, 145-149, 150-153, 155-159, 162, 165-167, 170-173, 1740 and 1749 (satellite),
175-178, 18x, 190-193, 195-199. 140, 141 and 144 are thirteen digits long and belong to machines.
"""

from __future__ import annotations

from typing import Final

import regex

_MOBILE: Final = regex.compile(
    r"(?:\+|00)?(?:86)?1(?:3[0-9]|4[5-9]|5[0-35-9]|6[25-7]|7[0-35-8]|74(?=[09])|8[0-9]|9[0-35-9])[0-9]{8}"
)
_SEPARATOR: Final = regex.compile(r"[\s().·-]+")


def holds(value: str) -> bool:
    return _MOBILE.fullmatch(_SEPARATOR.sub("", value)) is not None
