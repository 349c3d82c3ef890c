"""Azure Storage: *Put Block* and *Put Block List*, *Append Block*, and *Path - Update* of Data Lake (its REST API).

A block's name is Base64 of whatever the client likes: a number, a number in Base64, eight bytes, a UUID. Where the SDKs
count in it, that number is its place as long as the upload goes on, and where they do not, its place is behind those
before. The list at the end names the blocks in the order that the blob has them, and is what is gone by.
"""

from __future__ import annotations

import binascii
import hashlib
import html
import re
from typing import Final
from urllib.parse import unquote

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import BITS_OF_A_NAME, UploadPart
from dlp_proxy.unpack.uploads.numbers import query, whole

NAME: Final = "azure"
_COUNTED: Final = re.compile(rb"[\x20-\x7e]*?(?:(?<![0-9A-Za-z])|(?=\d{6}))(\d{1,15})[\x20-/:-\x7e]{0,3}")
"""A UUID ends with a digit or two as well, and bytes of chance have some."""
_LISTED: Final = re.compile(r"<(?:Latest|Uncommitted|Committed)\b[^<>]{0,256}>\s*([^<\s]{1,128})\s*</", re.IGNORECASE)
_CDATA: Final = re.compile(r"<!\[CDATA\[([^]<]{0,256})\]\]>")
_NOT_COUNTED: Final = 1 << 60
_OFFSET: Final = 8


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"PUT", "PATCH"} or "?" not in message.target:
        return None
    fields = query(message)
    if message.method == "PATCH" or fields.get("action"):
        return _in_data_lake(message, fields)
    if fields.get("comp") == "appendblock":
        position = whole(message.header("x-ms-blob-condition-appendpos"))
        return UploadPart(NAME, message.path, position or 0, appends=position is None)
    if fields.get("comp") == "blocklist":
        listed = html.unescape(_CDATA.sub(r"\1", message.body.decode("latin-1")))
        order = tuple(map(place_of, _LISTED.findall(listed)))
        return UploadPart(NAME, message.path, numbered=True, completes=True, sparse=True, order=order)
    if fields.get("comp") != "block" or not (name := fields.get("blockid", "").replace(" ", "+")):
        return None
    return UploadPart(NAME, message.path, place_of(name), numbered=True, sparse=True)


def place_of(name: str) -> int:
    """Return the position of a block by its name, another one for each name."""
    number, decoded = _NOT_COUNTED, name.encode("latin-1", "replace")
    for _ in range(2):
        try:
            decoded = binascii.a2b_base64(unquote(decoded.decode("latin-1")), strict_mode=True)
        except (binascii.Error, ValueError):
            break
        if found := _COUNTED.fullmatch(decoded):
            number = int(found[1]) + 1
        elif len(decoded) > _OFFSET and not any(decoded[_OFFSET:]):  # as .NET writes its offsets
            number = min(int.from_bytes(decoded[:_OFFSET]), _NOT_COUNTED - 2) + 1
    digest = hashlib.sha256(_plain(name)).digest()
    return number << BITS_OF_A_NAME | int.from_bytes(digest[: BITS_OF_A_NAME // 8])


def _plain(name: str) -> bytes:
    """Return what a name says: the same bytes are written in several ways."""
    try:
        return binascii.a2b_base64(name, strict_mode=True)
    except (binascii.Error, ValueError):
        return name.encode("utf-8", "replace")


def _in_data_lake(message: Message, fields: dict[str, str]) -> UploadPart | None:
    position = whole(fields.get("position", ""))
    if position is None or fields.get("action") not in {"append", "flush"}:
        return None
    return UploadPart(NAME, message.path, position, completes=fields["action"] == "flush")
