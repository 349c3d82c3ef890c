"""Chunks that are counted in the path, the query or a field, by programs of which none is known by name.

Known by name and read here all the same:

- Nextcloud: ``PUT /remote.php/dav/uploads/<user>/<id>/<number>``, then ``MOVE .../.file``; rclone writes offsets there.
  ownCloud before it: ``a.zip-chunking-<id>-<count>-<index>`` (their developer documentation).
- Qiniu: ``PUT /buckets/<b>/objects/<o>/uploads/<id>/<number>``, then a POST without number (its API documentation).
- UPYUN: ``X-Upyun-Part-ID`` and ``X-Upyun-Multi-Uuid`` (same).
- X, *media/upload*: ``segment_index`` (same).
- Pieces of a file that are uploads of their own, by their names: ``a.7z.001``, ``a.zip.aa``.

A number says which is before which. JSON, XML and forms that are counted so are pages of something, and no chunks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads.numbers import is_document, key, query, whole

NAME: Final = "counted"
_PLACE: Final = re.compile(
    r"(.*/(?:uploads?/(?:[^/]{1,128}/){1,2}|(?:parts?|chunks?|blocks?|segments?|pieces?|slices?)/))(\d{1,15})(?:-\d{1,15})?",
    re.IGNORECASE,
)
_VOLUME: Final = re.compile(
    r"(.*\.[a-z0-9]{1,16})\.([0-9]{3})|(.*\.(?:zip|7z|rar|tar|tgz|gz|bz2|xz|zst|csv|xlsx?|sql|db))\.?(a[a-z])",
    re.IGNORECASE,
)
"""As 7-Zip and `split` name the pieces of a file: those of the next letters, and thousands, are seldom met."""
_OWN_NAME: Final = re.compile(r"(.{4,128})[-_]([0-9]{1,9})")
_OWNCLOUD: Final = re.compile(r"(.*-chunking-[^/]{1,64})-(\d{1,9})-(\d{1,9})")
_QINIU: Final = re.compile(r"/buckets/.{1,1024}/uploads/[^/]{1,256}")
_NUMBERS: Final = (
    "chunkno",
    "chunknum",
    "chunknumber",
    "chunkindex",
    "chunkid",
    "currentchunk",
    "chunkseq",
    "partno",
    "partnum",
    "partnumber",
    "partindex",
    "partid",
    "upyunpartid",
    "blockno",
    "blocknum",
    "blocknumber",
    "blockindex",
    "sliceno",
    "sliceindex",
    "slicenumber",
    "segmentno",
    "segmentindex",
    "segmentnumber",
    "pieceindex",
    "fragmentindex",
)
_OFFSETS: Final = (
    "chunkoffset",
    "fileoffset",
    "uploadoffset",
    "byteoffset",
    "startoffset",
    "startbyte",
    "chunkstart",
)
_OWN_NAMES: Final = ("hash", "chunkhash", "chunkname")
"""Of a chunk, which end with its number."""
_BARE_NUMBERS: Final = ("chunk", "part", "block", "slice", "segment", "piece", "fragment", "index")
_BARE_OFFSETS: Final = ("offset", "start")
"""In a field of the head or beside a file: a query that is no upload has these too."""
_NAMES: Final = (
    "uploadid",
    "upyunmultiuuid",
    "sessionid",
    "fileid",
    "mediaid",
    "taskid",
    "uuid",
    "guid",
    "uid",
    "identifier",
    "filename",
    "name",
    "key",
    "filehash",
    "filemd5",
)


def part_of(message: Message) -> UploadPart | None:
    if message.method == "MOVE" and message.path.endswith("/.file"):
        return _complete(message.path.removesuffix(".file"))
    if message.method == "POST" and _QINIU.fullmatch(message.path):
        return _complete(f"{message.path}/")
    if message.method not in {"PUT", "POST", "PATCH"} or not message.size:
        return None
    if is_document(message) or "multipart/" in message.header("Content-Type").lower():
        return None
    if found := _OWNCLOUD.fullmatch(message.path):
        return UploadPart(NAME, found[1], int(found[3]), numbered=True, total=int(found[2]))
    if found := _PLACE.fullmatch(message.path):
        return UploadPart(NAME, found[1], int(found[2]), numbered=True, sparse=True)
    if volume := volume_of(message.path):
        return volume
    told = dict(reversed([(_own(name), value.decode("latin-1")) for name, value in message.headers]))
    return counted(message.path, query(message)) or counted(message.path, told, bare=True)


def volume_of(name: str) -> UploadPart | None:
    """Return the part that a piece of a file is by its own name, None for a name of a whole file."""
    found = _VOLUME.fullmatch(name)
    if found is None:
        return None
    number = int(found[2]) if found[2] else ord(found[4][1].lower()) - ord("a")
    return UploadPart(NAME, found[1] or found[3], number, numbered=True, sparse=True)


def counted(path: str, fields: Mapping[str, str], *, bare: bool = False) -> UploadPart | None:
    """Return the part that fields count, None when they count none.

    Args:
        bare: a number or an offset may be called no more than that.
    """
    name = next((fields[one] for one in _NAMES if fields.get(one)), "")
    for one in (*_NUMBERS, *_BARE_NUMBERS) if bare else _NUMBERS:
        if (number := whole(fields.get(one, ""))) is not None:
            return UploadPart(NAME, f"{path} {name}", number, numbered=True, sparse=True)
    for one in (*_OFFSETS, *_BARE_OFFSETS) if bare else _OFFSETS:
        if (offset := whole(fields.get(one, ""))) is not None:
            return UploadPart(NAME, f"{path} {name}", offset)
    own = next(filter(None, (_OWN_NAME.fullmatch(fields.get(one, "")) for one in _OWN_NAMES)), None) if bare else None
    if own is not None:
        return UploadPart(NAME, f"{path} {own[1]}", int(own[2]), numbered=True, sparse=True)
    return volume_of(f"{path} {fields['filename']}") if fields.get("filename") else None


def _complete(upload: str) -> UploadPart:
    return UploadPart(NAME, upload, numbered=True, completes=True, sparse=True)


def _own(name: bytes) -> str:
    return key(name.decode("latin-1").lower().removeprefix("x-"))
