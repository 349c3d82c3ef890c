"""tus, resumable uploads, version 1.0.0 (https://tus.io/protocols/resumable-upload): PATCH with an offset.

Its extension *concatenation* makes one upload of others: ``Upload-Concat: final;/files/a /files/b``.

And the IETF's draft that came of it (draft-ietf-httpbis-resumable-upload): each part says whether it is the last.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import whole

NAME: Final = "tus"
_FINAL: Final = re.compile(r"\s*final\s*;(.*)", re.IGNORECASE)


def part_of(message: Message) -> UploadPart | None:
    """Return the part; a client that cannot send PATCH says so in a field."""
    if message.method not in {"PATCH", "POST"}:
        return None
    if message.method == "POST" and (final := _FINAL.match(message.header("Upload-Concat"))):
        names = tuple(urlsplit(url).path for url in final[1].split())
        return UploadPart(NAME, " ".join(names), completes=True, whole_of=names)
    offset = whole(message.header("Upload-Offset"))
    if message.method == "POST" and message.header("X-HTTP-Method-Override").upper() != "PATCH":
        return None
    if offset is None:
        return None
    total = whole(message.header("Upload-Length"))
    if total is None and _is_last(message):
        total = offset + message.size
    return UploadPart(NAME, message.path, offset, total=total)


def creation_of(message: Message) -> UploadPart | None:
    """Return the part that a request is which creates an upload, without a name: the answer's Location is its name.

    It may have the first bytes of the upload with it (*creation-with-upload*).
    """
    if message.method not in {"POST", "PUT"} or message.header("X-HTTP-Method-Override"):
        return None
    total = whole(message.header("Upload-Length"))
    if total is None and not any(map(message.header, ("Upload-Defer-Length", "Upload-Complete", "Upload-Incomplete"))):
        return None
    return UploadPart(NAME, "", 0, total=message.size if total is None and _is_last(message) else total)


def _is_last(message: Message) -> bool:
    return message.header("Upload-Complete") == "?1" or message.header("Upload-Incomplete") == "?0"
