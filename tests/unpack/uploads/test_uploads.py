"""Which requests are parts of an upload, and which only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads import registry
from dlp_proxy.unpack.uploads.registry import PROTOCOLS, part_of
from dlp_proxy.unpack.uploads.tus import creation_of


def message(method: str, target: str, body: bytes = b"x", **headers: str) -> Message:
    fields = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    who = Principal("li.wei", "declared", "strong")
    return Message("U", 0.0, "http", who, Destination("https", "a.example", 443), method, target, fields, body)


def form(*parts: tuple[str, str, bytes]) -> bytes:
    pieces = []
    for name, filename, value in parts:
        file = f'; filename="{filename}"' if filename else ""
        pieces.append(f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + value + b"\r\n")
    return b"".join(pieces) + b"--B--\r\n"


CURSOR = '{"cursor": {"session_id": "s", "offset": 8}}'
CHUNK = form(("chunk", "", b"2"), ("chunks", "", b"5"), ("name", "", b"a.csv"), ("file", "a", b"xyz"))
BLOB = form(("file", "blob", b"xyz"))


FEISHU = form(("upload_id", "", b"U7"), ("seq", "", b"3"), ("size", "", b"3"), ("file", "a", b"xyz"))


def span(body: bytes) -> tuple[int, int]:
    return body.index(b"xyz"), body.index(b"xyz") + 3


FORM = "multipart/form-data; boundary=B"

PARTS: dict[str, tuple[Message, UploadPart]] = {
    "tus": (message("PATCH", "/files/ab", Upload_Offset="70"), UploadPart("tus", "/files/ab", 70)),
    "tus without PATCH": (
        message("POST", "/files/ab", Upload_Offset="0", X_HTTP_Method_Override="PATCH", Upload_Length="9"),
        UploadPart("tus", "/files/ab", 0, total=9),
    ),
    "S3": (message("PUT", "/b/k?partNumber=7&uploadId=Zz"), UploadPart("s3", "Zz", 7, numbered=True)),
    "S3 complete": (
        message("POST", "/b/k?uploadId=Zz", b"<CompleteMultipartUpload/>"),
        UploadPart("s3", "Zz", numbered=True, completes=True),
    ),
    "a range": (
        message("PUT", "/up?id=1", Content_Range="bytes 100-199/1000"),
        UploadPart("content-range", "/up?id=1", 100, total=1000),
    ),
    "a range of nobody knows how much": (
        message("PUT", "/up?id=1", Content_Range="bytes 0-199/*"),
        UploadPart("content-range", "/up?id=1", 0),
    ),
    "nginx": (
        message("POST", "/up", X_Content_Range="bytes 0-9/20", Session_ID="77"),
        UploadPart("content-range", "77", 0, total=20),
    ),
    "Dropbox": (
        message("POST", "/2/files/upload_session/append_v2", Dropbox_API_Arg=CURSOR),
        UploadPart("offset", "s", 8),
    ),
    "Google, older": (message("POST", "/u?id=3", X_Goog_Upload_Offset="5"), UploadPart("offset", "/u?id=3", 5)),
    "WebUploader": (
        message("POST", "/u", CHUNK, Content_Type=FORM),
        UploadPart("form-chunks", "/u a.csv", 2, numbered=True, total=5, span=span(CHUNK)),
    ),
    "tus, the draft's last part": (
        message("PATCH", "/files/ab", b"123", Upload_Offset="70", Upload_Complete="?1"),
        UploadPart("tus", "/files/ab", 70, total=73),
    ),
    "OSS, other spelling": (
        message("PUT", "/b/k?part_number=7&upload_id=Zz"),
        UploadPart("s3", "Zz", 7, numbered=True),
    ),
    "Azure": (
        message("PUT", "/c/a.bin?comp=block&blockid=YmxvY2stMDAwMDEy"),  # block-000012
        UploadPart("azure", "/c/a.bin", 12, numbered=True),
    ),
    "Azure complete": (
        message("PUT", "/c/a.bin?comp=blocklist", b"<BlockList/>"),
        UploadPart("azure", "/c/a.bin", numbered=True, completes=True),
    ),
    "Azure Data Lake": (message("PATCH", "/c/a?action=append&position=9"), UploadPart("azure", "/c/a", 9)),
    "Azure Data Lake, the end": (
        message("PATCH", "/c/a?action=flush&position=9", b""),
        UploadPart("azure", "/c/a", 9, completes=True),
    ),
    "Backblaze": (
        message("POST", "/b2api/v3/b2_upload_part/4_zf1/0037", X_Bz_Part_Number="2"),
        UploadPart("raw-chunks", "4_zf1", 2, numbered=True),
    ),
    "Plupload without a form": (
        message("POST", "/u?name=a.zip&chunk=1&chunks=4"),
        UploadPart("raw-chunks", "/u a.zip", 1, numbered=True, total=4),
    ),
    "Feishu": (
        message("POST", "/open-apis/drive/v1/files/upload_part", FEISHU, Content_Type=FORM),
        UploadPart("form-chunks", "/open-apis/drive/v1/files/upload_part U7", 3, numbered=True, span=span(FEISHU)),
    ),
    "Baidu": (
        message("POST", "/rest/2.0/pcs/superfile2?method=upload&uploadid=N1&partseq=0", BLOB, Content_Type=FORM),
        UploadPart("form-chunks", "/rest/2.0/pcs/superfile2 N1", 0, numbered=True, span=span(BLOB)),
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_known_by_its_request(name: str) -> None:
    sent, expected = PARTS[name]
    assert part_of(sent) == expected


@pytest.mark.parametrize("name", [name for name, (_, part) in PARTS.items() if part.span])
def test_a_chunk_in_a_form_is_found_in_its_body(name: str) -> None:
    sent, expected = PARTS[name]
    assert expected.span is not None
    assert sent.body[slice(*expected.span)] == b"xyz"


WHOLE: dict[str, Message] = {
    "a form with a file": message("POST", "/u", form(("file", "a.csv", b"x"), ("name", "", b"n")), Content_Type=FORM),
    "a form with a chunk and no file": message("POST", "/u", form(("chunk", "", b"1")), Content_Type=FORM),
    "an answer's range": message("GET", "/u", Content_Range="bytes 0-9/20"),
    "a range in other units": message("PUT", "/u", Content_Range="rows 0-9/20"),
    "a query that names an upload": message("GET", "/u?uploadId=1&partNumber=2"),
    "an offset that is none": message("PATCH", "/u", Upload_Offset="-1"),
    "an argument that is no JSON": message("POST", "/u", Dropbox_API_Arg="{"),
    "a form without its end": message("POST", "/u", b"--B\r\nContent-Disposition: form-data; name=", Content_Type=FORM),
    "a plain upload": message("PUT", "/u"),
    "an Azure block without a number": message("PUT", "/c/a?comp=block&blockid=YWJj"),
    "an Azure block with a name that is no Base64": message("PUT", "/c/a?comp=block&blockid=%25"),
    "a whole Azure blob": message("PUT", "/c/a?comp=properties"),
    "a search": message("POST", "/u?name=a&part=2"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_message_is_no_part(name: str) -> None:
    assert part_of(WHOLE[name]) is None


CREATIONS: dict[str, tuple[Message, UploadPart | None]] = {
    "tus": (message("POST", "/files", b"", Upload_Length="900"), UploadPart("tus", "", 0, total=900)),
    "tus, deferred": (message("POST", "/files", b"", Upload_Defer_Length="1"), UploadPart("tus", "", 0)),
    "tus with content": (message("POST", "/files", b"12", Upload_Length="9"), UploadPart("tus", "", 0, total=9)),
    "the draft": (message("POST", "/files", b"12", Upload_Complete="?0"), UploadPart("tus", "", 0)),
    "the draft, all at once": (
        message("POST", "/files", b"12", Upload_Complete="?1"),
        UploadPart("tus", "", 0, total=2),
    ),
    "a plain upload": (message("POST", "/files", b"12"), None),
    "a part": (message("PATCH", "/files", b"12", Upload_Offset="0", Upload_Length="9"), None),
}


@pytest.mark.parametrize("name", CREATIONS)
def test_a_creation_is_known_by_its_request(name: str) -> None:
    sent, expected = CREATIONS[name]
    assert creation_of(sent) == expected


def test_no_file_of_the_folder_is_forgotten() -> None:
    files = {path.stem for path in Path(registry.__file__).parent.glob("*.py")} - {"__init__", "registry", "numbers"}
    assert {getattr(one, "__name__", "").rpartition(".")[2] for one in PROTOCOLS} == files
