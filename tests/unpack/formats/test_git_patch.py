"""Patches that hold whole files, as git itself writes and applies them."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import zlib
from pathlib import Path

from tests.unpack.samples import gaps_of, text_of, tight, unpack_body

CSV = "".join(f"SO-20260115-{number:06},13800138{number:03}\n" for number in range(300)).encode("utf-16")


def patch(data: bytes, name: str = "orders.bin") -> bytes:
    """Return the patch that makes a file of `data`."""
    packed = zlib.compress(data)
    lines = []
    for at in range(0, len(packed), 52):
        piece = packed[at : at + 52]
        size = len(piece)
        lines.append(bytes([size + 0x40 if size <= 26 else size - 26 + 0x60]) + base64.b85encode(piece, pad=True))
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    head = f"diff --git a/{name} b/{name}\nnew file mode 100644\nindex {'0' * 40}..{blob}\nGIT binary patch\n"
    body = b"literal %d\n%s\n\nliteral 0\nHcmV?d00001\n\n" % (len(data), b"\n".join(lines))
    return head.encode() + body


def _git(folder: Path, *words: str) -> bytes:
    author = ["-c", "user.name=x", "-c", "user.email=x@corp.example"]
    return subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True).stdout


def test_files_in_a_patch_by_git_itself_are_read(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    file = tmp_path / "orders.bin"
    file.write_bytes(CSV)
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "x")
    file.write_bytes(CSV + "SO-20260115-999999,13911112222".encode("utf-16-le"))
    whole, delta = _git(tmp_path, "show", "--binary"), _git(tmp_path, "diff", "--binary")
    assert b"literal" in whole
    assert b"delta" in delta
    assert "13800138299" in text_of(unpack_body(whole))
    assert "13911112222" in text_of(unpack_body(delta))


def test_the_patch_of_the_samples_is_one_that_git_applies(tmp_path: Path) -> None:
    (tmp_path / "x.patch").write_bytes(patch(CSV))
    _git(tmp_path, "apply", "x.patch")
    assert (tmp_path / "orders.bin").read_bytes() == CSV


def test_text_around_the_files_and_their_names_are_read() -> None:
    unpacked = unpack_body(b"Subject: 13700137000\n\n" + patch(CSV) + b"-- \n13600136000\n")
    assert {"13700137000", "13600136000"} <= set(text_of(unpacked).split())
    assert "orders.bin" in text_of(unpacked)


def test_what_is_broken_or_too_large_is_a_gap() -> None:
    assert [reason for reason, _ in gaps_of(unpack_body(patch(CSV)[:-400]))] == ["malformed"]
    large = patch(bytes(30_000_000))
    assert "too-large" in [reason for reason, _ in gaps_of(unpack_body(large, limits=tight()))]


def test_the_words_alone_are_a_text() -> None:
    unpacked = unpack_body(b"a GIT binary patch is told by these words\n13800138000\n")
    assert "13800138000" in text_of(unpacked)
    assert not unpacked.gaps
