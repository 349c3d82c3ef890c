"""Every disguise that is taken off. Tag characters are no entry: folding takes them out (`tag_characters.py`)."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.disguise import (
    alike,
    backwards,
    broken_lines,
    cells,
    columns,
    escapes,
    joined,
    letters,
    mail_letters,
    mail_words,
    markup,
    numerals,
    parted,
    percent,
    quoted_printable,
    rotated,
    rotated_signs,
    signs,
    spaced,
    spelled,
    spread,
)  # fmt: skip
from dlp_proxy.detect.disguise.encoded import Encoded
from dlp_proxy.detect.disguise.patch import Disguise
from dlp_proxy.encodings import base32, base58, base64
from dlp_proxy.encodings.registry import ENCODINGS

DISGUISES: Final[tuple[Disguise, ...]] = (
    *(Encoded(encoding, bare=encoding in {base32, base58, base64}) for encoding in ENCODINGS),
    escapes,
    markup,
    percent,
    quoted_printable,
    numerals,
    signs,
    letters,
    mail_words,
    spelled,
    spaced,
    spread,
    joined,
    parted,
    broken_lines,
    mail_letters,
    cells,
    alike,
    columns,
    backwards,
    rotated,
    rotated_signs,
)
"""In the order of reading; what one has read of a text the next does not read again."""
