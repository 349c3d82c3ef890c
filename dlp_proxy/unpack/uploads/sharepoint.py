"""Large files of SharePoint: *StartUpload*, *ContinueUpload* and *FinishUpload* (its REST API)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import whole

NAME: Final = "sharepoint"
_CALL: Final = re.compile(r"/(Start|Continue|Finish)Upload(?:File)?\(([^()]{1,512})\)", re.IGNORECASE)
_ID: Final = re.compile(r"uploadId\s*=\s*(?:guid)?'([^']{1,128})'", re.IGNORECASE)
_OFFSET: Final = re.compile(r"fileOffset\s*=\s*'?(\d{1,15})", re.IGNORECASE)


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"POST", "PUT"} or "upload" not in message.target.lower():
        return None
    call = _CALL.search(unquote(message.target))
    named = _ID.search(call[2]) if call else None
    if call is None or named is None:
        return None
    offset = _OFFSET.search(call[2])
    position = whole(offset[1]) if offset else 0
    return UploadPart(NAME, named[1].lower(), position or 0, ends=call[1].lower() == "finish")
