"""A body that is looked at while it comes in gives what the whole gives, or nothing."""

from __future__ import annotations

import io
import json
import random
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, inspect_long
from dlp_proxy.policy.load import load
from dlp_proxy.proxy.growing import GivenUpError, Growing
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.unpack_long import unpack_long
from tests.pipeline.test_enough import POLICY, message

SMALL = Limits(window_bytes=4096, long_bytes=4096, whole_bytes=4096, ratio_floor=1 << 26)
NOISE = random.Random(3).randbytes(100_000)
LINES = "".join(f"2025{n:012},Li Wei,138{n:08},somewhere\n" for n in range(900)).encode()


@pytest.fixture(scope="module")
def engine() -> Engine:
    loaded = load({"orders.yaml": POLICY}, date(2026, 1, 1), {})
    assert loaded.policy is not None
    return Engine(loaded.policy, KeyedFingerprint(b"k" * 32), SMALL)


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", content)
        archive.writestr("film.bin", NOISE)
    return packed.getvalue()


def tarred(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("orders.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def form(content: bytes) -> bytes:
    head = b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    return head + content + b"\r\n" + head + NOISE + b"\r\n--frontier--\r\n"


BODIES: dict[str, bytes] = {
    "a film": NOISE,
    "a film with records behind it": NOISE + LINES,
    "a table": LINES,
    "an archive": zipped(LINES),
    "an archive behind a film": NOISE + zipped(LINES),
    "an archive behind a table": LINES + b"\n" + zipped(LINES),
    "a tar archive": tarred(LINES),
    "a form": form(LINES),
    "a document": json.dumps([{"phone": f"138{n:08}", "order": f"2025{n:012}"} for n in range(900)]).encode(),
}


def comes(path: Path, body: bytes, pause: float = 0.001) -> threading.Thread:
    """Write a body piece by piece, as the proxy does."""

    def write() -> None:
        with path.open("ab", buffering=0) as file:
            for at in range(0, len(body), 7919):
                file.write(body[at : at + 7919])
                time.sleep(pause)

    path.touch()
    writer = threading.Thread(target=write)
    writer.start()
    return writer


def look(path: Path, size: int, engine: Engine, asked: Message) -> Inspection:
    with path.open("rb") as file:
        growing = Growing(file.fileno(), size)
        seen = inspect_long(asked, growing, engine)
        growing.finish()
        return seen


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_seen_is_what_the_whole_shows(kind: str, engine: Engine, tmp_path: Path) -> None:
    body = BODIES[kind]
    asked = replace(message(""), body=body)
    writer = comes(tmp_path / "body", body)
    seen = look(tmp_path / "body", len(body), engine, asked)
    writer.join()
    assert seen == inspect_long(asked, body, engine)
    assert seen.findings or kind == "a film"


@pytest.mark.parametrize("pieces", [[1 << 20], [100, 1 << 19, 5, 1 << 20], [300_000, 10, 400_000]])
def test_the_digest_is_that_of_the_whole_however_it_is_read(pieces: list[int], tmp_path: Path) -> None:
    body = random.Random(1).randbytes(3 << 20)
    (tmp_path / "body").write_bytes(body)
    with (tmp_path / "body").open("rb") as file:
        growing, at = Growing(file.fileno(), len(body)), 0
        for count in pieces:
            assert growing[at : at + count] == body[at : at + count]
            assert growing[max(0, at - 50) : at + 10] == body[max(0, at - 50) : at + 10]  # once more, hashed once
            at += count
        assert growing.sha256() == sha256(body).digest()


LONG: dict[str, Callable[[], bytes]] = {
    "a film": lambda: NOISE * 60,
    "a table": lambda: LINES * 120,
    "a tar archive": lambda: tarred(NOISE * 60),
    "a form": lambda: form(NOISE * 60),
    "a document": lambda: BODIES["a document"].replace(b"]", b"," + b"{}," * 2_000_000 + b"{}]"),
}


@pytest.mark.parametrize("kind", LONG)
def test_reading_begins_before_the_end_is_there(kind: str, engine: Engine, tmp_path: Path) -> None:
    body = LONG[kind]()
    (tmp_path / "body").write_bytes(body[: len(body) // 2])
    with (tmp_path / "body").open("rb") as file:
        growing = Growing(file.fileno(), len(body), wait_seconds=0.0)
        pieces = unpack_long(replace(message(""), body=body), Mapped(growing), engine.limits)
        assert any(part.text for part in next(pieces).parts)


def test_an_archive_stored_far_into_a_long_archive_is_opened(engine: Engine) -> None:
    """It is a stretch of the file: only in a compressed stream would it be too long to be opened."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in (("film.bin", NOISE * 12), ("orders.zip", zipped(LINES))):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    seen = inspect_long(replace(message(""), body=packed.getvalue()), packed.getvalue(), engine)
    assert len({one.fingerprint for one in seen.findings if one.kind == "phone"}) == 900
    assert {gap.reason for gap in seen.gaps} == {"unknown-format"}


def test_a_form_of_ends_without_end_is_read(engine: Engine) -> None:
    body = form(LINES) + b"--frontier--\r\n" * 20_000 + LINES.replace(b",138", b",139")
    asked = replace(message(""), body=body, headers=((b"content-type", b"multipart/form-data; boundary=frontier"),))
    phones = {one.fingerprint for one in inspect_long(asked, body, engine).findings if one.kind == "phone"}
    assert len(phones) == 1800


def test_what_is_looked_for_is_found_as_soon_as_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"x" * 5000 + b"needle" + b"y" * 100)
    with path.open("rb") as file:
        growing = Growing(file.fileno(), 1 << 20)
        assert (growing.find(b"needle"), growing[4998:5003], growing[5000]) == (5000, b"xxnee", ord("n"))
        assert (growing.find(b"needle", 5001, 5100), growing.rfind(b"x", 0, 5000)) == (-1, 4999)


@pytest.mark.parametrize(
    "read", [(), ((0, 40_000),), ((0, 10), (5, 70_000)), ((50_000, 60_000), (0, 20)), ((0, 100_000),)]
)
def test_the_digest_is_of_all_however_it_was_read(tmp_path: Path, read: tuple[tuple[int, int], ...]) -> None:
    (tmp_path / "body").write_bytes(NOISE)
    with (tmp_path / "body").open("rb") as file:
        body = Growing(file.fileno(), len(NOISE))
        for start, end in read:
            assert body[start:end] == NOISE[start:end]
        assert body.sha256() == sha256(NOISE).digest()


def test_what_lies_over_a_seam_is_found(tmp_path: Path) -> None:
    path = tmp_path / "body"
    body = b"x" * 7917 + b"needle" + b"y" * 9000
    writer = comes(path, body, pause=0.05)
    with path.open("rb") as file:
        growing = Growing(file.fileno(), len(body))
        assert growing.find(b"needle") == 7917
        assert bytes(memoryview(growing)) == body
        assert (growing.find(b"nowhere"), growing.rfind(b"y"), len(growing)) == (-1, len(body) - 1, len(body))
    writer.join()


def _go(path: Path) -> None:
    path.unlink()


def _stay(path: Path) -> None:
    assert path.exists()


@pytest.mark.parametrize(
    ("becomes", "says"),
    [pytest.param(_go, "went away", id="the sender goes"), pytest.param(_stay, "too slowly", id="nothing more comes")],
)
def test_what_does_not_come_whole_gives_nothing(
    becomes: Callable[[Path], None], says: str, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "body"
    path.write_bytes(NOISE)
    with path.open("rb") as file:
        growing = Growing(file.fileno(), 2 * len(NOISE), wait_seconds=0.2)
        becomes(path)
        with suppress(GivenUpError):  # unless a reader takes it for a broken file
            inspect_long(replace(message(""), body=NOISE), growing, engine)
        with path.open("ab") if path.exists() else file:
            if path.exists():
                path.write_bytes(NOISE + NOISE)  # too late: what was seen has a hole
            with pytest.raises(GivenUpError, match=says):
                growing.finish()
