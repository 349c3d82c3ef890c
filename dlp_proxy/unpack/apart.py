"""A mobile number that goes on from something else, as from an order's number: SO-20260115-004217-13800138000.

In prose and figures what is joined so is a part of a longer number, and detectors take it for one. Where little is said
it may be all that is said of a customer: in the address of a page, a header, the name of a file, a small document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dlp_proxy.model.message import Part

_HEAD: Final = frozenset({"host", "path", "query", "headers", "cookies", "filename"})
_SMALL: Final = 4096
"""Characters of a text outside the head that is looked at."""
_MOBILE: Final = r"(?=1[3-9][0-9]{9}(?![0-9]))"
_IN_HEAD: Final = re.compile(r"(?<=[0-9]{4})[-._~]" + _MOBILE)
_IN_TEXT: Final = re.compile(r"(?<=[0-9]{4})[-_~]" + _MOBILE)
"""Not behind a point: that may be a decimal number."""


def apart(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the lines of `parts` that have such a number, with a space before it."""
    for part in parts:
        is_head = part.location.area in _HEAD
        joint = _IN_HEAD if is_head else _IN_TEXT
        if (is_head or len(part.text) <= _SMALL) and joint.search(part.text):
            lines = (line for line in part.text.splitlines() if joint.search(line))
            yield Part(part.location, "\n".join(joint.sub(" ", line) for line in lines))
