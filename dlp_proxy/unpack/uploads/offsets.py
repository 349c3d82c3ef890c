"""Uploads that name an offset in a field of their own.

- Dropbox, ``/2/files/upload_session/start``, ``append_v2`` and ``finish``: JSON in ``Dropbox-API-Arg`` with
  ``cursor.session_id`` and ``cursor.offset`` (Dropbox HTTP API documentation). What starts one has its first bytes; the
  name of the session is in the answer.
- Google, older: ``X-Goog-Upload-Offset`` with ``X-Goog-Upload-Command: upload`` or ``upload, finalize``.
- Amazon S3, what is added to an object: ``x-amz-write-offset-bytes`` (API reference, *PutObject*).
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
    if "/upload_session/start" in message.path and message.size:
        return UploadPart(NAME, started_by(message))
    if argument := message.header("Dropbox-API-Arg"):
        return _dropbox(argument)
    offset = whole(message.header("x-amz-write-offset-bytes"))
    if offset is not None:
        return UploadPart(NAME, message.path, offset)
    offset = whole(message.header("X-Goog-Upload-Offset"))
    if offset is None:
        return None
    return UploadPart(NAME, message.target, offset, ends="finalize" in message.header("X-Goog-Upload-Command").lower())


def started_by(message: Message) -> str:
    """Return what an upload is called until the answer to its first part says its name."""
    return f"started by {message.uid}"


def _dropbox(argument: str) -> UploadPart | None:
    try:
        told = json.loads(argument)
        cursor = told.get("cursor", told)  # the first version had no cursor
        session, offset = cursor["session_id"], cursor["offset"]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(session, str) or not isinstance(offset, int) or offset < 0:
        return None
    return UploadPart(NAME, session, offset, ends="commit" in told or told.get("close") is True)
