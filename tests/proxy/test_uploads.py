"""Uploads in many requests, as the proxy keeps them between their requests."""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import brotli
import pytest

from dlp_proxy.model.message import Message
from dlp_proxy.proxy.spool import HeldBody, SpoolFolder
from dlp_proxy.proxy.uploads import Joined, Uploads
from tests.proxy.test_pool import message

MIB = 1024 * 1024


@pytest.fixture
def spool(tmp_path: Path) -> SpoolFolder:
    made = SpoolFolder(tmp_path / "spool", 200 * MIB)
    made.prepare()
    return made


def request(method: str, target: str, body: bytes = b"", **headers: str) -> Message:
    fields = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    return replace(message(target, body, fields), method=method)


def text(joined: Joined | None) -> bytes | None:
    """Return what is to be looked at together, None when the part is looked at alone."""
    assert joined is not None
    return Path(joined.message.body_file).read_bytes() if joined.message else None


async def test_the_length_that_a_creation_told_makes_the_last_part_known(spool: SpoolFolder) -> None:
    """Beyond 8 MiB a part is looked at with what came before only when it is known to be the last."""
    uploads, whole = Uploads(spool, 100 * MIB), bytes(range(256)) * (40 * 1024)  # 10 MiB
    assert text(await uploads.join(request("POST", "/files", Upload_Length=str(len(whole))))) is None
    uploads.created("U", "a.example", "/files/7")
    cuts = [0, 9 * MIB, 9 * MIB + MIB // 2, len(whole)]
    seen = [
        text(await uploads.join(request("PATCH", "/files/7", whole[start:end], Upload_Offset=str(start))))
        for start, end in itertools.pairwise(cuts)
    ]
    assert [None if one is None else len(one) for one in seen] == [None, 9 * MIB + MIB // 2, len(whole)]
    assert seen[-1] == whole
    uploads.close()
    assert spool.used == 0


async def test_without_the_length_the_last_part_of_a_large_upload_is_not_known(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for start, size, looked in ((0, 9 * MIB, False), (9 * MIB, MIB // 2, True), (9 * MIB + MIB // 2, MIB // 2, False)):
        found = await uploads.join(request("PATCH", "/files/7", bytes(size), Upload_Offset=str(start)))
        assert (text(found) is not None) == looked


async def test_what_came_with_the_creation_is_the_beginning(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    first = await uploads.join(request("POST", "/files", b"first ", Upload_Length="11"))
    assert text(first) is None  # it is judged as the request's own body
    uploads.created("U", "a.example", "/files/7")
    then = await uploads.join(request("PATCH", "/files/7", b"then.", Upload_Offset="6"))
    assert text(then) == b"first then."
    assert then is not None
    assert then.gap is None


async def test_an_answer_to_something_else_changes_nothing(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    uploads.created("unknown", "a.example", "/files/7")
    part = await uploads.join(request("PATCH", "/files/7", b"x", Upload_Offset="6"))
    assert part is not None
    assert part.gap is not None
    assert part.gap.reason == "partial"


async def test_parts_of_an_upload_over_the_whole_limit_are_one_file(spool: SpoolFolder) -> None:
    """An upload longer than is read whole is joined all the same: it is read piece by piece over its file."""
    uploads = Uploads(spool, 100 * MIB)
    sizes = []
    for number in range(1, 6):
        joined = await uploads.join(request("PUT", f"/b?uploadId=Z&partNumber={number}", bytes(16 * MIB)))
        assert joined is not None
        assert joined.gap is None
        sizes.append(joined.state.bytes)
    assert sizes == [count * 16 * MIB for count in range(1, 6)]
    done = await uploads.join(request("POST", "/b?uploadId=Z", b"<CompleteMultipartUpload/>"))
    assert done is not None
    assert done.message is not None
    assert done.message.body_file_bytes == 80 * MIB
    uploads.close()


async def test_parts_that_several_processes_take_are_one_upload(tmp_path: Path) -> None:
    """Each process has a spool and uploads of its own on one folder; the last one to end empties it."""
    spools = [SpoolFolder(tmp_path / "spool", 200 * MIB) for _ in range(2)]
    for one in spools:
        one.prepare()
    first, second = (Uploads(one, 100 * MIB) for one in spools)
    began = await first.join(request("PUT", "/b?uploadId=Z&partNumber=1", b"first "))
    assert began is not None
    began.passed()
    joined = await second.join(request("PUT", "/b?uploadId=Z&partNumber=2", b"then."))
    assert text(joined) == b"first then."
    assert joined is not None
    assert (joined.state.parts, joined.state.released, joined.gap) == (2, 6, None)
    first.close()
    done = await second.join(request("POST", "/b?uploadId=Z", b"<CompleteMultipartUpload/>"))
    assert text(done) == b"first then."
    second.close()
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_process_that_starts_leaves_alone_what_others_hold(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    earlier = SpoolFolder(folder, MIB)
    earlier.prepare()
    body = HeldBody(earlier)
    body += b"held"
    body.write()
    (folder / "body-left").write_bytes(b"of a proxy that was killed")
    SpoolFolder(folder, MIB).prepare()
    assert [str(path) for path in folder.iterdir()] == [body.path]
    assert body.read(0, 10) == b"held"
    body.close()


async def test_numbers_with_holes_are_one_file_when_it_is_complete(spool: SpoolFolder) -> None:
    """S3 puts parts together by their numbers, which need neither begin with 1 nor follow each other."""
    uploads = Uploads(spool, 100 * MIB)
    for number, piece in ((9, b"three"), (2, b"one "), (5, b"two ")):
        await uploads.join(request("PUT", f"/b?uploadId=Z&partNumber={number}", piece))
    done = await uploads.join(request("POST", "/b?uploadId=Z", b"<CompleteMultipartUpload/>"))
    assert text(done) == b"one two three"


async def test_a_part_whose_beginning_has_another_name_goes_on_with_it(spool: SpoolFolder) -> None:
    """What names an upload is the sender's to vary: a field more in the query, a session of one's own, another host."""
    uploads, size = Uploads(spool, 100 * MIB), 0
    for number, piece in enumerate((b"one ", b"two ", b"three")):
        span = f"bytes {size}-{size + len(piece) - 1}/13"
        part = request("PUT", f"/up?id=7&n={number}", piece, Content_Range=span, X_Session_ID=f"s{number}")
        joined = await uploads.join(part)
        size += len(piece)
    assert joined is not None
    assert (text(joined), joined.gap) == (b"one two three", None)
    for number, piece in ((1, b"one "), (2, b"two "), (3, b"three")):
        part = request("PUT", f"/b?uploadId=0123456789abcdef&partNumber={number}", piece)
        site = replace(part.destination, host=f"s3-{number}.example")
        joined = await uploads.join(replace(part, destination=site))
    assert text(joined) == b"one two three"


async def test_a_part_of_somebody_else_does_not_go_on_with_it(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    await uploads.join(request("PUT", "/up?n=1", b"one ", Content_Range="bytes 0-3/8"))
    other = request("PUT", "/up?n=2", b"two ", Content_Range="bytes 4-7/8")
    joined = await uploads.join(replace(other, principal=replace(other.principal, user="somebody else")))
    assert text(joined) is None
    assert joined is not None
    assert joined.gap is not None


@pytest.mark.parametrize("protocol", ["range", "s3"])
async def test_a_part_sent_again_with_other_bytes_is_read_both_ways(protocol: str, spool: SpoolFolder) -> None:
    """The destination may keep the first, if it refused the second, or the second."""
    uploads = Uploads(spool, 100 * MIB)

    def part(number: int, piece: bytes) -> Message:
        if protocol == "s3":
            return request("PUT", f"/b?uploadId=Z&partNumber={number + 1}", piece)
        return request("PUT", "/up", piece, Content_Range=f"bytes {number * 4}-{number * 4 + 3}/12")

    for number, piece in ((0, b"one "), (0, b"ONE "), (1, b"two "), (1, b"two ")):
        await uploads.join(part(number, piece))
    joined = await uploads.join(part(2, b"3333"))
    assert text(joined) == b"ONE two 3333"
    assert joined is not None
    assert text(replace(joined, message=joined.otherwise)) == b"one two 3333"
    uploads.close()
    assert spool.used == 0


async def test_uploads_that_tus_puts_together_are_one_file(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for name, piece in (("/files/1", b"one "), ("/files/2", b"two")):
        await uploads.join(request("PATCH", name, piece, Upload_Offset="0"))
    final = request("POST", "/files", Upload_Concat="final;/files/1 https://a.example/files/2")
    joined = await uploads.join(final)
    assert joined is not None
    assert (text(joined), joined.gap) == (b"one two", None)
    unseen = await uploads.join(request("POST", "/files", Upload_Concat="final;/files/1 /files/9"))
    assert unseen is not None
    assert unseen.gap is not None


@pytest.mark.parametrize("ended", ["it was stopped", "it was whole"])
async def test_a_name_that_is_used_again_names_another_upload(ended: str, spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    total = 8 if ended == "it was whole" else 12
    for start, piece in ((0, b"one "), (4, b"two ")):
        joined = await uploads.join(request("PUT", "/up", piece, Content_Range=f"bytes {start}-{start + 3}/{total}"))
    assert joined is not None
    (joined.stopped if ended == "it was stopped" else joined.passed)()
    for start, piece in ((0, b"ONE "), (4, b"TWO ")):
        joined = await uploads.join(request("PUT", "/up", piece, Content_Range=f"bytes {start}-{start + 3}/16"))
    assert text(joined) == b"ONE TWO "
    assert joined is not None
    assert joined.otherwise is None


async def test_what_completes_a_stopped_upload_begins_no_other(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for number, piece in ((1, b"one "), (2, b"two ")):
        joined = await uploads.join(request("PUT", f"/b?uploadId=Z&partNumber={number}", piece))
    assert joined is not None
    joined.stopped()
    done = await uploads.join(request("POST", "/b?uploadId=Z", b"<CompleteMultipartUpload/>"))
    assert text(done) == b"one two "


async def test_blocks_with_names_are_in_the_order_that_the_list_says(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for name, piece in (("d2hv", b"two "), ("c2F5cw==", b"never"), ("YW55", b"three"), ("b25l", b"one ")):
        joined = await uploads.join(request("PUT", f"/c/a?comp=block&blockid={name}", piece))
    assert text(joined) == b"two neverthreeone "  # as they came: nobody said another order yet
    listed = b"<BlockList><Latest>b25l</Latest><Latest>d2hv</Latest><Latest>YW55</Latest></BlockList>"
    done = await uploads.join(request("PUT", "/c/a?comp=blocklist", listed))
    assert done is not None
    assert (text(done), done.gap) == (b"one two three", None)
    unseen = await uploads.join(request("PUT", "/c/a?comp=blocklist", listed.replace(b"YW55", b"bm8=")))
    assert unseen is not None
    assert unseen.gap is not None


@pytest.mark.parametrize("wrapped", ["long", "CDATA", "escaped", "written in another way"])
async def test_a_list_of_blocks_is_read_however_it_is_written(wrapped: str, spool: SpoolFolder, tmp_path: Path) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for name, piece in (("dHdv", b"two"), ("b25lMQ==", b"one ")):
        await uploads.join(request("PUT", f"/c/a?comp=block&blockid={name}", piece))
    first = {"CDATA": "<![CDATA[b25lMQ==]]>", "escaped": "b25lMQ&#61;=", "written in another way": "b25lMR=="}
    listed = f"<BlockList><Latest>{first.get(wrapped, 'b25lMQ==')}</Latest><Latest>dHdv</Latest></BlockList>".encode()
    sent = request("PUT", "/c/a?comp=blocklist", listed)
    if wrapped == "long":  # over 1 MiB it lies in a file
        (tmp_path / "list").write_bytes(listed)
        sent = replace(sent, body=b"", body_file=str(tmp_path / "list"), body_file_bytes=len(listed))
    assert text(await uploads.join(sent)) == b"one two"


async def test_what_is_appended_comes_in_place_of_what_was_stopped(spool: SpoolFolder) -> None:
    """The destination has not got what was stopped: the same again, or less of it, is read behind what it has."""
    uploads = Uploads(spool, 100 * MIB)
    for piece in (b"one ", b"two and more", b"two ", b"three"):
        joined = await uploads.join(request("PATCH", "/v2/a/blobs/uploads/77aa", piece))
        assert joined is not None
        (joined.stopped if b"more" in piece else joined.passed)()
    assert text(joined) == b"one two three"
    done = await uploads.join(request("PUT", "/v2/a/blobs/uploads/77aa?digest=sha256:0"))
    assert text(done) == b"one two three"


async def test_what_is_appended_behind_a_whole_upload_begins_another(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for round_of in ("a", "b"):
        for piece in ("1", "2"):
            joined = await uploads.join(request("POST", "/mkblk/2", f"{round_of}{piece}".encode()))
        done = await uploads.join(request("POST", "/mkfile/4", b"x,y"))
        assert text(joined) == text(done) == f"{round_of}1{round_of}2".encode()


async def test_what_starts_a_session_is_the_beginning_of_what_goes_on_with_it(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    await uploads.join(request("POST", "/2/files/upload_session/start", b"one "))
    cursor = '{"cursor": {"session_id": "s", "offset": 4}, "commit": {}}'
    joined = await uploads.join(request("POST", "/2/files/upload_session/finish", b"two", Dropbox_API_Arg=cursor))
    assert joined is not None
    assert (text(joined), joined.gap) == (b"one two", None)


async def test_the_last_part_of_a_large_upload_is_known_where_it_says_so(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for start, size, command in ((0, 9 * MIB, "upload"), (9 * MIB, MIB, "upload"), (10 * MIB, MIB, "upload, finalize")):
        told = {"X_Goog_Upload_Offset": str(start), "X_Goog_Upload_Command": command}
        joined = await uploads.join(request("POST", "/up?upload_id=7", bytes(size), **told))
    whole = text(joined)
    assert whole is not None
    assert len(whole) == 11 * MIB


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "aws-chunked", "gzip, br"])
@pytest.mark.parametrize("way", ["range", "s3", "form"])
async def test_parts_that_are_each_coded_are_put_together_by_what_is_in_them(
    way: str, coding: str, spool: SpoolFolder
) -> None:
    """A part that is wrapped by itself is longer or shorter than its place says."""
    wrap: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "aws-chunked": lambda data: b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data),
        "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    }
    uploads, size = Uploads(spool, 100 * MIB), 0
    for number, piece in enumerate((b"one " * 9, b"two " * 9, b"three")):
        if way == "form":
            fields = f'--B\r\nContent-Disposition: form-data; name="chunkIndex"\r\n\r\n{number}\r\n'.encode()
            file = b'--B\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\n%b\r\n--B--\r\n' % piece
            told = {"Content_Type": "multipart/form-data; boundary=B", "Content_Encoding": coding}
            sent = request("POST", "/up", wrap[coding](fields + file), **told)
        elif way == "s3":
            sent = request(
                "PUT", f"/b?uploadId=Z&partNumber={number + 1}", wrap[coding](piece), Content_Encoding=coding
            )
        else:
            told = {"Content_Range": f"bytes {size}-{size + len(piece) - 1}/77", "Content_Encoding": coding}
            sent = request("PUT", "/up", wrap[coding](piece), **told)
        joined = await uploads.join(sent)
        size += len(piece)
    assert joined is not None
    assert (text(joined), joined.gap) == (b"one " * 9 + b"two " * 9 + b"three", None)


async def test_a_part_that_is_not_coded_as_it_says_is_taken_as_it_is(spool: SpoolFolder) -> None:
    uploads = Uploads(spool, 100 * MIB)
    for start, piece in ((0, b"one "), (4, b"two ")):
        told = {"Content_Range": f"bytes {start}-{start + 3}/12", "Content_Encoding": "gzip"}
        joined = await uploads.join(request("PUT", "/up", piece, **told))
    assert text(joined) == b"one two "


@pytest.mark.parametrize("filler", [b"x", b"more"])
async def test_an_upload_that_others_pushed_out_is_no_upload_that_was_never_seen(
    filler: bytes, spool: SpoolFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of uploads of a byte would otherwise make the rest of a file one whose beginning nobody knows."""
    monkeypatch.setattr("dlp_proxy.proxy.uploads.MOST", 2)
    uploads = Uploads(spool, 100 * MIB)

    def part(name: str, start: int, seconds: float) -> Message:
        body = filler if "filler" in name else b"some"
        return replace(request("PATCH", f"/files/{name}", body, Upload_Offset=str(start)), time=seconds)

    await uploads.join(part("a", 0, 1000.0))
    for number in range(4):
        await uploads.join(part(f"filler-{number}", 0, 1001.0 + number))
    joined = await uploads.join(part("a", 4, 1100.0))
    assert joined is not None
    assert joined.gap is not None
    assert joined.gap.reason == "too-large"
    unseen = await uploads.join(part("b", 9, 1101.0))
    assert unseen is not None
    assert unseen.gap is not None
    assert unseen.gap.reason == "partial"


@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_the_answer_to_what_starts_a_session_names_it(coding: str, spool: SpoolFolder) -> None:
    """By its length alone one of two that were started at once would be taken for the other."""
    uploads = Uploads(spool, 100 * MIB)
    for name, piece in (("a", b"one "), ("b", b"ONE ")):
        start = replace(request("POST", "/2/files/upload_session/start", piece), uid=f"U-{name}")
        await uploads.join(start)
        listener = uploads.listener(start.uid, coding)
        assert listener is not None
        answer = b'{"session_id": "%b"}' % name.encode()
        answer = gzip.compress(answer) if coding else answer
        assert [listener(data) for data in (answer[:9], answer[9:], b"")] == [answer[:9], answer[9:], b""]
    for name, piece, whole in (("b", b"TWO", b"ONE TWO"), ("a", b"two", b"one two")):
        cursor = f'{{"cursor": {{"session_id": "{name}", "offset": 4}}}}'
        last = request("POST", "/2/files/upload_session/finish", piece, Dropbox_API_Arg=cursor)
        assert text(await uploads.join(last)) == whole
    assert uploads.listener("U", "") is None
