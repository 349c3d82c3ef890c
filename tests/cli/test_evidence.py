"""Keys, evidence and reveals on the command line."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyrage
import pytest

from dlp_proxy.model.event import Event
from dlp_proxy.model.harmless import harmless
from dlp_proxy.sealing.forgetting import forget_old
from dlp_proxy.sealing.people import DAY, PeopleFolder
from dlp_proxy.sealing.vault import Vault, blob_path, shares_path
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.stores.uid import UidMaker
from tests.cli.commands import Done, dlp_proxy_here
from tests.sealing.world import CANARY, ROOMY, World, message

HOSTILE = (
    b"orders\x1b[2J\x1b]0;gone\x07 \xe2\x80\xaetxt.exe \xc2\x9b31m\r\n" + CANARY.encode() + b"\n=cmd|' /C calc'!A0"
)


@dataclass
class Desk:
    """A state folder beside private keys that the commands made."""

    folder: Path
    event: str = ""

    @property
    def state(self) -> StateDir:
        return StateDir(self.folder / "state")

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def run(self, *words: str | Path, state: Path | None = None, stdin: str = "") -> Done:
        return dlp_proxy_here(*words, "--state", state or self.state.path, cwd=self.folder, stdin=stdin)

    def init(self, role: str, name: str, *more: str | Path, stdin: str = "") -> Done:
        return self.run("keys", "init", "--role", role, "--name", name, *more, stdin=stdin)

    def keep(self, number: int, body: bytes, at: float = 0.0) -> str:
        """Seal a message, and keep an event that points to it."""
        one = message(number, body)
        pointer = World(self.state).seal(one).pointer
        store = SqliteStore(self.state.events, self.state.key_of_log())
        event = Event(one.uid, at or time.time(), "li.wei", "pan.example", "block", "block", "bulk", 60)
        event.body.update(evidence=pointer.as_json())
        store.record(event).result(15)
        store.close()
        return one.uid

    def ask(self, name: str = "li") -> str:
        done = self.run("reveal", "request", self.event, "--reason", "case 7", "--identity", self.key(name), "--json")
        assert done.code == 0, done.err
        return str(json.loads(done.out)["request"])

    def kinds(self) -> list[str]:
        return [one.kind for one in World(self.state).audit.entries()]


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    desk = Desk(folder)
    for role, name in (("investigator", "li"), ("investigator", "wang"), ("approver", "dpo"), ("approver", "legal")):
        assert desk.init(role, name).code == 0
    Vault(desk.state, ROOMY).prepare()
    desk.event = desk.keep(1, HOSTILE)
    return desk


@pytest.fixture
def desk(staffed: Desk, tmp_path: Path) -> Desk:
    """Copy what is there, so that each test has its own."""
    shutil.copytree(staffed.folder, tmp_path / "desk")
    return Desk(tmp_path / "desk", staffed.event)


def test_keys_are_made_listed_and_never_kept_by_the_proxy(desk: Desk) -> None:
    rows = json.loads(desk.run("keys", "list", "--json").out)
    assert [(one["role"], one["name"], one["state"]) for one in rows] == [
        ("approver", "dpo", "in force"),
        ("approver", "legal", "in force"),
        ("investigator", "li", "in force"),
        ("investigator", "wang", "in force"),
    ]
    assert {stat.S_IMODE(desk.key(name).stat().st_mode) for name in ("li", "dpo")} == {0o600}
    kept = b"".join(path.read_bytes() for path in desk.state.path.rglob("*") if path.is_file())
    assert b"AGE-SECRET-KEY" not in kept.upper()
    shown = desk.run("keys", "list").out
    assert all(one["fingerprint"] in shown for one in rows)
    assert desk.kinds()[:4] == ["key.added"] * 4


def test_what_keys_may_not_be(desk: Desk) -> None:
    assert (
        "holds both roles" in desk.init("approver", "LI").err
        or "could open evidence alone" in desk.init("approver", "LI").err
    )
    assert not (desk.folder / "LI.key").exists()
    assert "state folder" in desk.init("approver", "new", "--out", desk.state.path / "new.key").err
    assert "no key is overwritten" in desk.init("investigator", "zhao", "--out", desk.key("li")).err
    known = json.loads(desk.run("keys", "list", "--json").out)[0]["recipient"]
    assert "is there already" in desk.init("investigator", "zhao", "--recipient", known).err
    assert "is no public key" in desk.init("investigator", "zhao", "--recipient", "age1nonsense").err
    assert len(json.loads(desk.run("keys", "list", "--json").out)) == 4


def test_a_key_made_elsewhere_is_registered_by_its_public_half(desk: Desk) -> None:
    elsewhere = pyrage.x25519.Identity.generate()
    done = desk.init("investigator", "zhao", "--recipient", str(elsewhere.to_public()))
    assert (done.code, "private key" in done.out) == (0, False)
    assert not desk.key("zhao").exists()


def test_a_locked_key_opens_with_its_passphrase_alone(desk: Desk) -> None:
    assert desk.init("investigator", "zhao", "--passphrase", stdin="open sesame\nopen sesame\n").code == 0
    assert b"AGE-SECRET-KEY" not in desk.key("zhao").read_bytes()
    words = ("reveal", "request", desk.event, "--reason", "x", "--identity", desk.key("zhao"))
    assert desk.run(*words, stdin="open sesame\n").code == 0
    wrong = desk.run(*words, stdin="wrong\n")
    assert (wrong.code, "passphrase does not open" in wrong.err) == (2, True)


def test_a_rotated_key_is_sealed_to_no_more_and_opens_what_was(desk: Desk) -> None:
    done = desk.run("keys", "rotate", "--role", "investigator", "--name", "li", "--out", desk.key("li-2"))
    assert done.code == 0
    states = {
        one["fingerprint"]: one["state"]
        for one in json.loads(desk.run("keys", "list", "--json").out)
        if one["name"] == "li"
    }
    assert sorted(states.values()) == ["in force", "retired"]
    request = desk.run("reveal", "request", desk.event, "--reason", "x", "--identity", desk.key("li-2"), "--json")
    uid = json.loads(request.out)["request"]
    assert desk.run("reveal", "approve", uid, "--identity", desk.key("dpo")).code == 0
    alone = desk.run("reveal", "open", uid, "--identity", desk.key("li-2"))
    assert (alone.code, "give that key too" in alone.err) == (1, True)
    both = desk.run(
        "reveal",
        "open",
        uid,
        "--identity",
        desk.key("li-2"),
        "--identity",
        desk.key("li"),
        "--out",
        desk.folder / "body",
    )
    assert both.code == 0, both.err
    assert (desk.folder / "body").read_bytes() == HOSTILE


def test_a_retired_person_asks_no_more_and_it_is_said_when_nobody_is_left(desk: Desk) -> None:
    assert desk.run("keys", "retire", "--role", "approver", "--name", "legal", "--reason", "left").code == 0
    last = desk.run("keys", "retire", "--role", "approver", "--name", "dpo", "--reason", "left")
    assert "no evidence is kept: no approver" in last.out
    assert desk.run("keys", "retire", "--role", "approver", "--name", "dpo", "--reason", "again").code == 2


def test_a_body_comes_out_as_it_was_sent_in_a_file_of_ones_own(desk: Desk) -> None:
    uid = desk.ask()
    waiting = desk.run("reveal", "open", uid, "--identity", desk.key("li"))
    assert (waiting.code, "nobody has approved" in waiting.err) == (1, True)
    approved = desk.run("reveal", "approve", uid, "--identity", desk.key("dpo"), "--hours", "2")
    assert (approved.code, "reason: case 7" in approved.out) == (0, True)
    out = desk.folder / "body.csv"
    done = desk.run("reveal", "open", uid, "--identity", desk.key("li"), "--out", out)
    assert done.code == 0, done.err
    assert out.read_bytes() == HOSTILE
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert CANARY not in done.out
    again = desk.run("reveal", "open", uid, "--identity", desk.key("li"), "--out", out)
    assert (again.code, "nothing is overwritten" in again.err) == (2, True)
    (row,) = json.loads(desk.run("reveal", "list", "--json").out)
    assert (row["state"], row["opened"], row["requester"]) == ("granted", 1, "li")
    assert desk.kinds()[-3:] == ["reveal.requested", "reveal.approved", "reveal.opened"]


def test_on_a_terminal_nothing_of_it_acts(desk: Desk) -> None:
    uid = desk.ask()
    desk.run("incident", "reveal", "approve", uid, "--identity", desk.key("dpo"))
    shown = desk.run("incident", "reveal", "open", uid, "--identity", desk.key("li")).out
    assert CANARY in shown
    assert [one for one in shown if one != "\n" and not one.isprintable()] == []
    assert "\\x1b[2J" in shown
    assert "\\u202e" in shown
    assert "Cookie: (not kept)" in shown


def test_a_step_that_was_refused_is_one_sentence_and_an_entry(desk: Desk) -> None:
    uid = desk.ask()
    for words, says in (
        (("approve", uid, "--identity", desk.key("li")), "this takes an approver"),
        (("approve", uid, "--identity", desk.key("wang")), "this takes an approver"),
        (("deny", uid, "--identity", desk.key("li"), "--reason", "x"), "this takes an approver"),
    ):
        done = desk.run("reveal", *words)
        assert (done.code, done.out.count("granted")) == (1, 0)
        assert says in done.err
        assert desk.kinds()[-1] == "reveal.refused"
    assert desk.run("reveal", "approve", uid, "--identity", desk.key("dpo")).code == 0
    other = desk.run("reveal", "open", uid, "--identity", desk.key("wang"))
    assert (other.code, "only who asked may open" in other.err) == (1, True)
    assert desk.kinds()[-1] == "reveal.refused"
    for unknown in ("rev-000000000000", "../../etc/passwd", "rev-"):
        assert desk.run("reveal", "open", unknown, "--identity", desk.key("li")).code == 1
    denied = desk.ask()
    assert desk.run("reveal", "deny", denied, "--identity", desk.key("legal"), "--reason", "masks do").code == 0
    assert "denied: masks do" in desk.run("reveal", "open", denied, "--identity", desk.key("li")).err


def test_a_private_key_that_others_may_read_is_not_used(desk: Desk) -> None:
    desk.key("li").chmod(0o644)
    done = desk.run("reveal", "request", desk.event, "--reason", "x", "--identity", desk.key("li"))
    assert (done.code, "others may read" in done.err) == (2, True)


def test_two_people_on_two_machines_exchange_two_small_texts(desk: Desk, tmp_path: Path) -> None:
    """The approver has nothing but a private key and the text that came by mail."""
    away = tmp_path / "approver"
    away.mkdir()
    shutil.move(desk.key("dpo"), away / "dpo.key")
    asked = desk.run(
        "reveal", "request", desk.event, "--reason", "case 7", "--identity", desk.key("li"), "--out", away / "asked.txt"
    )
    assert asked.code == 0
    assert (away / "asked.txt").stat().st_size < 8192
    mine = next(one for one in json.loads(desk.run("keys", "list", "--json").out) if one["name"] == "li")["fingerprint"]
    words = ("reveal", "approve", "asked.txt", "--identity", "dpo.key", "--out", "grant.txt")
    unnamed = dlp_proxy_here(*words, cwd=away)
    wrong = dlp_proxy_here(*words, "--requester", "0" * 24, cwd=away)
    assert [(one.code, (away / "grant.txt").exists()) for one in (unnamed, wrong)] == [(1, False), (1, False)]
    granted = dlp_proxy_here(*words, "--requester", mine, cwd=away)
    assert (granted.code, "case 7" in granted.out) == (0, True)
    assert not (away / "state").exists()
    found = desk.run(
        "reveal",
        "open",
        away / "asked.txt",
        "--grant",
        away / "grant.txt",
        "--identity",
        desk.key("li"),
        "--out",
        desk.folder / "b",
    )
    assert found.code == 0, found.err
    assert (desk.folder / "b").read_bytes() == HOSTILE
    # What the approver did elsewhere comes into the audit with the opening.
    assert desk.kinds()[-3:] == ["reveal.requested", "reveal.approved", "reveal.opened"]
    assert next(one for one in World(desk.state).audit.entries() if one.kind == "reveal.approved").detail["away"]


def test_what_was_damaged_is_named_and_exits_1(desk: Desk) -> None:
    second = desk.keep(2, b"another")
    fine = desk.run("evidence", "verify")
    assert (fine.code, fine.out) == (0, "2 whole, 0 not, 0 purged, 0 never kept, 0 stray\n")
    listed = json.loads(desk.run("evidence", "list", "--json").out)
    blob = blob_path(desk.state, listed[0]["blob"])
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[:-1])
    shares_path(desk.state, second).unlink()
    done = desk.run("evidence", "verify")
    assert done.code == 1
    assert f"{blob.relative_to(desk.state.path)} has " in done.out
    assert f"shares/{second[:4]}/{second}.json is gone  (event {second})" in done.out
    faults = json.loads(desk.run("evidence", "verify", "--json").out)["faults"]
    assert [one["event"] for one in faults] == [desk.event, second]
    refused = desk.run("reveal", "request", second, "--reason", "x", "--identity", desk.key("li"))
    assert (refused.code, "is gone" in refused.err) == (1, True)


def test_purged_evidence_is_gone_for_good_and_no_fault(desk: Desk) -> None:
    old = desk.keep(3, b"long ago", at=time.time() - 40 * DAY)
    uid = desk.ask()
    assert desk.run("reveal", "approve", uid, "--identity", desk.key("dpo")).code == 0
    assert desk.run("evidence", "purge", "--older-than", "30d", "--reason", "retention").out == "purged: 1\n"
    assert desk.run("evidence", "verify").out == "1 whole, 0 not, 1 purged, 0 never kept, 0 stray\n"
    assert ", gone" in next(line for line in desk.run("evidence", "list").out.splitlines() if line.startswith(old))
    kept_blob = next(one["blob"] for one in json.loads(desk.run("evidence", "list", "--json").out) if one["here"])
    copy = desk.folder / "copy"
    shutil.copy(blob_path(desk.state, kept_blob), copy)
    assert desk.run("evidence", "purge", "--event", desk.event, "--reason", "wrongly kept").code == 0
    # A copy of the sealed content, brought back beside a grant, opens no more: its shares are gone.
    shutil.copy(copy, blob_path(desk.state, kept_blob))
    done = desk.run("reveal", "open", uid, "--identity", desk.key("li"))
    assert (done.code, "is gone" in done.err) == (1, True)
    nothing = desk.run("evidence", "purge", "--event", "01JD3K7Q0V8M2C7E5R9T1XWZ49", "--reason", "x")
    assert nothing.code == 1
    assert desk.run("evidence", "purge", "--older-than", "soon", "--reason", "x").code == 2
    assert desk.run("evidence", "purge", "--reason", "x").code == 2


def test_every_step_is_in_the_log_that_is_chained_and_signed(desk: Desk) -> None:
    uid = desk.ask()
    desk.run("reveal", "approve", uid, "--identity", desk.key("dpo"))
    desk.run("reveal", "open", uid, "--identity", desk.key("li"), "--out", desk.folder / "body")
    desk.run("evidence", "purge", "--event", desk.event, "--reason", "wrongly kept")
    with SqliteReader(desk.state.events) as reader:
        rows = reader.connection.execute("SELECT entry FROM log ORDER BY number")
        told = [(one["do"], one.get("what")) for one in (json.loads(entry) for (entry,) in rows)]
    assert [one for one in told if one[0] in {"key", "reveal", "evidence"}] == [
        *[("key", "added")] * 4,
        *(("reveal", what) for what in ("requested", "approved", "opened")),
        ("evidence", "purged"),
    ]
    assert desk.run("incident", "verify", "--log").code == 2  # whole, and no anchor from outside
    with closing(sqlite3.connect(desk.state.events)) as connection, connection:
        connection.execute(
            """UPDATE log SET entry = CAST(replace(CAST(entry AS TEXT), '"opened"', '"denied"') AS BLOB)"""
        )
    changed = desk.run("incident", "verify", "--log")
    assert (changed.code, "edited" in changed.out) == (1, True)


def test_what_is_held_is_not_purged_by_age(desk: Desk) -> None:
    old = desk.keep(3, b"long ago", at=time.time() - 40 * DAY)
    assert desk.run("incident", "hold", old, "--reason", "case 7").code == 0
    words = ("evidence", "purge", "--older-than", "30d", "--reason", "retention")
    assert desk.run(*words).out == "purged: 0\n"
    assert desk.run("incident", "release", "--reason", "case 7").code == 0
    assert desk.run(*words).out == "purged: 1\n"


def test_evidence_goes_with_its_event(desk: Desk) -> None:
    old = desk.keep(3, b"long ago", at=time.time() - 40 * DAY)
    before = time.time() - 7200
    for path in [*desk.state.blobs.glob("??/*"), *desk.state.shares.glob("*/*")]:
        os.utime(path, (before, before))
    assert shares_path(desk.state, old).exists()
    assert desk.run("incident", "purge", "--older-than", "30").out == "1 events forgotten\n"
    assert not shares_path(desk.state, old).exists()
    assert desk.run("evidence", "verify").out == "1 whole, 0 not, 0 purged, 0 never kept, 0 stray\n"


def test_a_running_proxy_forgets_evidence_when_it_is_old_and_not_held(desk: Desk) -> None:
    """As its housekeeping does: the event in the middle is held, the last one is of today."""
    second, today = desk.keep(2, b"held"), UidMaker()()
    pointer = World(desk.state).seal(replace(message(), uid=today)).pointer
    assert desk.run("incident", "hold", second, "--reason", "case 7").code == 0
    store = SqliteStore(desk.state.events, desk.state.key_of_log())
    assert forget_old(desk.state, store, 0) == 0
    assert forget_old(desk.state, store, 30) == 1
    store.close()
    assert [shares_path(desk.state, one).exists() for one in (desk.event, second, today)] == [False, True, True]
    assert blob_path(desk.state, pointer.blob).exists()
    found = json.loads(desk.run("evidence", "verify", "--json").out)
    assert (found["whole"], found["purged"], found["faults"], len(found["stray"])) == (1, 1, [], 2)


def test_strays_are_told_and_go_only_when_they_are_old(desk: Desk) -> None:
    held = World(desk.state).seal(message(9))
    told = desk.run("evidence", "verify")
    assert (told.code, told.out.count("stray: ")) == (0, 2)
    assert desk.run("evidence", "purge", "--stray", "--reason", "x").out == "purged: 0\n"
    for path in (blob_path(desk.state, held.pointer.blob), shares_path(desk.state, held.event)):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert desk.run("evidence", "purge", "--stray", "--reason", "x").out == "purged: 2\n"
    assert desk.run("evidence", "verify").out == "1 whole, 0 not, 0 purged, 0 never kept, 0 stray\n"


def _doctor(desk: Desk) -> tuple[str, str]:
    found = json.loads(desk.run("doctor", "--json").out)
    one = next(each for each in found if each["name"] == "evidence")
    return one["state"], one["says"]


def test_doctor_says_who_can_open_and_who_could_alone(desk: Desk) -> None:
    assert _doctor(desk) == ("fine", "2 investigators; 2 approvers")
    desk.init("investigator", "short", "--days", "10")
    state, says = _doctor(desk)
    assert (state, "the key of investigator short ends on" in says) == ("warning", True)
    for key in PeopleFolder(desk.state.people).people().keys:
        if key.role == "approver":
            (desk.state.people / f"approver-{key.fingerprint}.json").unlink()
    state, says = _doctor(desk)
    assert (state, "no approver has a key in force: none is kept" in says) == ("warning", True)
    text = next(desk.state.people.glob("investigator-*")).read_text()
    one = json.loads(text)
    (
        desk.state.people / f"approver-{next(desk.state.people.glob('investigator-*')).stem.partition('-')[2]}.json"
    ).write_text(json.dumps({**one, "role": "approver"}))
    assert f"{one['name']} holds both roles" in _doctor(desk)[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("订单 Ж é 👍", "订单 Ж é 👍"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb\u2066c\u200bd", "a\\u202eb\\u2066c\\u200bd"),
        ("\x9b\x7f\r\n\t", "\\x9b\\x7f\\x0d\\x0a\\x09"),
        ("\u2028\ufeff\U000e0041\ud800", "\\u2028\\ufeff\\U000e0041\\ud800"),
    ],
    ids=["plain", "letters", "escape", "bidi", "controls", "odd"],
)
def test_signs_that_act_are_written_out(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert harmless("a\n\tb\x07", lines=True) == "a\n\tb\\x07"
