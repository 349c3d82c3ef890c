"""Content that a request adds to what is there, at the end or at a position that its query says.

- Aliyun OSS and Tencent COS, *AppendObject*: ``?append&position=N`` (their API references).
- pCloud: ``upload_write?uploadid=..&uploadoffset=N`` (its API documentation).
- HDFS: ``op=APPEND`` behind ``op=CREATE`` (WebHDFS REST API).
- Qiniu, *mkblk* and *bput*: blocks whose names the answers tell, and *mkfile*, which names them in their order.
"""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import is_document, query, whole

NAME: Final = "appended"
_QINIU: Final = re.compile(r"/(?:mkblk/\d{1,15}|bput/[^/]{1,512}/\d{1,15}|(mkfile)/\d{1,15}(?:/.*)?)")


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"PUT", "POST"}:
        return None
    qiniu = _QINIU.fullmatch(message.path) if message.method == "POST" else None
    if qiniu:
        return UploadPart(NAME, "blocks", completes=bool(qiniu[1]), appends=not qiniu[1])
    if "?" not in message.target:
        return None
    fields = query(message)
    if (operation := fields.get("op", "").upper()) in {"CREATE", "APPEND"} and message.size:
        if is_document(message):
            return None
        return UploadPart(NAME, message.path, appends=operation == "APPEND")
    position, upload = whole(fields.get("uploadoffset", "")), fields.get("uploadid", "")
    if position is not None and upload:
        return UploadPart(NAME, upload, position)
    position = whole(fields.get("position", ""))
    return UploadPart(NAME, message.path, position) if position is not None and "append" in fields else None
