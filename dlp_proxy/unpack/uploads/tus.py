"""tus, resumable uploads, version 1.0.0 (https://tus.io/protocols/resumable-upload): PATCH with an offset."""

from __future__ import annotations

from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import whole

NAME: Final = "tus"


def part_of(message: Message) -> UploadPart | None:
    """Return the part; also of a server that speaks the later draft (`Upload-Draft-Interop-Version`)."""
    if message.method not in {"PATCH", "POST"}:
        return None
    offset = whole(message.header("Upload-Offset"))
    # A client that cannot send PATCH says so in a field. A creation with content (creation-with-upload) has no upload
    # URL yet: it is judged as a message of its own.
    if message.method == "POST" and message.header("X-HTTP-Method-Override").upper() != "PATCH":
        return None
    if offset is None:
        return None
    return UploadPart(NAME, message.path, offset, total=whole(message.header("Upload-Length")))
