from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dlp_proxy.stores.owner import must_be_ours, others_things
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir, replace_file, write_once


def test_state_folder_and_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "state")
    state.make()
    key = state.key()
    assert len(key) == 32
    assert state.path.stat().st_mode & 0o077 == 0
    assert state.fingerprint_key.stat().st_mode & 0o077 == 0


def test_the_key_stays_the_same(tmp_path: Path) -> None:
    assert StateDir(tmp_path).key() == StateDir(tmp_path).key()


def test_two_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from dlp_proxy.stores.state_dir import StateDir;"
        "print(StateDir(Path(sys.argv[1])).key().hex())"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in processes}) == 1


@pytest.mark.parametrize("write", [replace_file, write_once])
def test_what_was_written_outlives_a_power_cut_by_its_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], object]
) -> None:
    path = tmp_path / "file"
    synced: list[tuple[str, bytes]] = []
    fsync = os.fsync

    def telling(handle: int) -> None:
        fsync(handle)
        what = Path(f"/proc/self/fd/{handle}").readlink()
        synced.append(("folder", path.read_bytes()) if what == tmp_path else ("file", what.read_bytes()))

    monkeypatch.setattr(os, "fsync", telling)
    write(path, b"content")
    assert synced == [("file", b"content"), ("folder", b"content")]
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(StoreError, match="chmod 700"):
        StateDir(tmp_path).make()


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    state.key()
    state.fingerprint_key.write_bytes(b"short")
    with pytest.raises(StoreError, match="damaged"):
        state.key()


def test_fingerprints_meet_under_one_key_only() -> None:
    one, other = KeyedFingerprint(b"k" * 32), KeyedFingerprint(b"q" * 32)
    assert one("phone", "13800138000") == KeyedFingerprint(b"k" * 32)("phone", "13800138000")
    assert one("phone", "13800138000") != other("phone", "13800138000")
    assert one("phone", "13800138000") != one("id", "13800138000")
    assert len(one("phone", "1")) == 16
    assert "kkk" not in repr(one)


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
OTHER = 10_001


@AS_ROOT
@pytest.mark.parametrize(
    "writes",
    [
        pytest.param(lambda state: state.make(), id="the folders"),
        pytest.param(lambda state: state.key(), id="a key"),
        pytest.param(lambda state: SqliteStore(state.events), id="the store"),
    ],
)
def test_root_writes_nothing_into_the_folder_of_the_proxys_user(
    tmp_path: Path, writes: Callable[[StateDir], object]
) -> None:
    """`dlp-proxy keys init` on a shell of root left files that the proxy could not read, and it did not start again."""
    os.chown(tmp_path, OTHER, OTHER)
    with pytest.raises(
        StoreError, match=rf"belongs to {OTHER}, and this runs as root: .*`sudo -u #{OTHER} dlp-proxy \.\.\.`$"
    ):
        writes(StateDir(tmp_path))
    assert [path for path in tmp_path.rglob("*") if path.lstat().st_uid == 0] == []


@AS_ROOT
def test_what_somebody_else_left_there_is_named_with_its_mend(tmp_path: Path) -> None:
    state = StateDir(tmp_path)
    state.make()
    state.key()
    os.chown(state.fingerprint_key, OTHER, OTHER)
    with pytest.raises(StoreError, match=rf"fingerprint\.key belongs to {OTHER}, not to root: `chown -R 0 "):
        state.make()


@AS_ROOT
def test_what_a_file_system_puts_at_its_root_is_nobodys_fault(tmp_path: Path) -> None:
    """A disk of its own for the state folder has it, and the proxy did not start."""
    state = StateDir(tmp_path)
    state.make()
    found = tmp_path / "lost+found"
    found.mkdir()
    os.chown(found, OTHER, OTHER)
    assert others_things(tmp_path) is None
    state.make()


@AS_ROOT
def test_whose_folder_it_must_become_is_told_by_number_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of a container mean nothing on its host."""
    os.chown(tmp_path, OTHER, OTHER)
    monkeypatch.setattr(os, "geteuid", lambda: OTHER + 1)
    with pytest.raises(StoreError, match=rf"or `chown -R {OTHER + 1} {tmp_path}` where"):
        must_be_ours(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1)
    with pytest.raises(StoreError, match=rf"this runs as daemon \(1\): .*or `chown -R 1 {tmp_path}` where"):
        must_be_ours(tmp_path)
