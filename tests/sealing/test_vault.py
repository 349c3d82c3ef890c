"""Sealing to disk: what is kept, what is not, and what a failure leaves."""

from __future__ import annotations

import base64
import errno
import gzip
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.sealing.people import DAY, PublicKey
from dlp_proxy.sealing.vault import Bounds, NotKeptError, Vault, blobs_of, shares_of, shares_path
from dlp_proxy.stores.state_dir import StateDir
from tests.sealing.world import CANARY, MESSAGE, World, make_world, message

ROOT = Path(__file__).parents[2]


def _open(world: World, held: Any) -> tuple[dict[str, Any], bytes]:
    request = world.desk.request(held, world.identities["li"], "test")
    grant = world.desk.approve(request, held, world.identities["dpo"], 3600)
    found = world.desk.open(request, grant, held, [world.identities["li"]])
    return found.head, b"".join(found.body)


def _left(state: StateDir) -> list[str]:
    return [str(path) for folder in (state.blobs, state.shares) for path in folder.rglob("*") if path.is_file()]


def test_a_request_comes_back_byte_by_byte_without_its_credentials(world: World) -> None:
    head, body = _open(world, world.seal())
    assert body == MESSAGE.body
    assert head["headers"] == [["Content-Type", "text/plain"], ["Cookie", ""], ["X-Caf\xe9", "\xff\x00"]]
    assert head["cut_headers"] == ["Cookie"]
    assert (head["method"], head["target"], head["site"]) == ("POST", "/u?x=1", "pan.example")
    assert head["body"] == {"bytes": len(body), "kept": [[0, len(body)]], "why_not_whole": None}


def test_a_body_in_a_file_is_sealed_from_there(world: World, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    (tmp_path / "held").write_bytes(content)
    one = replace(MESSAGE, body=b"", body_file=str(tmp_path / "held"), body_file_bytes=len(content))
    held = world.seal(one)
    assert (held.pointer.kept, held.pointer.body) == ("whole", len(content))
    assert _open(world, held)[1] == content


def test_of_a_long_body_both_ends_are_kept_and_it_is_said(world: World) -> None:
    world.bounds = Bounds(body_bytes=100, room=0)
    content = bytes(number % 251 for number in range(1000))
    held = world.seal(message(1, content))
    head, body = _open(world, held)
    assert (held.pointer.kept, body) == ("ends", content[:50] + content[-50:])
    assert head["body"]["kept"] == [[0, 50], [950, 1000]]
    assert "longer than 100 bytes" in head["body"]["why_not_whole"]


def test_of_a_body_that_was_not_taken_in_the_head_is_kept(world: World) -> None:
    one = replace(MESSAGE, body=b"", gaps=(Gap("too-large", Location("body")),))
    held = world.seal(one)
    assert held.pointer.kept == "head"
    assert _open(world, held)[0]["target"] == "/u?x=1"


def test_a_request_without_a_body_is_whole(world: World) -> None:
    assert world.seal(message(1, b"")).pointer.kept == "whole"


def test_the_state_folder_holds_no_value_in_any_spelling(world: World) -> None:
    texts = (
        CANARY.encode(), CANARY.encode("utf-16-le"), CANARY.encode("gbk"), base64.b64encode(CANARY.encode()),
        gzip.compress(f"{CANARY} {CANARY}".encode(), mtime=0),
    )  # fmt: skip
    for number, text in enumerate(texts):
        world.seal(message(number, text))
    _open(world, world.seal(message(99, texts[0])))
    kept = b"".join(path.read_bytes() for path in world.state.path.rglob("*") if path.is_file())
    assert [text for text in texts if text in kept] == []
    assert b"secret-cookie" not in kept
    assert len(list(blobs_of(world.state))) == len(texts) + 1


@pytest.mark.parametrize(
    ("role", "why"), [("investigator", "no approver"), ("approver", "no investigator")], ids=["one", "other"]
)
def test_without_somebody_in_each_role_nothing_is_kept(tmp_path: Path, role: Any, why: str) -> None:
    world = make_world(tmp_path, staffed=False)
    world.add("alone", role)
    with pytest.raises(NotKeptError, match=f"{why} has a key in force"):
        world.seal()
    assert _left(world.state) == []


def test_a_key_that_ended_or_stands_in_both_roles_is_not_sealed_to(tmp_path: Path) -> None:
    world = make_world(tmp_path, staffed=False)
    world.add("li", "investigator")
    world.add("late", "approver", days=-1)
    with pytest.raises(NotKeptError, match="no approver"):
        world.seal()
    # Written by hand, past the register's own check: one key in both roles would open alone.
    key = PublicKey("x", "approver", world.identities["li"].recipient, time.time(), time.time() + DAY)
    text = (world.state.people / f"investigator-{key.fingerprint}.json").read_text()
    (world.state.people / f"approver-{key.fingerprint}.json").write_text(text.replace("investigator", "approver"))
    with pytest.raises(NotKeptError, match="no investigator and no approver"):
        world.seal()


def test_a_running_vault_sees_a_new_key_with_the_next_message(tmp_path: Path) -> None:
    world = make_world(tmp_path, staffed=False)
    vault = Vault(world.state, world.bounds)
    world.add("li", "investigator")
    with pytest.raises(NotKeptError):
        vault.seal(message(1), threading.Event())
    world.add("dpo", "approver")
    assert vault.seal(message(2), threading.Event()).kept == "whole"


def test_over_the_budget_nothing_is_kept_until_there_is_room(world: World) -> None:
    vault = Vault(world.state, Bounds(disk_bytes=60_000, room=0))
    first = vault.seal(message(1, bytes(30_000)), threading.Event())
    with pytest.raises(NotKeptError, match="are used up"):
        vault.seal(message(2, bytes(30_000)), threading.Event())
    assert vault.used == first.size
    vault.forget(message(1).uid, first.blob)
    assert vault.seal(message(2, bytes(30_000)), threading.Event()).kept == "whole"


def test_a_disk_that_is_almost_full_is_left_to_the_events(world: World) -> None:
    with pytest.raises(NotKeptError, match="almost full"):
        Vault(world.state, Bounds(room=1 << 60)).seal(MESSAGE, threading.Event())


def test_whatever_call_to_the_disk_fails_nothing_is_left_and_nothing_believed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Nth call that reaches the disk fails, for N from 1 until a run has no failure; SQLite tests itself so."""
    calls = 0
    failing = 0

    def counted(real: Any) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **named)

        return call

    for name in ("open", "fsync", "fdopen", "replace", "mkdir"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    survived = 0
    for failing in range(1, 100):
        calls = 0
        vault = Vault(world.state, world.bounds)
        failed = ""
        try:
            vault.seal(message(failing), threading.Event())
        except NotKeptError as error:
            failed = str(error)
        if calls < failing:
            break
        assert "disk said no" in failed or "cannot" in failed
        survived += 1
        assert _left(world.state) == []
        assert vault.used == 0
    assert survived >= 7
    assert [message(failing).uid] == list(shares_of(world.state))


def test_what_nobody_waits_for_any_more_leaves_nothing(world: World) -> None:
    gone = threading.Event()
    gone.set()
    with pytest.raises(NotKeptError):
        Vault(world.state, world.bounds).seal(MESSAGE, gone)
    assert _left(world.state) == []


def test_a_held_body_that_is_gone_is_not_kept(world: World) -> None:
    with pytest.raises(NotKeptError):
        world.seal(replace(MESSAGE, body=b"", body_file="/nonexistent/body", body_file_bytes=10))
    assert _left(world.state) == []


def test_forgetting_takes_the_shares_and_the_content(world: World) -> None:
    held = world.seal()
    path = shares_path(world.state, held.event)
    with path.open("rb") as still_open:
        vault = Vault(world.state, world.bounds)
        assert vault.forget(held.event, held.pointer.blob)
        assert set(still_open.read()) == {0}  # overwritten, not only unlinked
    assert _left(world.state) == []
    assert not vault.forget(held.event, held.pointer.blob)


def test_what_another_proxy_is_sealing_now_is_left_alone(world: World) -> None:
    under_way = world.state.blobs / f".sealing-{os.getpid()}-ab"
    left = [world.state.blobs / f".sealing-{name}" for name in ("nonsense", f"{2**22 + 1}-ab")]
    for path in (under_way, *left):
        path.touch()
    Vault(world.state, world.bounds).prepare()
    assert [path.exists() for path in (under_way, *left)] == [True, False, False]


def test_killed_while_it_seals_it_leaves_nothing_half() -> None:
    """`python -m tests.sealing.crash 100` does it a hundred times."""
    # A process of its own: it forks, which must not be done beside the threads of other tests.
    words = [sys.executable, "-m", "tests.sealing.crash", "5"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("Deaths(times=5, ")) == (0, True), done.stderr
