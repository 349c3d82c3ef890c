"""Multipart upload of Amazon S3, and of the stores that speak its language: Aliyun OSS, Tencent COS, Huawei OBS, MinIO.

Source: API reference of Amazon S3, *UploadPart* and *CompleteMultipartUpload*; those of OSS, COS and OBS use the same
query fields, and so, by form, do the presigned URLs that network disks hand out over such a store (Aliyun Drive, Quark,
115 over OSS; 123pan over S3). Baidu's file API calls them ``uploadid`` and ``partseq`` and sends the part as a form.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import query, whole

NAME: Final = "s3"


def part_of(message: Message) -> UploadPart | None:
    if message.method not in {"PUT", "POST"} or "upload" not in message.target.lower():
        return None
    fields = query(message)
    upload = fields.get("uploadid", "")
    number = whole(fields.get("partnumber", "") or fields.get("partseq", ""))
    if not upload:
        return None
    if number is not None:
        return UploadPart(NAME, upload, number, numbered=True)
    return UploadPart(NAME, upload, numbered=True, completes=True) if message.method == "POST" else None
