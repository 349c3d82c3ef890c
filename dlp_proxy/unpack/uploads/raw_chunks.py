"""Chunks that are the request's body, and whose query says which: the widgets of `form_chunks` without their form.

Plupload with ``multipart: false`` and Resumable.js with ``method: 'octet'`` send them so (their documentation).
Backblaze B2 has the number in ``X-Bz-Part-Number`` and the file in the path (its API documentation, *b2_upload_part*).
"""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.form_chunks import chunk_of
from dlp_proxy.unpack.uploads.numbers import query, whole

NAME: Final = "raw-chunks"
_B2: Final = re.compile(r"/b2_upload_part/([^/?]{1,200})")


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"PUT", "POST"} or message.header("Content-Type").lower().startswith("multipart/"):
        return None
    number, file = whole(message.header("X-Bz-Part-Number")), _B2.search(message.path)
    if number is not None and file is not None:
        return UploadPart(NAME, file[1], number, numbered=True)
    if "?" not in message.target or not message.size:
        return None
    found = chunk_of(query(message))
    if found is None:
        return None
    upload, number, total = found
    return UploadPart(NAME, f"{message.path} {upload}", number, numbered=True, total=total)
