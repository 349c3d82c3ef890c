"""Uploads that name an offset in a field of their own.

- Dropbox, ``/2/files/upload_session/append_v2`` and ``finish``: JSON in ``Dropbox-API-Arg`` with ``cursor.session_id``
  and ``cursor.offset`` (Dropbox HTTP API documentation).
- Google, older: ``X-Goog-Upload-Offset`` with ``X-Goog-Upload-Command: upload`` or ``upload, finalize``.
- Box: ``Digest`` with ``Content-Range`` is read by `content_range`; nothing more is needed.
"""

from __future__ import annotations

import json
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import whole

NAME: Final = "offset"


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"POST", "PUT"}:
        return None
    if argument := message.header("Dropbox-API-Arg"):
        return _dropbox(argument)
    offset = whole(message.header("X-Goog-Upload-Offset"))
    if offset is None:
        return None
    return UploadPart(NAME, message.target, offset)


def _dropbox(argument: str) -> UploadPart | None:
    try:
        cursor = json.loads(argument)["cursor"]
        session, offset = cursor["session_id"], cursor["offset"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(session, str) or not isinstance(offset, int) or offset < 0:
        return None
    return UploadPart(NAME, session, offset)
