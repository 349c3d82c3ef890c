"""The headers of a tar archive, found by their checksums.

Sources: POSIX.1-2017 *pax*, GNU tar manual *Basic Tar Format*; 7th Edition archives have the checksum and no magic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dlp_proxy.unpack import charset

BLOCK: Final = 512
_CHECKSUM: Final = re.compile(rb"[ \0]*([0-7]{1,7})[ \0]*")
_PAX: Final = re.compile(rb"(\d{1,20}) ([^=]{1,255})=", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Header:
    """One header.

    Attributes:
        body: offset of the file's bytes.
        link: what a link points to.
    """

    body: int
    name: bytes
    kind: str
    size: int
    link: bytes


def parse_header(data: bytes, at: int) -> Header | None:
    """Return the header at `at`, None when there is none."""
    block = data[at : at + BLOCK]
    digits = _CHECKSUM.fullmatch(block, 148, 156) if len(block) == BLOCK and block[0] else None
    if digits is None:
        return None
    said = int(digits[1], 8)
    without = block[:148] + b" " * 8 + block[156:]
    signed = sum(without) - 256 * sum(byte > 127 for byte in without) if said != sum(without) else said
    if said not in {sum(without), signed}:
        return None
    name = block[:100].partition(b"\0")[0]
    if block[257:263] == b"ustar\0" and (prefix := block[345:500].partition(b"\0")[0]):
        name = prefix + b"/" + name
    size = number(block[124:136])
    return Header(at + BLOCK, name, chr(block[156]), size, block[157:257].partition(b"\0")[0])


def number(field: bytes) -> int:
    """Return a number in octal digits, or in GNU's binary for large ones; 0 when it is neither."""
    if field[0] & 0x80:
        return max(0, int.from_bytes(bytes([field[0] & 0x7F]) + field[1:]))
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else 0


def pax_records(data: bytes) -> dict[bytes, bytes]:
    """Return the records of a pax header; the lengths in them are believed as far as they make sense."""
    records: dict[bytes, bytes] = {}
    at = 0
    while found := _PAX.match(data, at):
        end = at + int(found[1])
        if end <= found.end() or end > len(data):
            break
        records[found[2]] = data[found.end() : end].rstrip(b"\n")
        at = end
    return records


def decoded(name: bytes) -> str:
    guess = charset.decode(name)
    return name.decode("latin-1") if guess is None else guess[0]
