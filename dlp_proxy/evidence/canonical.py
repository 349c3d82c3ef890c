"""One spelling for each value: canonical JSON (RFC 8785), so that equal records have equal hashes anywhere."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_ENCODE: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False
).encode
_ENCODE_AS_ORDERED: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False
).encode
_BEYOND_16_BITS: Final = re.compile(rb"[\xf0-\xf4]")


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value without floats
    """Return the bytes of a JSON value by RFC 8785. Numbers are whole, as everywhere in what we keep.

    The standard library's encoder writes the same bytes, many times as fast as one in Python: strings are escaped
    alike (3.2.2.2), and keys sorted by code point are sorted by UTF-16 unit (3.2.3) as long as none has characters
    beyond 16 bits. Where there is one the keys are sorted as the standard says. Halves of surrogate pairs, which no
    JSON text may hold, become question marks.
    """
    text: str = _ENCODE(value)
    written = text.encode("utf-8", "replace")
    if not text.isascii() and _BEYOND_16_BITS.search(written):
        return _ENCODE_AS_ORDERED(_ordered(value)).encode("utf-8", "replace")
    return written


def _ordered(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_units)}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    return value


def _units(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
