"""Uploads in ranges: ``Content-Range: bytes 0-99/1000`` on PUT, POST or PATCH (RFC 9110, 14.4 and 14.5).

Google's resumable uploads and OneDrive's upload sessions send it to an upload URL of their own; nginx's upload module
calls it ``X-Content-Range`` and names the upload in ``X-Session-ID`` or ``Session-ID``. Others write the same in fields
of their own: Azure's pages and files (``x-ms-range``), WebDAV servers of sabre (``X-Update-Range``, which may be
``append``), and ``Range`` itself, which means nothing on a request with content but is taken by some.
"""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import whole

NAME: Final = "content-range"
_RANGE: Final = re.compile(r"\s*(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:/(\d{1,15}|\*))?\s*", re.IGNORECASE)
_FIELDS: Final = ("Content-Range", "X-Content-Range", "X-Update-Range", "X-MS-Range", "Range")


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"PUT", "POST", "PATCH"}:
        return None
    said = next(filter(None, map(message.header, _FIELDS)), "")
    session = message.header("X-Session-ID") or message.header("Session-ID")
    if said.strip().lower() == "append" and message.size:
        return UploadPart(NAME, session or message.target, appends=True)
    found = _RANGE.fullmatch(said) if said else None
    if found is None:
        return None
    return UploadPart(NAME, session or message.target, int(found[1]), total=whole(found[3] or ""))
