"""What is in a bundle, that it is the same each time, and that nobody sees half of one."""

from __future__ import annotations

import base64
import csv
import errno
import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest

from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.evidence.entry import commitment
from dlp_proxy.reporting.bundle.bag import QUERY, REPLY, SIGNATURE, TAGS, write_bag
from dlp_proxy.reporting.bundle.strict import RefusedError, read_strictly
from dlp_proxy.stores.sqlite.read import SqliteReader
from tests.cli.commands import ROOT, dlp_proxy
from tests.evidence.ocsf_schema import problems
from tests.reporting.bundles import bundle_of, export, files_of
from tests.reporting.leaks import leaks
from tests.reporting.store import CANARY, CANARY_NAME, STORY, Told, uid


@pytest.fixture
def bundle(told: Told, tmp_path: Path) -> Path:
    return bundle_of(told, tmp_path / "bag")


def rows(folder: Path, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / "data" / name).read_text(encoding="utf-8-sig"))))[1:]


def test_what_is_in_it(told: Told, bundle: Path) -> None:
    found = set(files_of(bundle))
    assert {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sm3.txt", "tagmanifest-sha256.txt", "verify.sh",
        "README.en.md", "README.zh.md", "sig/pub.pem", "sig/tagmanifest.ed25519", "sig/tagmanifest.tsq",
        "data/report.html", "data/report.json", "data/清单.csv", "data/提取笔录.html", "data/events.jsonl",
        "data/outcomes.jsonl",
        "data/timeline.csv", "data/edges.csv", "data/coverage.csv", "data/customers.csv", "data/custody.jsonl",
        "data/log/entries.jsonl", "data/log/inclusion.json", "data/log/checkpoint.txt", "data/log/consistency.json",
        "data/log/salts.json", f"data/policy/{'ab' * 32}.json", f"data/evidence/shares/{uid(2)}.json",
    } == {one for one in found if "/blobs/" not in one}  # fmt: skip
    (blob,) = (one for one in found if "/blobs/" in one)
    assert sha256((bundle / blob).read_bytes()).hexdigest() == Path(blob).name
    assert (bundle / blob).read_bytes() == next(told.state.blobs.glob("??/*")).read_bytes()


def test_the_numbers_in_its_tables_are_the_truth(bundle: Path) -> None:
    assert [row[6:9] for row in rows(bundle, "timeline.csv")] == [
        ["left", "10", "10"], ["left", "15", "15"], ["blocked", "300", "300"], ["left", "7", "7"],
        ["possible", "4", "4"], ["left", "2", "2"],
    ]  # fmt: skip
    customers = [row[3] for row in rows(bundle, "customers.csv")]
    assert [customers.count(one) for one in ("left", "possible", "blocked")] == [25, 4, 271]
    assert [row[4] for row in rows(bundle, "coverage.csv") if row[0] == "event"] == ["full"] * 5 + ["partial"]
    custody = [json.loads(line) for line in (bundle / "data/custody.jsonl").read_text().splitlines()]
    assert [one["did"] for one in custody] == ["case open Orders to a pan"] + [
        f"case add {uid(one.number)}" for one in STORY
    ]
    assert {one["why"] for one in custody} == {"alarm of 2 March", "same customers"}


def test_the_list_of_exhibits_has_every_file_with_both_sums(bundle: Path) -> None:
    listed = {row[0]: row for row in rows(bundle, "清单.csv")}
    there = {name.removeprefix("data/"): held for name, held in files_of(bundle).items() if name.startswith("data/")}
    assert set(listed) == set(there) - {"清单.csv"}
    assert all(listed[name][4] == sha256(there[name]).hexdigest() for name in listed)
    assert {row[1] for row in listed.values()} >= {"密封证据", "日志与证明", "策略集", "事件记录"}
    (shares,) = (row for row in listed.values() if "shares" in row[0])
    assert shares[6] == uid(2)
    note = (bundle / "data/提取笔录.html").read_text(encoding="utf-8")
    assert all(word in note for word in ("案由", "提取地点", "方法", "过程", "提取人（二）", "持有人", "见证人"))


def test_events_are_what_the_store_holds_and_the_log_commits_to(told: Told, bundle: Path) -> None:
    lines = (bundle / "data/events.jsonl").read_bytes().splitlines()
    with SqliteReader(told.state.events) as reader:
        kept = [bytes(row) for (row,) in reader.connection.execute("SELECT json FROM record ORDER BY event LIMIT 6")]
    assert lines == kept
    salts = json.loads((bundle / "data/log/salts.json").read_bytes())
    entries = [json.loads(line) for line in (bundle / "data/log/entries.jsonl").read_bytes().splitlines()]
    commits = {one["of"]: one["commit"] for one in entries if one["do"] == "seen"}
    assert commits == {
        uid(one.number): commitment(bytes.fromhex(salts[uid(one.number)]), line)
        for one, line in zip(STORY, lines, strict=True)
    }


def test_two_exports_at_one_checkpoint_are_equal_and_a_later_one_is_not(
    told: Told, bundle: Path, tmp_path: Path
) -> None:
    info = (bundle / "bag-info.txt").read_text()
    size = info.split("Checkpoint: ")[1].split("\n")[0]
    words = ("incident", "export", told.case, "--as-of", size, "--reason", "again", "--state", told.state.path)
    other = dlp_proxy(*words, "--bundle", tmp_path / "two", PYTHONHASHSEED="3", TZ="Asia/Shanghai", LC_ALL="C")
    assert (other.code, other.err) == (0, "")
    assert files_of(tmp_path / "two") == files_of(bundle)
    times = {path.stat().st_mtime for folder in (bundle, tmp_path / "two") for path in folder.rglob("*")}
    assert len(times) == 1
    assert files_of(bundle_of(told, tmp_path / "three")) != files_of(bundle)


def test_the_log_says_what_was_given_out(told: Told, bundle: Path) -> None:
    with SqliteReader(told.state.events) as reader:
        entries = [json.loads(row) for (row,) in reader.connection.execute("SELECT entry FROM log ORDER BY number")]
    resolved, given = entries[-2:]
    assert (resolved["do"], resolved["of"], resolved["with"]["reason"]) == ("resolve", told.case, "to the police")
    assert given["with"]["what"] == "bundle"
    assert given["with"]["sha256"] == sha256((bundle / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


def test_a_bundle_is_private_and_never_written_over(told: Told, bundle: Path) -> None:
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o700
    before = files_of(bundle)
    again = export(told, told.case, "--bundle", bundle, "--reason", "x")
    assert again.code == 2
    assert "never written over" in again.err
    assert files_of(bundle) == before


def test_what_is_gone_is_said(told: Told, tmp_path: Path) -> None:
    next(told.state.blobs.glob("??/*")).unlink()
    next(told.state.policies.glob("ab*.json")).unlink()
    done = export(told, told.case, "--bundle", tmp_path / "bag", "--reason", "x", "--json")
    missing = json.loads(done.out)["missing"]
    assert [one["event"] for one in missing] == [uid(2), ""]
    assert [row[0] for row in rows(tmp_path / "bag", "coverage.csv")].count("missing") == 2
    read_strictly(tmp_path / "bag")


def test_a_changed_blob_is_left_out_and_said(told: Told, tmp_path: Path) -> None:
    blob = next(told.state.blobs.glob("??/*"))
    blob.chmod(0o600)
    held = blob.read_bytes()
    blob.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    done = export(told, told.case, "--bundle", tmp_path / "bag", "--reason", "x")
    assert "is not what the event names" in done.out
    assert [name for name in files_of(tmp_path / "bag") if "/blobs/" in name] == []


def test_a_replay_manifest_goes_in(told: Told, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text("{}")
    bag = bundle_of(told, tmp_path / "bag", "--replay", str(tmp_path / "m.json"))
    assert (bag / "data/replay-manifest.json").read_text() == "{}"
    read_strictly(bag)


def test_what_is_exported_for_other_systems_is_by_the_schema_of_ocsf(told: Told, tmp_path: Path) -> None:
    export(told, told.case, "--ocsf", tmp_path / "case.jsonl", "--reason", "x")
    events = [json.loads(line) for line in (tmp_path / "case.jsonl").read_text().splitlines()]
    assert len(events) > 1
    assert [(event["metadata"]["uid"], some) for event in events if (some := problems(event))] == []


def test_nothing_of_a_customer_is_in_the_clear(told: Told, bundle: Path, tmp_path: Path) -> None:
    looked = 0
    export(told, told.case, "--sqlite", tmp_path / "case.db")
    export(told, told.case, "--ocsf", tmp_path / "case.jsonl", "--reason", "x")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            looked += 1
            content = path.read_bytes()
            for value in (CANARY, CANARY_NAME, "secret-cookie"):
                assert (path.name, value, leaks(content, value)) == (path.name, value, [])
    assert looked > 40


@pytest.mark.parametrize(
    ("written", "way"),
    [
        pytest.param(CANARY_NAME.encode(), "utf-8", id="utf-8"),
        pytest.param(CANARY_NAME.encode("gbk"), "gbk", id="gbk"),
        pytest.param(CANARY_NAME.encode("utf-16-le"), "utf-16-le", id="utf-16"),
        pytest.param(base64.b64encode(b"xy" + CANARY_NAME.encode() + b"z"), "base64 at 2", id="base64"),
        pytest.param(CANARY_NAME.encode().hex().upper().encode(), "hex", id="hex"),
        pytest.param(quote(CANARY_NAME).encode(), "percent", id="percent"),
    ],
)
def test_the_search_for_leaks_finds_one(written: bytes, way: str) -> None:
    assert way in leaks(b"some " + written + b" more", CANARY_NAME)


def test_tricks_in_names_do_nothing(bundle: Path) -> None:
    for name in ("timeline.csv", "edges.csv", "coverage.csv"):
        cells = [cell for row in rows(bundle, name) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
        assert not set("".join(cells)) & {"\x1b", "\u202e", "\u2066"}
    assert any("\\u202exslx.sredro" in row[6] for row in rows(bundle, "coverage.csv"))


def test_a_case_file_answers_in_sql_under_pseudonyms(told: Told, tmp_path: Path) -> None:
    assert export(told, told.case, "--sqlite", tmp_path / "case.db").code == 0
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        left = connection.execute(
            "SELECT count(DISTINCT token) FROM customer JOIN transfer ON sequence = transfer WHERE reached = 'left'"
        ).fetchone()
        people = {person for (person,) in connection.execute("SELECT person FROM transfer")}
    assert left == (25,)
    assert all(person.startswith("stf_") for person in people)
    assert len(people) == 2
    assert stat.S_IMODE((tmp_path / "case.db").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_wrong_usage_is_told(told: Told, tmp_path: Path) -> None:
    assert "one of --bundle" in export(told, told.case).err
    assert "--reason" in export(told, told.case, "--bundle", tmp_path / "b").err
    assert "--replay goes into" in export(told, told.case, "--sqlite", tmp_path / "b", "--replay", tmp_path).err
    assert "no checkpoint over 3 entries" in export(told, told.case, "--sqlite", tmp_path / "b", "--as-of", "3").err
    assert "no case case-9" in export(told, "case-9", "--sqlite", tmp_path / "b").err


def test_a_full_disk_leaves_nothing(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [12]
    whole = os.fsync

    def full(handle: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        done = export(told, told.case, "--bundle", tmp_path / "bag", "--reason", "x")
    assert (done.code, left) == (2, [0])
    assert "No space left on device" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    bundle_of(told, tmp_path / "bag")


def test_without_an_entry_in_the_log_nothing_is_given_out(told: Told, tmp_path: Path) -> None:
    with closing(sqlite3.connect(told.state.events)) as connection:
        connection.execute(
            'CREATE TRIGGER refuse BEFORE INSERT ON log WHEN instr(NEW.entry, \'"do":"export"\')'
            " BEGIN SELECT RAISE(ABORT, 'refused by a test'); END"
        )
        connection.commit()
    for option in ("--bundle", "--sqlite", "--ocsf"):
        done = export(told, told.case, option, tmp_path / "out", "--reason", "x")
        assert (done.code, "refused by a test" in done.err) == (2, True), done.err
        assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_the_query_for_a_time_stamp_is_what_openssl_writes(bundle: Path) -> None:
    words = ["openssl", "ts", "-query", "-data", str(bundle / TAGS), "-sha256", "-cert", "-no_nonce"]
    wanted = subprocess.run(words, capture_output=True, check=True).stdout
    assert (bundle / QUERY).read_bytes() == wanted
    (bundle / REPLY).write_bytes(b"an answer, later")
    read_strictly(bundle)
    assert subprocess.run(["sh", str(bundle / "verify.sh")], check=False, capture_output=True).returncode == 0
    (bundle / QUERY).write_bytes(wanted[:-1] + b"\x00")
    with pytest.raises(RefusedError, match=r"tagmanifest\.tsq"):
        read_strictly(bundle)
    assert subprocess.run(["sh", str(bundle / "verify.sh")], check=False, capture_output=True).returncode == 1


DYING = """
import os, pathlib, signal, sys
from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.reporting.bundle.bag import write_bag
folder, dies_at, seen = pathlib.Path(sys.argv[1]), 0, 0
def watch(name, arguments):
    global seen
    if name in {"open", "os.mkdir", "os.rename", "os.utime", "os.listdir", "os.scandir", "os.rmdir", "os.remove"}:
        seen += 1
        if seen == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
for dies_at in range(1, 400):
    child = os.fork()
    if not child:
        sys.addaudithook(watch)
        payload = {f"file-{number}": bytes(9) * number for number in range(10)}
        write_bag(folder / str(dies_at), payload, {"bag-info.txt": b"", "verify.sh": b"", "README.en.md": b"",
                  "README.zh.md": b""}, Signer("x", b"k" * 32), at=0, before_it_is_there=lambda digest: None)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        print(dies_at)
        break
"""


def test_whoever_is_killed_while_writing_leaves_nothing_that_is_believed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path)], capture_output=True, text=True, check=True, env=environment
    )
    deaths = int(done.stdout) - 1
    assert deaths >= 100
    believed = []
    for number in range(1, deaths + 1):
        if (tmp_path / str(number)).exists():
            assert read_strictly(tmp_path / str(number))[1] == 21, "what has its name is whole"
            believed.append(number)
        for left in tmp_path.glob(f".{number}.*.unfinished"):
            try:
                assert read_strictly(left)[1] == 21
            except RefusedError:
                continue
    assert believed == sorted(believed)
    assert len(believed) < 4


def test_until_the_log_says_that_it_was_given_out_nothing_is_signed(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []

    def logged(digest: str) -> None:
        (waiting,) = tmp_path.iterdir()
        seen.append((digest, (waiting / SIGNATURE).exists()))
        assert sha256((waiting / TAGS).read_bytes()).hexdigest() == digest
        with pytest.raises(RefusedError):
            read_strictly(waiting)

    tags = dict.fromkeys(("bag-info.txt", "verify.sh", "README.en.md", "README.zh.md"), b"")
    signer = Signer("x", b"k" * 32)
    digest = write_bag(tmp_path / "bag", {"a": b"1"}, tags, signer, at=0, before_it_is_there=logged)
    assert seen == [(digest, False)]
    assert (tmp_path / "bag" / SIGNATURE).exists()
