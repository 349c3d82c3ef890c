"""Azure Storage: *Put Block* and *Put Block List*, and *Path - Update* of Data Lake (its REST API reference).

A block's name is Base64 of whatever the client likes. The SDKs count in it, and that number is its place; a block whose
name has no number is judged by itself.
"""

from __future__ import annotations

import binascii
import re
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import query, whole

NAME: Final = "azure"
_COUNTED: Final = re.compile(rb"(\d{1,15})\D{0,3}\Z")


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"PUT", "PATCH"} or "?" not in message.target:
        return None
    fields = query(message)
    if message.method == "PATCH" or fields.get("action"):
        return _appended(message, fields)
    if fields.get("comp") == "blocklist":
        return UploadPart(NAME, message.path, numbered=True, completes=True)
    if fields.get("comp") != "block":
        return None
    try:
        name = binascii.a2b_base64(fields.get("blockid", ""))
    except (binascii.Error, ValueError):
        return None
    found = _COUNTED.search(name)
    return UploadPart(NAME, message.path, int(found[1]), numbered=True) if found else None


def _appended(message: Message, fields: dict[str, str]) -> UploadPart | None:
    position = whole(fields.get("position", ""))
    if position is None or fields.get("action") not in {"append", "flush"}:
        return None
    return UploadPart(NAME, message.path, position, completes=fields["action"] == "flush")
