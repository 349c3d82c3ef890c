"""One spreadsheet in many requests, by the clients that really send it so: judged as the file that it is."""

from __future__ import annotations

import csv
import hashlib
import http.server
import io
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import boto3
import botocore.config
import botocore.exceptions
import pytest
import xlsxwriter
from moto.server import ThreadedMotoServer

from dlp_proxy.cli.demo_traffic import as_csv, orders
from tests.live.harness import Certificates, OriginThread, curl, free_port, running, wait_until
from tests.live.system import HOSTS, System, start_system

pytestmark = pytest.mark.live

PART = 5 * 1024 * 1024
"""Smallest part that S3 takes, but for the last."""
HOST = {"s3": "transfer.example", "tus": "another-drop.example", "range": "pan.baidu.example"}


def archive(rows: bytes) -> bytes:
    """Return a zip whose spreadsheet lies across the border of two parts, so that neither of them can be read alone."""
    noise = random.Random(7).randbytes(PART - 160)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(zipfile.ZipInfo("noise.bin"), noise, zipfile.ZIP_STORED)
        out.writestr("orders.csv", rows)
        out.writestr(zipfile.ZipInfo("more.bin"), noise + noise[: PART // 2], zipfile.ZIP_STORED)
    return made.getvalue()


CUSTOMERS = archive(as_csv(orders(60, seed=31)))
HARMLESS = archive("\r\n".join(f"{number},a note about nothing" for number in range(200)).encode())


def workbook() -> bytes:
    """Return a real spreadsheet of sixty orders, with a film in it before and behind its sheets: three parts."""
    made, whole = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(as_csv(orders(60, seed=33)).decode("gb18030")))):
            sheet.write_row(number, 0, row)
    noise = random.Random(8).randbytes(PART)
    with zipfile.ZipFile(made) as told, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(zipfile.ZipInfo("xl/media/one.bin"), noise[: PART - 3000], zipfile.ZIP_STORED)
        for name in told.namelist():
            out.writestr(name, told.read(name))
        out.writestr(zipfile.ZipInfo("xl/media/two.bin"), noise + noise[: PART // 2], zipfile.ZIP_STORED)
    return whole.getvalue()


class TusHandler(http.server.BaseHTTPRequestHandler):
    """A tus server, as little as its protocol asks: creation and PATCH; and one of sessions as Dropbox has them."""

    protocol_version = "HTTP/1.1"
    files: ClassVar[dict[str, bytearray]] = {}
    sessions: ClassVar[Iterator[int]] = itertools.count()

    def do_POST(self) -> None:
        if self.path.startswith("/2/files/"):
            self.rfile.read(int(self.headers["Content-Length"]))
            told = json.dumps({"session_id": f"session-{next(self.sessions)}"}).encode()
            self._answer(200, {"Content-Type": "application/json", "Content-Length": str(len(told))})
            self.wfile.write(told)
            return
        name = f"/files/{len(self.files)}"
        self.files[name] = bytearray()
        self._answer(201, {"Location": f"http://{HOST['tus']}{name}"})

    def do_HEAD(self) -> None:
        self._answer(200, {"Upload-Offset": str(len(self.files[self.path]))})

    def do_PATCH(self) -> None:
        self.files[self.path] += self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(204, {"Upload-Offset": str(len(self.files[self.path]))})

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Tus-Resumable": "1.0.0", "Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture(scope="module")
def stores() -> Iterator[dict[str, int]]:
    """Return the ports of a real S3 server and of a tus server."""
    os.environ["MOTO_S3_CUSTOM_ENDPOINTS"] = f"http://{HOST['s3']}"
    moto = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    moto.start()
    tus = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TusHandler)
    threading.Thread(target=tus.serve_forever, daemon=True).start()
    yield {"s3": moto.get_host_and_port()[1], "tus": tus.server_address[1]}
    tus.shutdown()
    tus.server_close()
    moto.stop()


@pytest.fixture(scope="module")
def parts_system(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, stores: dict[str, int], sites: OriginThread
) -> Iterator[System]:
    pins = dict.fromkeys(HOSTS, f"127.0.0.1:{sites.port}")
    pins |= {HOST[name]: f"127.0.0.1:{port}" for name, port in stores.items()}
    with running(start_system(tmp_path_factory.mktemp("parts"), certificates.ca, sites, resolve=pins)) as one:
        assert isinstance(one, System)
        yield one


@pytest.fixture
def proxied(parts_system: System) -> System:
    parts_system.start_afresh()
    return parts_system


def blocked_after(system: System) -> dict[str, Any]:
    """Return the body of the one event that stopped the upload."""
    events = [kept.event for kept in system.events() if kept.event.action in {"block", "coach"}]
    assert [event.records for event in events] == [60] * len(events)
    return dict(events[0].body)


def s3(system: System) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=f"http://{HOST['s3']}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
        config=botocore.config.Config(
            proxies={"http": system.url}, s3={"addressing_style": "path"}, retries={"max_attempts": 1}
        ),
    )


def test_s3_multipart_is_stopped_with_the_count_of_the_whole(proxied: System) -> None:
    client = s3(proxied)
    client.create_bucket(Bucket="out")
    upload = client.create_multipart_upload(Bucket="out", Key="a.zip")["UploadId"]
    first = client.upload_part(Bucket="out", Key="a.zip", UploadId=upload, PartNumber=1, Body=CUSTOMERS[:PART])
    second = CUSTOMERS[PART : 2 * PART]
    with pytest.raises(botocore.exceptions.ClientError, match="403"):
        client.upload_part(Bucket="out", Key="a.zip", UploadId=upload, PartNumber=2, Body=second)
    sent = [{"PartNumber": 1, "ETag": first["ETag"]}]
    with pytest.raises(botocore.exceptions.ClientError, match="403"):
        client.complete_multipart_upload(Bucket="out", Key="a.zip", UploadId=upload, MultipartUpload={"Parts": sent})
    upload_state = blocked_after(proxied)["upload"]
    assert (upload_state["protocol"], upload_state["parts"], upload_state["released"]) == ("s3", 2, PART)


def test_s3_parts_that_overtake_each_other_are_put_in_order(proxied: System) -> None:
    client = s3(proxied)
    client.create_bucket(Bucket="mixed")
    upload = client.create_multipart_upload(Bucket="mixed", Key="a.zip")["UploadId"]
    pieces = [CUSTOMERS[start : start + PART] for start in range(0, len(CUSTOMERS), PART)]
    answers = {}
    for number in (3, 2, 1):
        try:
            client.upload_part(Bucket="mixed", Key="a.zip", UploadId=upload, PartNumber=number, Body=pieces[number - 1])
        except botocore.exceptions.ClientError:
            answers[number] = 403
    assert answers == {1: 403}
    assert blocked_after(proxied)["upload"]["parts"] == 3


def test_s3_lets_a_harmless_file_pass_as_it_is(proxied: System) -> None:
    client = s3(proxied)
    client.create_bucket(Bucket="fine")
    transfer = boto3.s3.transfer.TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=2)
    client.upload_fileobj(io.BytesIO(HARMLESS), "fine", "a.zip", Config=transfer)
    arrived = client.get_object(Bucket="fine", Key="a.zip")["Body"].read()
    assert hashlib.sha256(arrived).digest() == hashlib.sha256(HARMLESS).digest()


TUS = """
import sys
from tusclient import client
uploader = client.TusClient(sys.argv[1]).uploader(sys.argv[2], chunk_size=int(sys.argv[3]), retries=0)
uploader.upload()
"""


def tus(system: System, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", TUS, f"http://{HOST['tus']}/files/", str(path), str(PART // 2)],
        env={**os.environ, "http_proxy": system.url, "HTTP_PROXY": system.url, "no_proxy": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def test_tus_is_stopped_with_the_count_of_the_whole(proxied: System, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(CUSTOMERS)
    TusHandler.files.clear()
    done = tus(proxied, tmp_path / "a.zip")
    assert done.returncode != 0
    assert "403" in done.stderr
    ((_, arrived),) = TusHandler.files.items()
    state = blocked_after(proxied)["upload"]
    assert (state["protocol"], state["released"]) == ("tus", len(arrived))
    assert CUSTOMERS.startswith(bytes(arrived))
    assert len(arrived) <= PART


def test_tus_lets_a_harmless_file_pass_as_it_is(proxied: System, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(HARMLESS)
    TusHandler.files.clear()
    done = tus(proxied, tmp_path / "a.zip")
    assert (done.returncode, done.stderr) == (0, "")
    assert [bytes(file) for file in TusHandler.files.values()] == [HARMLESS]


def ranges(system: System, content: bytes, folder: Path, *, start: int = 0) -> list[int]:
    codes = []
    for first in range(start, len(content), PART):
        piece = content[first : first + PART]
        (folder / "piece").write_bytes(piece)
        told = f"Content-Range: bytes {first}-{first + len(piece) - 1}/{len(content)}"
        url = f"https://{HOST['range']}/session/{folder.name}"
        codes.append(
            curl(
                system, url, "--interface", system.sender, "-X", "PUT", "-H", told,
                "--data-binary", f"@{folder / 'piece'}",
            ).code
        )  # fmt: skip
    return codes


def test_content_range_is_stopped_with_the_count_of_the_whole(
    proxied: System, world: OriginThread, tmp_path: Path
) -> None:
    assert ranges(proxied, CUSTOMERS, tmp_path) == [200, 403, 403]
    assert [len(seen.body) for seen in world.seen] == [PART]
    assert blocked_after(proxied)["upload"] == {
        "protocol": "content-range", "parts": 2, "bytes": 2 * PART, "released": PART
    }  # fmt: skip


def test_content_range_lets_a_harmless_file_pass_as_it_is(proxied: System, world: OriginThread, tmp_path: Path) -> None:
    assert ranges(proxied, HARMLESS, tmp_path) == [200, 200, 200]
    assert b"".join(seen.body for seen in world.seen) == HARMLESS


@pytest.mark.parametrize("way", ["content-range", "s3", "tus"])
def test_a_real_spreadsheet_in_parts_has_the_count_of_the_whole(
    way: str, proxied: System, world: OriginThread, tmp_path: Path
) -> None:
    book = workbook()
    if way == "content-range":
        assert ranges(proxied, book, tmp_path)[-1] == 403
        left = sum(len(seen.body) for seen in world.seen)
    elif way == "s3":
        client = s3(proxied)
        client.create_bucket(Bucket="books")
        transfer = boto3.s3.transfer.TransferConfig(
            multipart_threshold=PART, multipart_chunksize=PART, use_threads=False
        )
        with pytest.raises(Exception, match="403"):
            client.upload_fileobj(io.BytesIO(book), "books", "a.xlsx", Config=transfer)
        left = blocked_after(proxied)["upload"]["released"]
        assert "Contents" not in client.list_objects_v2(Bucket="books")
    else:
        (tmp_path / "a.xlsx").write_bytes(book)
        TusHandler.files.clear()
        assert "403" in tus(proxied, tmp_path / "a.xlsx").stderr
        left = sum(map(len, TusHandler.files.values()))
    assert blocked_after(proxied)["upload"]["protocol"] == way
    assert left < len(book)


def test_an_upload_whose_beginning_was_not_seen_is_a_gap(proxied: System, world: OriginThread, tmp_path: Path) -> None:
    assert ranges(proxied, HARMLESS, tmp_path, start=PART) == [200, 200]
    reasons = {gap["reason"] for kept in proxied.events() for gap in kept.event.body["coverage"]["gaps"]}
    assert "partial" in reasons


def test_chunks_in_forms_are_put_together(proxied: System, world: OriginThread, tmp_path: Path) -> None:
    codes = []
    pieces = [CUSTOMERS[start : start + PART] for start in range(0, len(CUSTOMERS), PART)]
    for number, piece in enumerate(pieces):
        (tmp_path / "blob").write_bytes(piece)
        fields = {"chunk": number, "chunks": len(pieces), "name": "a.zip", "uid": tmp_path.name}
        sender = [part for name, value in fields.items() for part in ("-F", f"{name}={value}")]
        url = f"https://{HOST['range']}/upload"
        codes.append(
            curl(proxied, url, "--interface", proxied.sender, *sender, "-F", f"file=@{tmp_path / 'blob'}").code
        )
    assert codes == [200, 403, 403]
    assert blocked_after(proxied)["upload"]["protocol"] == "form-chunks"


def test_of_two_sessions_that_are_started_at_once_each_has_its_own_beginning(proxied: System) -> None:
    """Only the answer tells the name of a session, and both begin with as many bytes."""
    url = f"http://{HOST['tus']}/2/files/upload_session"
    sent = ("--interface", proxied.sender, "--data-binary", "@-", "--header", "Content-Type: application/octet-stream")
    names = []
    for first in (PIECES[0][1], random.Random(5).randbytes(len(PIECES[0][1]))):
        answer = curl(proxied, f"{url}/start", *sent, stdin=first)
        names.append(json.loads(answer.body)["session_id"])
    codes = []
    for start, piece in PIECES[1:]:
        told = json.dumps({"cursor": {"session_id": names[0], "offset": start}})
        codes.append(curl(proxied, f"{url}/append_v2", *sent, "--header", f"Dropbox-API-Arg: {told}", stdin=piece).code)
    assert 403 in codes


def test_what_was_kept_of_uploads_goes_with_the_proxy(
    certificates: Certificates, sites: OriginThread, tmp_path: Path
) -> None:
    with running(start_system(tmp_path / "one", certificates.ca, sites)) as system:
        assert isinstance(system, System)
        system.start_afresh()
        ranges(system, HARMLESS, tmp_path)
        assert any((system.state / "spool").iterdir())
        assert system.end() == 0
    with running(start_system(tmp_path / "one", certificates.ca, sites)) as system:
        assert wait_until(lambda: not any((tmp_path / "one" / "state" / "spool").iterdir()))


SLICES: Final = (0, 60, 700, 1500, 2500)
"""Where the archive of `sliced` is cut, from the name of its table on: no slice but the first says what it is."""
SESSION = "8c2f1d00-1111-2222-3333-444455556666"


def sliced() -> list[tuple[int, bytes]]:
    """Return the slices of a zip, each with its offset; the table lies behind noise and is cut into several."""
    made, noise = io.BytesIO(), random.Random(9).randbytes(20_000)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(zipfile.ZipInfo("noise.bin"), noise, zipfile.ZIP_STORED)
        out.writestr("orders.csv", as_csv(orders(250, seed=34)))
        out.writestr(zipfile.ZipInfo("more.bin"), noise, zipfile.ZIP_STORED)
    whole = made.getvalue()
    table = whole.index(b"orders.csv") + 10
    cuts = [0, *(table + cut for cut in SLICES[1:]), len(whole)]
    return [(start, whole[start:end]) for start, end in itertools.pairwise(cuts)]


PIECES = sliced()
LAST = len(PIECES) - 1


class Cut(NamedTuple):
    """Which slice a request is to have."""

    number: int
    start: int
    end: int


def _sharepoint(cut: Cut) -> str:
    call = "Start" if not cut.number else "Finish" if cut.number == LAST else "Continue"
    offset = f",fileOffset={cut.start}" if cut.number else ""
    return f"/_api/web/GetFileById('7')/{call}Upload(uploadId=guid'{SESSION}'{offset})"


def _dropbox(cut: Cut) -> tuple[str, str, dict[str, str]]:
    if not cut.number:
        return "POST", "/2/files/upload_session/start", {"Dropbox-API-Arg": '{"close": false}'}
    told: dict[str, Any] = {"cursor": {"session_id": SESSION, "offset": cut.start}}
    if cut.number == LAST:
        told["commit"] = {"path": "/a.zip"}
    call = "finish" if cut.number == LAST else "append_v2"
    return "POST", f"/2/files/upload_session/{call}", {"Dropbox-API-Arg": json.dumps(told)}


SPLIT: dict[str, Callable[[Cut], tuple[str, str, dict[str, str]]]] = {
    "a registry of containers": lambda cut: (
        *("PATCH", f"/v2/a/blobs/uploads/{SESSION}?_state=s{cut.number}"),
        {"Content-Range": f"{cut.start}-{cut.end - 1}"},
    ),
    "a registry of containers, without ranges": lambda cut: (
        *("PATCH", f"/v2/a/blobs/uploads/b{SESSION}?_state=s{cut.number}"),
        {},
    ),
    "Nextcloud": lambda cut: ("PUT", f"/remote.php/dav/uploads/li/web-77/{cut.number + 1:05}", {}),
    "SharePoint": lambda cut: ("POST", _sharepoint(cut), {}),
    "Dropbox": _dropbox,
    "Azure, names that do not count": lambda cut: (
        *("PUT", f"/c/a.zip?comp=block&blockid={hashlib.md5(bytes([cut.number])).hexdigest()}"),  # noqa: S324
        {},
    ),
    "OSS, what is added": lambda cut: ("POST", f"/a.zip?append&position={cut.start}", {}),
    "Google, older": lambda cut: (
        *("POST", "/resumable?upload_id=77aa"),
        {
            "X-Goog-Upload-Offset": str(cut.start),
            "X-Goog-Upload-Command": "upload, finalize" if cut.number == LAST else "upload",
        },
    ),
    "volumes that each are a file": lambda cut: ("PUT", f"/dav/a.7z.{cut.number + 1:03}", {}),
    "somebody's own": lambda cut: ("POST", "/up", {"X-File-Offset": str(cut.start), "X-Upload-Id": "77"}),
}


@pytest.mark.parametrize("way", SPLIT)
def test_slices_that_nobody_could_read_are_stopped_as_what_they_are_of(
    way: str, proxied: System, world: OriginThread
) -> None:
    codes = []
    for number, (start, piece) in enumerate(PIECES):
        method, target, fields = SPLIT[way](Cut(number, start, start + len(piece)))
        headers = [line for name, value in fields.items() for line in ("--header", f"{name}: {value}")]
        kind = ("--header", "Content-Type: application/octet-stream")
        sent = ("--interface", proxied.sender, "--request", method, "--data-binary", "@-")
        url = f"https://{HOST['range']}{target}"
        codes.append(curl(proxied, url, *sent, *kind, *headers, "--globoff", stdin=piece).code)
    assert codes[0] == 200
    assert 403 in codes[1:]
    stopped = [kept.event for kept in proxied.events() if kept.event.action == "block"]
    assert stopped[0].records
    assert sum(len(seen.body) for seen in world.seen) < sum(len(piece) for _, piece in PIECES)
