"""Chunks as forms: one field says which chunk this is, one names the file, one is the chunk.

What upload widgets of web sites send, those of network disks and mail among them. The names are those of the widgets'
own documentation: WebUploader and Plupload, Resumable.js, Flow.js, Dropzone, Fine Uploader, Vue Simple Uploader, and
Baidu's ``superfile2``, which has its number in the query; Feishu's ``upload_part`` (its open platform's documentation).
The names are compared without case and underscores, so that widgets by the same form are known too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.mime import BOUNDARY, parse_head
from dlp_proxy.unpack.uploads.counted import counted
from dlp_proxy.unpack.uploads.numbers import key, query, whole

NAME: Final = "form-chunks"


class _Widget(NamedTuple):
    """Field names of one way: the chunk's number, how many there are, and what names the upload, the best first."""

    number: str
    total: str
    names: tuple[str, ...]


_WIDGETS: Final = (
    _Widget("resumablechunknumber", "resumabletotalchunks", ("resumableidentifier", "resumablefilename")),
    _Widget("flowchunknumber", "flowtotalchunks", ("flowidentifier", "flowfilename")),
    _Widget("dzchunkindex", "dztotalchunkcount", ("dzuuid",)),
    _Widget("qqpartindex", "qqtotalparts", ("qquuid", "qqfilename")),
    _Widget("chunknumber", "totalchunks", ("identifier", "filename")),
    _Widget("chunkindex", "totalchunks", ("uploadid", "identifier", "fileid", "md5", "hash", "filename")),
    _Widget("partnumber", "totalparts", ("uploadid", "fileid", "md5", "filename")),
    _Widget("partseq", "partcount", ("uploadid",)),
    _Widget("seq", "blocknum", ("uploadid",)),
    _Widget("chunkid", "chunkcount", ("uploadid", "fileid", "sessionid")),
    _Widget("chunk", "chunks", ("uid", "guid", "md5", "id", "name", "filename")),
)


def part_of(message: Message) -> UploadPart | None:
    label = message.header("Content-Type")
    if message.method not in {"POST", "PUT"} or "multipart/form-data" not in label.lower():
        return None
    found = BOUNDARY.search(label)
    if found is None or not message.body:
        return None
    fields, span, filename = _fields(message.body, b"--" + (found[1] or found[2]).encode("latin-1", "replace"))
    if span is None:
        return None
    fields = query(message) | fields
    fields.setdefault("filename", filename)
    chunk = chunk_of(fields)
    if chunk is None:
        part = counted(message.path, fields, bare=True)
        return replace(part, span=span) if part else None
    upload, number, total = chunk
    return UploadPart(NAME, f"{message.path} {upload}", number, numbered=True, total=total, span=span)


def chunk_of(fields: dict[str, str]) -> tuple[str, int, int | None] | None:
    """Return what names the upload, the chunk's number, and how many there are if that is said; None for no chunk."""
    for widget in _WIDGETS:
        number = whole(fields.get(widget.number, ""))
        upload = next((fields[name] for name in widget.names if fields.get(name)), "")
        if number is not None and upload:
            return upload, number, whole(fields.get(widget.total, ""))
    return None


def _fields(body: bytes, mark: bytes) -> tuple[dict[str, str], tuple[int, int] | None, str]:
    """Return the short fields, names in lower case, and where the largest file lies, with its name."""
    fields: dict[str, str] = {}
    span: tuple[int, int] | None = None
    filename = ""
    at = body.find(mark)
    while at >= 0 and not body.startswith(b"--", at + len(mark)):
        start = body.find(b"\n", at) + 1
        after = body.find(b"\n" + mark, start)
        if not start or after < 0:
            break
        end = after - (body[after - 1 : after] == b"\r")
        head, content = parse_head(body[start : min(end, start + 8192)])
        if content is not None:
            first = min(end, start + 8192) - len(content)
            if head.filenames:
                if span is None or end - first > span[1] - span[0]:
                    span, filename = (first, end), head.filenames[0]
            elif end - first <= 1024:
                fields.setdefault(key(head.name), body[first:end].decode("utf-8", "replace"))
        at = after + 1
    return fields, span, filename
