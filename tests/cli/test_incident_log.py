"""Verify, anchor, purge and hold, as people call them, on a store that a proxy could have written."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.model.event import Outcome
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from tests.cli.commands import Done, dlp_proxy_here
from tests.stores.kept import event, tampering


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder with five events, the last without an outcome."""
    state = StateDir(tmp_path_factory.mktemp("incident") / "state")
    state.make()
    store = SqliteStore(state.events, state.key_of_log(), KeyedFingerprint(state.key()).name, "node-1")
    store.log(Entry("start", more={"worker": "w1"}))
    for number in range(5):
        one = event(number, time.time() - (200 if number < 2 else 1) * 24 * 3600)
        store.record(one).result(10)
        if number < 4:
            store.outcome(Outcome(one.uid, one.time, "blocked"))
    store.sign().result(10)
    store.close()
    return state.path


@pytest.fixture
def state(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "state"))


def incident(state: Path, *words: str | Path) -> Done:
    return dlp_proxy_here("incident", *words, "--state", state)


def test_without_an_anchor_it_is_self_consistent_only(state: Path) -> None:
    done = incident(state, "verify", "--log")
    assert done.code == 2
    assert "self-consistent only" in done.out
    assert "5 events with 10 postings and 4 outcomes, all as written" in done.out
    assert "1 events have no outcome" in done.out


def test_with_an_anchor_from_outside_it_is_proved(state: Path, tmp_path: Path) -> None:
    exported = incident(state, "anchor", "export", "--to", tmp_path / "a.note")
    key = exported.out.split("key      ")[1].strip()
    done = incident(state, "verify", "--log", "--anchor", tmp_path / "a.note", "--key", key, "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["ok"], answer["fault"]) == (0, True, None)
    assert answer["anchored"] == 10
    assert answer["entries"] == 12  # the checkpoint and the export came after
    assert answer["key"] == key


def test_a_printed_note_is_an_anchor_too(state: Path, tmp_path: Path) -> None:
    (tmp_path / "a.note").write_text(incident(state, "anchor", "export").out)
    assert incident(state, "verify", "--log", "--anchor", tmp_path / "a.note").code == 0


def test_a_change_is_named_and_exits_1(state: Path) -> None:
    tampering(state / "events.db", "UPDATE event SET user = 'wu' WHERE sequence = 3")
    done = incident(state, "verify", "--log")
    assert done.code == 1
    assert "CHANGED  edited, event 3:" in done.out
    tampering(state / "events.db", "DELETE FROM log WHERE number = 4")
    answer = json.loads(incident(state, "verify", "--log", "--json").out)
    assert (answer["fault"]["kind"], answer["fault"]["number"]) == ("removed", 4)


def test_an_anchor_of_another_log_is_no_wrong_usage_but_a_fault(state: Path, written: Path, tmp_path: Path) -> None:
    incident(state, "anchor", "export", "--to", tmp_path / "a.note")
    for name in ("log.key", "log.pub.pem"):
        (state / "keys" / name).unlink()
    StateDir(state).key_of_log()
    done = incident(state, "verify", "--log", "--anchor", tmp_path / "a.note")
    assert done.code == 1
    assert "forged, anchor 0" in done.out


def test_wrong_usage_is_told(state: Path, tmp_path: Path) -> None:
    assert incident(state, "verify").code == 2
    assert "no verifier key" in incident(state, "verify", "--log", "--key", "x").err
    assert "cannot read the anchor" in incident(state, "verify", "--log", "--anchor", tmp_path / "none").err
    assert "--tsq needs --to" in incident(state, "anchor", "export", "--tsq", tmp_path / "q").err
    assert "has run" in incident(tmp_path / "nowhere", "verify", "--log").err


AUTHORITY = """
[tsa]
default_tsa = own
[own]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
crypto_device = builtin
[ext]
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = name
[name]
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a time stamp authority of our own."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    openssl(
        folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "tsa.pem", "-days", "2",
        "-subj", "/CN=tsa.example", "-config", "tsa.cnf", "-extensions", "ext",
    )  # fmt: skip
    return folder


def openssl(folder: Path, *words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True)


def stamp(authority: Path, query: Path, reply: Path) -> None:
    openssl(
        authority, "ts", "-reply", "-queryfile", query, "-signer", "tsa.pem", "-inkey", "key.pem", "-config", "tsa.cnf",
        "-out", reply,
    )  # fmt: skip


def test_a_time_stamp_of_an_authority_is_asked_for_kept_and_checked(
    state: Path, authority: Path, tmp_path: Path
) -> None:
    note, query, reply = (tmp_path / f"a.{kind}" for kind in ("note", "tsq", "tsr"))
    incident(state, "anchor", "export", "--to", note, "--tsq", query)
    stamp(authority, query, reply)
    kept = incident(state, "anchor", "import", reply, "--note", note)
    assert (kept.code, "over 10 entries, kept" in kept.out) == (0, True)
    words = ("verify", "--log", "--anchor", note, "--tsr", reply, "--ca", authority / "tsa.pem")
    done = incident(state, *words)
    assert done.code == 0
    assert "entries 1 to 10, stamped " in done.out
    assert "GMT" in done.out
    other = incident(state, "anchor", "export", "--to", tmp_path / "b.note")
    assert other.code == 0
    wrong = incident(state, "verify", "--log", "--anchor", tmp_path / "b.note", *words[4:])
    assert wrong.code == 1
    assert "the time stamp is not good" in wrong.err


def test_what_is_no_attestation_is_not_kept(state: Path, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello")
    assert incident(state, "anchor", "import", tmp_path / "x").code == 2
    incident(state, "anchor", "export", "--to", tmp_path / "a.note")
    assert incident(state, "anchor", "import", tmp_path / "a.note").code == 0
    assert incident(state, "anchor", "import", tmp_path / "x", "--note", tmp_path / "a.note").code == 2


def test_purging_forgets_what_is_not_held_and_the_log_verifies(state: Path) -> None:
    uid = event(1).uid
    assert "1 events held" in incident(state, "hold", uid, "--reason", "case 7").out
    assert "1 events would be forgotten" in incident(state, "purge", "--older-than", "180", "--dry-run").out
    assert "1 events forgotten" in incident(state, "purge", "--older-than", "180").out
    assert "1 events released" in incident(state, "release", "--reason", "case 7").out
    assert json.loads(incident(state, "purge", "--older-than", "180", "--json").out) == {"forgotten": 1, "due": 0}
    done = incident(state, "verify", "--log")
    assert done.code == 2
    assert "3 events with 6 postings and 2 outcomes, all as written; 2 events were forgotten by retention" in done.out
    assert incident(state, "show", uid).code == 1


def test_a_hold_that_ended_or_is_of_nothing(state: Path) -> None:
    assert incident(state, "hold", event(0).uid, "--reason", "old", "--until", "2020-01-01").code == 2
    assert incident(state, "hold", event(0).uid, "--reason", "old", "--until", "2100-01-01").code == 0
    tampering(state / "events.db", "UPDATE hold SET until = 1")  # as if that day had passed
    assert "2 events would be forgotten" in incident(state, "purge", "--older-than", "180", "--dry-run").out
    assert incident(state, "hold", "inc-none", "--reason", "x").code == 1
    assert incident(state, "release", "--reason", "none").code == 1
