"""Names that a sender chose, made fit for a location and a part."""

from __future__ import annotations

import re
from typing import Final

_STEP: Final = 200
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def step(name: str) -> str:
    """Return `name` as one step of a location: a single line, no control characters, not endless."""
    name = _UNFIT.sub("\ufffd", name)
    return name if len(name) <= _STEP else name[: _STEP - 1] + "…"


_LONE: Final = re.compile(r"[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return `text` with halves of surrogate pairs replaced: JSON can spell them, nothing can store them."""
    if text.isascii():  # as most long ones are: as much memory again is not taken for them
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _LONE.sub("\ufffd", text)
    return text
