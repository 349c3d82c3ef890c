"""Which requests are parts of an upload, and which only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads import registry
from dlp_proxy.unpack.uploads.azure import place_of
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


VOLUME = form(("file", "a.zip.002", b"xyz"))
HASHED = form(("hash", "", b"77aa-2"), ("file", "blob", b"xyz"))
SEGMENT = form(("media_id", "", b"77"), ("segment_index", "", b"2"), ("media", "blob", b"xyz"))
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
    "a range by a method of somebody's own": (
        message("APPEND", "/up", Content_Range="bytes 100-199/1000"),
        UploadPart("content-range", "/up", 100, total=1000),
    ),
    "a range on a GET with content": (
        message("GET", "/up", Content_Range="bytes 100-199/1000"),
        UploadPart("content-range", "/up", 100, total=1000),
    ),
    "nginx": (
        message("POST", "/up", X_Content_Range="bytes 0-9/20", Session_ID="77"),
        UploadPart("content-range", "77", 0, total=20),
    ),
    "Dropbox": (
        message("POST", "/2/files/upload_session/append_v2", Dropbox_API_Arg=CURSOR),
        UploadPart("offset", "s", 8),
    ),
    "Dropbox, the first part": (message("POST", "/2/files/upload_session/start"), UploadPart("offset", "started by U")),
    "Dropbox, the last part": (
        message("POST", "/2/files/upload_session/finish", Dropbox_API_Arg=CURSOR[:-1] + ', "commit": {}}'),
        UploadPart("offset", "s", 8, ends=True),
    ),
    "Dropbox, as it was first": (
        message("POST", "/2/files/upload_session/append", Dropbox_API_Arg='{"session_id": "s", "offset": 8}'),
        UploadPart("offset", "s", 8),
    ),
    "Google, older": (message("POST", "/u?id=3", X_Goog_Upload_Offset="5"), UploadPart("offset", "/u?id=3", 5)),
    "Google, the last part, with a name as S3's": (
        message("POST", "/u?upload_id=3", X_Goog_Upload_Offset="5", X_Goog_Upload_Command="upload, finalize"),
        UploadPart("offset", "/u?upload_id=3", 5, ends=True),
    ),
    "a range, with a name as S3's": (
        message("POST", "/u?upload_id=3", Content_Range="bytes 5-9/20"),
        UploadPart("content-range", "/u?upload_id=3", 5, total=20),
    ),
    "S3, what is added": (
        message("PUT", "/b/k", x_amz_write_offset_bytes="70"),
        UploadPart("offset", "/b/k", 70),
    ),
    "a registry of containers": (
        message("PATCH", "/v2/a/b/blobs/uploads/77aa?_state=q", Content_Range="5-9"),
        UploadPart("oci", "77aa", 5),
    ),
    "a registry of containers, without a range": (
        message("PATCH", "/v2/a/blobs/uploads/77aa?_state=q"),
        UploadPart("oci", "77aa", appends=True),
    ),
    "a registry of containers, the last part": (
        message("PUT", "/v2/a/blobs/uploads/77aa?_state=r&digest=sha256:0"),
        UploadPart("oci", "77aa", appends=True, ends=True),
    ),
    "a registry of containers, complete": (
        message("PUT", "/v2/a/blobs/uploads/77aa?_state=r&digest=sha256:0", b""),
        UploadPart("oci", "77aa", completes=True),
    ),
    "SharePoint": (
        message("POST", "/_api/web/GetFileById('x')/StartUpload(uploadId=guid'7A')"),
        UploadPart("sharepoint", "7a"),
    ),
    "SharePoint, further": (
        message("POST", "/_api/web/GetFileById('x')/ContinueUpload(uploadId=guid%277a%27,fileOffset=9)"),
        UploadPart("sharepoint", "7a", 9),
    ),
    "SharePoint, the last part": (
        message("POST", "/_api/web/GetFileById('x')/FinishUpload(uploadId=guid'7a', fileOffset=9)"),
        UploadPart("sharepoint", "7a", 9, ends=True),
    ),
    "OSS, what is added": (message("POST", "/a.zip?append&position=9"), UploadPart("appended", "/a.zip", 9)),
    "pCloud": (message("PUT", "/upload_write?uploadid=7&uploadoffset=9"), UploadPart("appended", "7", 9)),
    "HDFS": (message("PUT", "/webhdfs/v1/a?op=CREATE&data=true"), UploadPart("appended", "/webhdfs/v1/a")),
    "HDFS, what is added": (
        message("POST", "/webhdfs/v1/a?op=APPEND&data=true"),
        UploadPart("appended", "/webhdfs/v1/a", appends=True),
    ),
    "Qiniu": (message("POST", "/mkblk/4194304"), UploadPart("appended", "blocks", appends=True)),
    "Qiniu, further": (message("POST", "/bput/q7a/262144"), UploadPart("appended", "blocks", appends=True)),
    "Qiniu, complete": (message("POST", "/mkfile/900/key/YQ=="), UploadPart("appended", "blocks", completes=True)),
    "sabre": (message("PATCH", "/a.zip", X_Update_Range="bytes=5-9"), UploadPart("content-range", "/a.zip", 5)),
    "sabre, what is added": (
        message("PATCH", "/a.zip", X_Update_Range="append"),
        UploadPart("content-range", "/a.zip", appends=True),
    ),
    "Nextcloud": (
        message("PUT", "/remote.php/dav/uploads/li/web-77/00003"),
        UploadPart("counted", "/remote.php/dav/uploads/li/web-77/", 3, numbered=True, sparse=True),
    ),
    "Nextcloud, by rclone": (
        message("PUT", "/remote.php/dav/uploads/li/rclone-77/000000000000100-000000000000199"),
        UploadPart("counted", "/remote.php/dav/uploads/li/rclone-77/", 100, numbered=True, sparse=True),
    ),
    "Nextcloud, complete": (
        message("MOVE", "/remote.php/dav/uploads/li/web-77/.file", b""),
        UploadPart("counted", "/remote.php/dav/uploads/li/web-77/", numbered=True, completes=True, sparse=True),
    ),
    "ownCloud": (
        message("PUT", "/remote.php/webdav/a.zip-chunking-4711-5-2"),
        UploadPart("counted", "/remote.php/webdav/a.zip-chunking-4711", 2, numbered=True, total=5),
    ),
    "Qiniu, later": (
        message("PUT", "/buckets/b/objects/YQ==/uploads/5f0a/2"),
        UploadPart("counted", "/buckets/b/objects/YQ==/uploads/5f0a/", 2, numbered=True, sparse=True),
    ),
    "Qiniu, later, complete": (
        message("POST", "/buckets/b/objects/YQ==/uploads/5f0a", b"{}"),
        UploadPart("counted", "/buckets/b/objects/YQ==/uploads/5f0a/", numbered=True, completes=True, sparse=True),
    ),
    "UPYUN": (
        message("PUT", "/b/a.zip", X_Upyun_Multi_Uuid="u7", X_Upyun_Part_ID="2"),
        UploadPart("counted", "/b/a.zip u7", 2, numbered=True, sparse=True),
    ),
    "an offset in a field of somebody's own": (
        message("POST", "/up", X_File_Offset="9", X_Upload_Id="u7"),
        UploadPart("counted", "/up u7", 9),
    ),
    "a number in the query of somebody's own": (
        message("POST", "/up?chunkNo=3&fileId=u7"),
        UploadPart("counted", "/up u7", 3, numbered=True, sparse=True),
    ),
    "a volume of 7-Zip": (
        message("PUT", "/dav/a.7z.003"),
        UploadPart("counted", "/dav/a.7z", 3, numbered=True, sparse=True),
    ),
    "a piece by split": (
        message("PUT", "/dav/a.zip.ac"),
        UploadPart("counted", "/dav/a.zip", 2, numbered=True, sparse=True),
    ),
    "a volume in a form": (
        message("POST", "/u", VOLUME, Content_Type=FORM),
        UploadPart("counted", "/u a.zip", 2, numbered=True, sparse=True, span=span(VOLUME)),
    ),
    "a chunk in a form, named by a hash and a number": (
        message("POST", "/u", HASHED, Content_Type=FORM),
        UploadPart("counted", "/u 77aa", 2, numbered=True, sparse=True, span=span(HASHED)),
    ),
    "X": (
        message("POST", "/media/upload.json", SEGMENT, Content_Type=FORM),
        UploadPart("counted", "/media/upload.json 77", 2, numbered=True, sparse=True, span=span(SEGMENT)),
    ),
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
        UploadPart("azure", "/c/a.bin", place_of("YmxvY2stMDAwMDEy"), numbered=True, sparse=True),
    ),
    "Azure complete": (
        message("PUT", "/c/a.bin?comp=blocklist", b"<BlockList><Latest>Zg==</Latest><Latest>YQ==</Latest></BlockList>"),
        UploadPart(
            *("azure", "/c/a.bin"),
            numbered=True,
            completes=True,
            sparse=True,
            order=(place_of("Zg=="), place_of("YQ==")),
        ),
    ),
    "Azure, a block added": (
        message("PUT", "/c/a.bin?comp=appendblock"),
        UploadPart("azure", "/c/a.bin", appends=True),
    ),
    "Azure, a block added at a place": (
        message("PUT", "/c/a.bin?comp=appendblock", x_ms_blob_condition_appendpos="9"),
        UploadPart("azure", "/c/a.bin", 9),
    ),
    "Azure, pages": (
        message("PUT", "/c/a.vhd?comp=page", x_ms_range="bytes=512-1023"),
        UploadPart("content-range", "/c/a.vhd?comp=page", 512),
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
    "an answer's range": message("GET", "/u", b"", Content_Range="bytes 0-9/20"),
    "a range in other units": message("PUT", "/u", Content_Range="rows 0-9/20"),
    "a query that names an upload": message("GET", "/u?uploadId=1&partNumber=2", b""),
    "an offset that is none": message("PATCH", "/u", Upload_Offset="-1"),
    "an argument that is no JSON": message("POST", "/u", Dropbox_API_Arg="{"),
    "a form without its end": message("POST", "/u", b"--B\r\nContent-Disposition: form-data; name=", Content_Type=FORM),
    "a plain upload": message("PUT", "/u"),
    "an Azure block without a name": message("PUT", "/c/a?comp=block"),
    "pages of something": message("POST", "/api/parts/7", Content_Type="application/json"),
    "an archive with two endings": message("PUT", "/dav/a.tar.gz"),
    "a file with a version": message("PUT", "/dav/a.1.22"),
    "a file with a number": message("PUT", "/uploads/1001"),
    "a call of an interface": message("POST", "/api?op=create", Content_Type="application/json"),
    "a search with an offset": message("POST", "/find?offset=20&start=7"),
    "a document with a number": message("POST", "/find?part=7", Content_Type="application/xml"),
    "a range that is asked for": message("GET", "/a.zip", b"", Range="bytes=0-9"),
    "a layer asked for": message("GET", "/v2/a/blobs/uploads/77aa", b""),
    "a whole Azure blob": message("PUT", "/c/a?comp=properties"),
    "a search": message("POST", "/u?name=a&part=2"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_message_is_no_part(name: str) -> None:
    assert part_of(WHOLE[name]) is None


COUNTING = {
    "block-000009, block-000010": ("YmxvY2stMDAwMDA5", "YmxvY2stMDAwMDEw"),
    "of Python: offsets in Base64 in Base64": (
        "TURBd01EQXdNREF3TURBd01EQXdNREF3TURBd01EQXdNREF3TURBd09EZz0%3D",
        "TURBd01EQXdNREF3TURBd01EQXdNREF3TURBd01EQXdNREF3TURBek1UYz0%3D",
    ),
    "of .NET: eight bytes and zeros": ("AAAAAAAAAAkA" + "A" * 52, "AAAAAAAAAQAA" + "A" * 52),
}


@pytest.mark.parametrize("name", COUNTING)
def test_names_of_blocks_that_count_are_in_their_order(name: str) -> None:
    first, second = map(place_of, COUNTING[name])
    assert first < second


def test_names_of_blocks_that_do_not_count_are_told_apart() -> None:
    assert len({place_of(name) for name in ("Zg==", "YQ==", "YWItNw==", "YmMtNw==", "%", "")}) == 6


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
