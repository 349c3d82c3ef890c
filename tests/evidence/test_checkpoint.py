from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from dlp_proxy.evidence.checkpoint import Checkpoint, NoteError, Signer, checkpoint_of, public_of, verifier_of

SIGNER = Signer("dlp_proxy/node-1/log", b"s" * 32)
CHECKPOINT = Checkpoint(SIGNER.name, 1234, b"r" * 32, 1_764_362_453_123)
NOTE = SIGNER.sign(CHECKPOINT.text)


def numbered(note: str, key: bytes) -> str:
    """Return a note whose signature names a key of that number."""
    head, _, signed = note.rstrip("\n").rpartition(" ")
    return f"{head} {base64.b64encode(key + base64.b64decode(signed)[4:]).decode()}\n"


def test_a_note_has_the_form_of_a_transparency_log() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == [SIGNER.name, "1234", base64.b64encode(b"r" * 32).decode(), "2025-11-28T20:40:53.123000Z"]
    assert lines[4] == ""
    assert lines[5].startswith(f"— {SIGNER.name} ")
    assert lines[6:] == [""]


def test_a_note_is_read_back_as_it_was_signed() -> None:
    assert checkpoint_of(NOTE, SIGNER.verifier) == CHECKPOINT


def test_signatures_of_others_may_stand_beside_ours() -> None:
    witness = Signer("witness.example", b"w" * 32).sign(CHECKPOINT.text).splitlines()[-1]
    assert checkpoint_of(f"{NOTE}{witness}\n", SIGNER.verifier) == CHECKPOINT
    assert checkpoint_of(NOTE.replace("\n\n", f"\n\n{witness}\n"), SIGNER.verifier) == CHECKPOINT


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(NOTE.replace("1234", "1233"), id="another size"),
        pytest.param(NOTE.replace("— dlp", "— DLP"), id="another name"),
        pytest.param(Signer(SIGNER.name, b"o" * 32).sign(CHECKPOINT.text), id="another key"),
        pytest.param(NOTE.partition("\n\n")[0], id="no signature"),
        pytest.param(numbered(NOTE, b"\0\0\0\0"), id="our signature under the number of another key"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_note_that_was_changed_is_not_believed(note: str) -> None:
    with pytest.raises(NoteError, match="not signed by"):
        checkpoint_of(note, SIGNER.verifier)


def test_a_signed_text_that_is_no_checkpoint_is_told_apart() -> None:
    with pytest.raises(NoteError, match="no checkpoint"):
        checkpoint_of(SIGNER.sign("hello\nworld\n"), SIGNER.verifier)


def test_a_verifier_key_is_read_back_and_a_mistyped_one_refused() -> None:
    line = str(SIGNER.verifier)
    assert verifier_of(f"{line}\n") == SIGNER.verifier
    for wrong in (line.replace("node-1", "node-2"), line[:-4], "nonsense"):
        with pytest.raises(NoteError, match="no verifier key"):
            verifier_of(wrong)


def test_openssl_alone_can_check_the_signature(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(SIGNER.verifier.pem)
    (tmp_path / "text").write_text(CHECKPOINT.text)
    (tmp_path / "sig").write_bytes(base64.b64decode(NOTE.split(" ")[-1])[4:])
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "text", "-sigfile", "sig"]
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "text").write_text(CHECKPOINT.text.replace("1234", "1235"))
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_the_secret_is_not_shown() -> None:
    assert "ssss" not in repr(SIGNER)


def test_only_a_key_of_this_kind_is_read() -> None:
    assert public_of(SIGNER.verifier.pem) == SIGNER.verifier.public
    with pytest.raises(ValueError, match="PEM"):
        public_of(b"nothing")
