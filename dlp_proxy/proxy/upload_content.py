"""What of a request belongs to its upload: the content without what it is wrapped in for the journey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack import coding
from dlp_proxy.unpack.aws_chunks import unchunk
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.unpack import codings

_PIECE: Final = 1024 * 1024
_LARGEST: Final = 64 * 1024 * 1024
"""Forms over this size are not chunks, and what is coded is not decoded: those that programs send have 1 to 16 MiB."""
_AWS: Final = "aws-chunked"


def tells_inside(message: Message) -> bool:
    """Tell whether which part of an upload a request is may stand in its content: forms, and lists of blocks."""
    is_form = "multipart/form-data" in message.header("Content-Type").lower()
    return (is_form or "comp=blocklist" in message.target.lower()) and 0 < message.size <= _LARGEST


def bare(message: Message) -> Message:
    """Return a message with its content in memory and its Content-Encoding taken off; what it is not stays as it is.

    Each part of an upload may be wrapped by itself, and its place counts what is in it.
    """
    if message.size > _LARGEST:
        return message
    body = Path(message.body_file).read_bytes() if message.body_file else message.body
    names = codings(message)
    taken_off = uncoded(body, names) if names else body
    if taken_off is None:
        return replace(message, body=body)
    headers = tuple(one for one in message.headers if one[0].lower() != b"content-encoding")
    return replace(message, body=taken_off, body_file="", body_file_bytes=0, headers=headers)


def uncoded(body: bytes, names: str) -> bytes | None:
    """Return a body without its codings; None where they do not tell the truth, or it would be too large."""
    if names.strip().lower() == _AWS:
        return unchunk(body)[0]
    try:
        seen = list(coding.peel(Content(body, Location("body")), names, Budget(LIMITS, sent=len(body))))
    except Exhausted:
        return None
    return seen[0].data if len(seen) == 1 and isinstance(seen[0], Content) else None


def content_of(message: Message, part: UploadPart) -> Iterator[bytes]:
    """Yield what of the request belongs to the upload."""
    coded = _AWS in message.header("Content-Encoding").lower()
    if message.body or part.span or not message.body_file:
        content = message.body[slice(*part.span)] if part.span else message.body
        yield unchunk(content)[0] if coded else content
        return
    with Path(message.body_file).open("rb") as held:
        if coded:
            yield unchunk(held.read())[0]
            return
        while piece := held.read(_PIECE):
            yield piece
