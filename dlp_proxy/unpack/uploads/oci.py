"""Layers of a container registry (OCI distribution specification, *Pushing a blob in chunks*).

Each PATCH goes to the place that the answer before named: its query varies, its path is the upload's. It has its
``Content-Range`` without unit and length, or none. A PUT that names the digest closes the upload, with last bytes or
without.
"""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import query

NAME: Final = "oci"
_PLACE: Final = re.compile(r"/v2/.{1,512}/blobs/uploads/([^/?]{4,512})/?")
_RANGE: Final = re.compile(r"\s*(?:bytes[ =])?(\d{1,15})-\d{1,15}(?:/.*)?")


def part_of(message: Message) -> UploadPart | None:
    place = _PLACE.fullmatch(message.path) if "/blobs/uploads/" in message.path else None
    if place is None or message.method not in {"PATCH", "PUT"}:
        return None
    ends = message.method == "PUT" and "digest" in query(message)
    if ends and not message.size:
        return UploadPart(NAME, place[1], completes=True)
    found = _RANGE.fullmatch(message.header("Content-Range"))
    return UploadPart(NAME, place[1], int(found[1]) if found else 0, appends=not found, ends=ends)
