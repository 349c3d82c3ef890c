"""The tamper matrix of bundles: what somebody may do to one, and that it is refused and the file named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.evidence.timestamp import query_of
from dlp_proxy.reporting.bundle.bag import PUBLIC, QUERY, SIGNATURE, TAGS
from dlp_proxy.reporting.bundle.strict import RefusedError
from dlp_proxy.reporting.bundle.verify import verify_bundle
from tests.cli.commands import Done, dlp_proxy_here
from tests.reporting.bundles import bundle_of, files_of, list_again, sign_again
from tests.reporting.store import Told

OTHER: Final = b"o" * 32
EVENTS: Final = "data/events.jsonl"


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle, the secret key it was signed with, and a note that somebody was given before."""

    folder: Path
    secret: bytes
    note: str


@pytest.fixture(scope="module")
def once_made(once_told: Told, tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("made")
    shutil.copytree(once_told.state.path, place / "state")
    told = Told(type(once_told.world)(type(once_told.state)(place / "state")), once_told.case, once_told.incident)
    dlp_proxy_here("incident", "anchor", "export", "--to", place / "a.note", "--state", told.state.path)
    return Made(bundle_of(told, place / "bag"), told.state.key_of_log(), (place / "a.note").read_text())


@pytest.fixture
def made(once_made: Made, tmp_path: Path) -> Made:
    return Made(Path(shutil.copytree(once_made.folder, tmp_path / "bag")), once_made.secret, once_made.note)


def refused(folder: Path) -> str:
    """Return the file that a bundle was refused for; nothing where it was believed."""
    try:
        verify_bundle(folder)
    except RefusedError as error:
        return error.file
    return ""


def shell(folder: Path, *words: str) -> Done:
    """Run the bundle's own check in a shell that has nothing, not even a PATH."""
    words = ("env", "-i", "/bin/sh", str(folder / "verify.sh"), *words)
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", timeout=60)
    return Done(done.returncode, done.stdout, done.stderr)


def flip(path: Path, at: int = -1) -> None:
    held = bytearray(path.read_bytes())
    held[at if at >= 0 else len(held) // 2] ^= 1
    path.write_bytes(bytes(held))


def test_an_untouched_one_is_believed_by_us_and_by_stock_tools(made: Made) -> None:
    found = verify_bundle(made.folder)
    assert (found.files, found.events, found.vouched, found.anchored) == (30, 6, False, 0)
    done = shell(made.folder)
    assert (done.code, done.err) == (0, "")
    assert "OK: every file is as it was signed" in done.out
    assert f"SHA-256 of the public key: {sha256(found.key.der).hexdigest()}" in done.out
    assert shell(made.folder, sha256(found.key.der).hexdigest()).code == 0
    assert shell(made.folder, "0" * 64).code == 1


def test_the_program_runs_nowhere_in_the_bundles_own_check(made: Made) -> None:
    text = (made.folder / "verify.sh").read_text()
    assert "dlp" not in text.lower().replace("dlp-proxy", "dlp")
    tools = {"sha256sum", "openssl", "command", "printf", "echo", "cd"}
    assert "python" not in text
    assert tools & set(text.split()) >= {"sha256sum", "openssl"}


def test_one_byte_changed_anywhere_is_refused_and_the_file_named(made: Made) -> None:
    looked = 0
    for name, held in files_of(made.folder).items():
        looked += 1
        flip(made.folder / name)
        # With the signature, the key or the signed list itself in doubt nobody can tell which of the three it was.
        assert refused(made.folder) in ({SIGNATURE, PUBLIC, TAGS} if name in {SIGNATURE, PUBLIC, TAGS} else {name})
        (made.folder / name).write_bytes(held)
    assert looked == 30
    assert refused(made.folder) == ""


def test_every_file_cut_deleted_or_made_longer_is_refused_and_named(made: Made) -> None:
    for name, held in files_of(made.folder).items():
        path = made.folder / name
        mine = {SIGNATURE, PUBLIC, TAGS} if name in {SIGNATURE, PUBLIC, TAGS} else {name}
        for other in (held[:-1], held + b"\n", b""):
            path.write_bytes(other)
            assert refused(made.folder) in mine
        path.unlink()
        assert refused(made.folder) == name
        path.write_bytes(held)
    assert refused(made.folder) == ""


def _swap_lines(folder: Path, name: str) -> None:
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    lines[0], lines[1] = lines[1], lines[0]
    (folder / name).write_bytes(b"".join(lines))


def _link(folder: Path) -> None:
    (folder / "data/edges.csv").rename(folder.parent / "edges.csv")
    (folder / "data/edges.csv").symlink_to(folder.parent / "edges.csv")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "data/pipe")


def _write(name: str) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")

    return do


def _outside(path: str) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        line = f"{sha256(b'x').hexdigest()}  {path}\n"
        (folder / "manifest-sha256.txt").write_text(line + (folder / "manifest-sha256.txt").read_text())

    return do


CASES: Final = (
    pytest.param(lambda f: _swap_lines(f, EVENTS), EVENTS, id="lines of events in another order"),
    pytest.param(lambda f: _swap_lines(f, "data/custody.jsonl"), "data/custody.jsonl", id="lines of custody"),
    pytest.param(lambda f: _swap_lines(f, "manifest-sm3.txt"), "manifest-sm3.txt", id="lines of a manifest"),
    pytest.param(_write("data/extra.txt"), "data/extra.txt", id="a file put in"),
    pytest.param(_write("extra.txt"), "extra.txt", id="a file put in beside"),
    pytest.param(_write(".hidden"), ".hidden", id="a hidden file put in"),
    pytest.param(_write("sig/other.pem"), "sig/other.pem", id="a second key put in"),
    pytest.param(_write("fetch.txt"), "fetch.txt", id="a list of what to fetch"),
    pytest.param(_link, "data/edges.csv", id="a link in the place of a file"),
    pytest.param(_pipe, "data/pipe", id="a pipe"),
    pytest.param(
        _write("data/coverage.csv\ndata/custody.jsonl"),  # two lines of the manifest in a row
        "data/coverage.csv\ndata",
        id="a file whose name is lines of a manifest",
    ),
    pytest.param(_outside("../../etc/passwd"), "manifest-sha256.txt", id="a path that leads out"),
    pytest.param(_outside("/etc/passwd"), "manifest-sha256.txt", id="an absolute path"),
)


@pytest.mark.parametrize(("tamper", "named"), CASES)
def test_tampering_is_refused_by_us_and_by_the_shell(made: Made, tamper: Callable[[Path], None], named: str) -> None:
    tamper(made.folder)
    assert refused(made.folder) == named
    done = shell(made.folder)
    assert done.code == 1
    assert done.out.startswith("CHANGED: ")
    assert named in done.out


SIGNED_CASES: Final = (
    pytest.param(_write("data/Edges.csv"), "data/edges.csv", id="two names that are one on some systems"),
    pytest.param(_write("data/a\u202eb"), "data/a\u202eb", id="a name that turns round"),
    pytest.param(_write("data/a\\b"), "data/a\\b", id="a name that is a path elsewhere"),
    pytest.param(_write("C:x"), "C:x", id="a name with a drive"),
    pytest.param(_write("fetch.txt"), "fetch.txt", id="a list of what to fetch"),
)


@pytest.mark.parametrize(("tamper", "named"), SIGNED_CASES)
def test_names_that_mean_something_else_elsewhere_are_refused_even_signed(
    made: Made, tamper: Callable[[Path], None], named: str
) -> None:
    tamper(made.folder)
    sign_again(made.folder, made.secret)
    assert refused(made.folder) == named


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "data/../../x"])
def test_paths_that_lead_out_are_refused_even_signed(made: Made, path: str) -> None:
    _outside(path)(made.folder)
    lines = {one[66:]: one[:64] for one in (made.folder / TAGS).read_text().splitlines()}
    lines["manifest-sha256.txt"] = sha256((made.folder / "manifest-sha256.txt").read_bytes()).hexdigest()
    signed = "".join(f"{lines[name]}  {name}\n" for name in sorted(lines)).encode()
    (made.folder / TAGS).write_bytes(signed)
    (made.folder / QUERY).write_bytes(query_of(signed))
    (made.folder / SIGNATURE).write_bytes(Ed25519PrivateKey.from_private_bytes(made.secret).sign(signed))
    assert refused(made.folder) == "manifest-sha256.txt"
    assert shell(made.folder).code == 1


def test_lists_made_anew_without_the_key_are_refused(made: Made) -> None:
    flip(made.folder / EVENTS)
    list_again(made.folder)
    assert refused(made.folder) == TAGS
    done = shell(made.folder)
    assert (done.code, done.out) == (1, "CHANGED: tagmanifest-sha256.txt is not what was signed\n")


def test_all_made_anew_with_another_key_needs_the_right_one_to_compare(made: Made) -> None:
    key = verify_bundle(made.folder).key
    sign_again(made.folder, OTHER, own_key=True)
    with pytest.raises(RefusedError, match=r"sig/pub.pem: is not the key that you were told"):
        verify_bundle(made.folder, key)
    text = (made.folder / "data/log/checkpoint.txt").read_text().split("\n\n")[0] + "\n"
    (made.folder / "data/log/checkpoint.txt").write_text(Signer(key.name, OTHER).sign(text))
    sign_again(made.folder, OTHER, own_key=True)
    with pytest.raises(RefusedError, match=r"sig/pub.pem: did not sign the anchor a.note"):
        verify_bundle(made.folder, None, [("a.note", made.note)])
    assert verify_bundle(made.folder).vouched is False
    assert shell(made.folder, sha256(key.der).hexdigest()).code == 1


def _edit_event(folder: Path) -> None:
    lines = (folder / EVENTS).read_bytes().splitlines()
    facts = json.loads(lines[0])
    facts["message"] = "log: 1 customers by wu to pan.example"
    (folder / EVENTS).write_bytes(b"\n".join([canonical(facts), *lines[1:]]) + b"\n")


def _drop_event(folder: Path) -> None:
    lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    (folder / EVENTS).write_bytes(b"".join(lines[1:]))


def _edit_custody(folder: Path) -> None:
    text = (folder / "data/custody.jsonl").read_text()
    (folder / "data/custody.jsonl").write_text(text.replace('"who":"li.na"', '"who":"nobody"', 1))


def _edit_entry(folder: Path) -> None:
    text = (folder / "data/log/entries.jsonl").read_text()
    (folder / "data/log/entries.jsonl").write_text(text.replace('"fate":"accepted"', '"fate":"refused"', 1))


KEYHOLDER: Final = (
    pytest.param(_edit_event, EVENTS, id="an event"),
    pytest.param(_drop_event, EVENTS, id="an event taken out"),
    pytest.param(lambda f: _swap_lines(f, EVENTS), EVENTS, id="events in another order"),
    pytest.param(_edit_custody, "data/custody.jsonl", id="who did it"),
    pytest.param(_edit_entry, "data/log/entries.jsonl", id="an entry of the log"),
)


@pytest.mark.parametrize(("tamper", "named"), KEYHOLDER)
def test_whoever_has_the_key_still_cannot_say_other_than_the_log(
    made: Made, tamper: Callable[[Path], None], named: str
) -> None:
    tamper(made.folder)
    sign_again(made.folder, made.secret)
    assert refused(made.folder) == named


def test_an_anchor_that_was_kept_vouches_and_one_of_another_history_does_not(made: Made) -> None:
    found = verify_bundle(made.folder, None, [("a.note", made.note)])
    assert found.vouched
    assert 0 < found.anchored < found.checkpoint.size
    text, key = made.note.split("\n\n")[0].split("\n"), verify_bundle(made.folder).key
    text[2] = "A" * 43 + "="
    forged = Signer(key.name, made.secret).sign("\n".join(text) + "\n")
    with pytest.raises(RefusedError, match=r"checkpoint.txt: does not go on from the anchor b.note"):
        verify_bundle(made.folder, None, [("b.note", forged)])


def test_an_anchor_that_is_newer_vouches_for_the_key_only(made: Made) -> None:
    key = verify_bundle(made.folder).key
    newer = "\n".join([key.name, "9999", "A" * 43 + "=", "2026-12-01T00:00:00.000000Z", ""])
    found = verify_bundle(made.folder, None, [("n.note", Signer(key.name, made.secret).sign(newer))])
    assert (found.vouched, found.anchored) == (True, 0)


def test_the_command_says_it_and_exits_as_it_should(made: Made, tmp_path: Path) -> None:
    def verify(*words: str | Path) -> Done:
        return dlp_proxy_here("incident", "verify", made.folder, *words)

    (tmp_path / "a.note").write_text(made.note)
    alone = verify()
    assert (alone.code, "self-consistent only" in alone.out) == (2, True)
    key = alone.out.split("key      ")[1].split("  ")[0]
    assert (verify("--key", key).code, verify("--anchor", tmp_path / "a.note").code) == (0, 0)
    assert json.loads(verify("--key", key, "--json").out)["vouched"] is True
    flip(made.folder / EVENTS)
    done = verify("--key", key)
    assert (done.code, done.out) == (1, "CHANGED  data/events.jsonl: was changed: its SHA256 is another\n")
    assert json.loads(verify("--json").out)["file"] == EVENTS
    assert verify("--log").code == 2
    assert dlp_proxy_here("incident", "verify", tmp_path / "none").code == 1
