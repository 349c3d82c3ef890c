"""Deployments broken on purpose: `doctor` names each fault and says how to mend it."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from dlp_proxy.cli.doctor import look
from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.cli.examine.disk import file_system, room, store
from dlp_proxy.cli.examine.kept import kept
from dlp_proxy.cli.examine.machine import clock, memory, temporary_files, threads
from dlp_proxy.cli.examine.names import names
from dlp_proxy.cli.examine.network import network
from dlp_proxy.cli.examine.people import people
from dlp_proxy.cli.examine.program import program
from dlp_proxy.cli.examine.secrets import secrets
from dlp_proxy.setting_values import Address
from dlp_proxy.settings import Settings, load_settings
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from tests.stores.test_imported_authority import ISSUING, KEYS, certificate, key
from tests.stores.test_imported_authority import ROOT as CA_OF_ANOTHER

ROOT: Final = Path(__file__).parents[2]


class Place:
    """A deployment: its config, and what a test spoils."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        StateDir(self.state).make()
        self.config: dict[str, Any] = {
            "state": str(self.state),
            "policies": str(ROOT / "policies"),
            "listen": "127.0.0.1:0",
            "operations": "127.0.0.1:0",
        }

    def answers(self, *, files: int = 20_000) -> tuple[int, dict[str, tuple[str, str]]]:
        path = self.folder / "proxy.yaml"
        path.write_text(yaml.safe_dump(self.config))
        done = subprocess.run(
            [sys.executable, "-m", "dlp_proxy.cli.main", "doctor", "--config", str(path), "--json"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "RES_OPTIONS": "timeout:1 attempts:1"},  # where nobody answers
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
        )
        assert done.stdout, done.stderr
        return done.returncode, {one["name"]: (one["state"], one["says"]) for one in json.loads(done.stdout)}


def others_enter_the_state_folder(place: Place) -> None:
    place.state.chmod(0o755)


def policies_with_an_error(place: Place) -> None:
    (place.folder / "own").mkdir()
    (place.folder / "own" / "a.yaml").write_text("format: dlp-policy/v1\npolicy: a\nrulez: {}\n")
    place.config["policies"] = str(place.folder / "own")


def a_store_that_is_torn(place: Place) -> None:
    events = place.state / "events.db"
    SqliteStore(events).close()
    with closing(sqlite3.connect(events)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with events.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(40_000))


def a_store_whose_damage_is_no_text(place: Place) -> None:
    events = place.state / "events.db"
    SqliteStore(events).close()
    with closing(sqlite3.connect(events)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = events.read_bytes()
    assert data.count(b"tableclockclock") == data.count(b"CREATE TABLE clock") == 1
    data = data.replace(b"tableclockclock", b"table\xff\xfe\xfdckclock")
    events.write_bytes(data.replace(b"CREATE TABLE clock", b"CREATE TABLX clock"))


def a_key_that_others_read(place: Place) -> None:
    key = place.state / "ca" / "mitmproxy-ca.pem"
    key.write_text("nothing")
    key.chmod(0o644)


def an_upstream_ca_that_is_none(place: Place) -> None:
    (place.folder / "up.pem").write_text("this is no certificate")
    place.config["upstream_ca"] = str(place.folder / "up.pem")


def a_client_ca_that_is_not_there(place: Place) -> None:
    place.config["client_ca"] = str(place.folder / "nowhere.pem")


def a_secret_that_others_read(place: Place) -> None:
    secret = place.folder / "ldap.secret"
    secret.write_text("hush")
    secret.chmod(0o644)
    place.config["ldap_secret_file"] = str(secret)


def a_directory_that_does_not_answer(place: Place) -> None:
    place.config["ldap_url"] = f"ldap://127.0.0.1:{free()}"


def a_receiver_that_does_not_answer(place: Place) -> None:
    place.config["forward"] = {"siem": {"to": f"syslog+tls://127.0.0.1:{free()}"}}


def one_port_for_both(place: Place) -> None:
    port = free()
    place.config |= {"listen": f"127.0.0.1:{port}", "operations": f"127.0.0.1:{port}"}


def policies_that_others_change(place: Place) -> None:
    shutil.copytree(ROOT / "policies", place.folder / "open")
    (place.folder / "open").chmod(0o777)
    place.config["policies"] = str(place.folder / "open")


def a_ca(place: Place, chain: bytes) -> None:
    path = place.state / "ca" / "mitmproxy-ca.pem"
    path.write_bytes(key(2) + chain)
    path.chmod(0o600)


def a_ca_that_may_not_sign(place: Place) -> None:
    a_ca(place, certificate(2, 1, signs=False))


def a_ca_that_ended(place: Place) -> None:
    a_ca(place, certificate(2, 1, days=(-9, -2)))


def a_certificate_of_another_ca(place: Place) -> None:
    a_ca(place, ISSUING)
    (place.state / "ca" / "ca.pem").write_bytes(CA_OF_ANOTHER)


def an_address_of_another_machine(place: Place) -> None:
    place.config["listen"] = "198.51.100.7:8080"


def redirection_to_loopback(place: Place) -> None:
    place.config["mode"] = "transparent"


def an_open_operations_port(place: Place) -> None:
    place.config["operations"] = "0.0.0.0:0"


def policies_that_prove_nothing(place: Place) -> None:
    (place.folder / "own").mkdir()
    rule = "{severity: low, mode: monitor, find: [std/phone-cn], limits: [{at_least: 50, per: request}], action: log}"
    (place.folder / "own" / "a.yaml").write_text(f"format: dlp-policy/v1\npolicy: a\nrules:\n  some: {rule}\n")
    place.config["policies"] = str(place.folder / "own")


def a_passphrase_that_others_read(place: Place) -> None:
    (place.folder / "pass").write_text("secret")
    (place.folder / "pass").chmod(0o644)
    place.config["ca_passphrase_file"] = str(place.folder / "pass")


def a_list_that_ran_out(place: Place) -> None:
    (place.folder / "clients.pem").write_bytes(ISSUING)
    now = dt.datetime.now(dt.UTC)
    ran_out = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.load_pem_x509_certificate(ISSUING).subject)
        .last_update(now - dt.timedelta(days=3))
        .next_update(now - dt.timedelta(days=1))
        .sign(KEYS[2], hashes.SHA256())
    )
    (place.folder / "crl.pem").write_bytes(ran_out.public_bytes(serialization.Encoding.PEM))
    place.config |= {"client_ca": str(place.folder / "clients.pem"), "client_crl": str(place.folder / "crl.pem")}


def something_of_somebody_else(place: Place) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    StateDir(place.state).key()
    os.chown(place.state / "keys" / "fingerprint.key", 10_001, 10_001)


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("spoil", "name", "state", "says"),
    [
        (others_enter_the_state_folder, "state", "problem", "chmod 700"),
        (policies_with_an_error, "policies", "problem", "dlp-proxy policy check"),
        (a_store_that_is_torn, "store", "problem", "restore your backup"),
        (a_store_whose_damage_is_no_text, "store", "problem", "restore your backup"),
        (a_key_that_others_read, "CA", "problem", "chmod 600"),
        (an_upstream_ca_that_is_none, "upstream_ca", "problem", "BEGIN CERTIFICATE"),
        (a_client_ca_that_is_not_there, "client_ca", "problem", "mend the setting"),
        (a_secret_that_others_read, "ldap_secret_file", "warning", "chmod 600"),
        (a_directory_that_does_not_answer, "directory", "problem", "nobody new can log in"),
        (a_receiver_that_does_not_answer, "forward siem", "problem", "events wait"),
        (one_port_for_both, "operations", "problem", "change one"),
        (policies_that_others_change, "policies file", "warning", "chmod -R go-w"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_a_broken_deployment_is_named_with_its_mend(
    tmp_path: Path, spoil: Callable[[Place], None], name: str, state: str, says: str
) -> None:
    place = Place(tmp_path)
    spoil(place)
    code, answers = place.answers()
    assert answers[name][0] == state
    assert says in answers[name][1]
    assert {"pictures", "archives", "containers"} <= answers.keys()
    problems = {one for one, (found, _) in answers.items() if found == "problem"}
    seen_twice = {"store": {"state"}, "client_ca": {"client CA"}}.get(name, set())
    # Whether DNS answers here is this machine's matter.
    assert problems - {"DNS"} - seen_twice == ({name} if state == "problem" else set())
    assert code == (1 if problems else 0)


@pytest.mark.parametrize(
    ("spoil", "name", "state", "says"),
    [
        (a_ca_that_may_not_sign, "CA", "problem", "CA:TRUE"),
        (a_ca_that_ended, "CA", "problem", "ended on"),
        (a_certificate_of_another_ca, "CA", "problem", "delete ca.pem"),
        (an_address_of_another_machine, "proxy port", "problem", "`ip address`"),
        (redirection_to_loopback, "proxy port", "problem", "does not come in on loopback"),
        (an_open_operations_port, "operations", "problem", "127.0.0.1"),
        (policies_that_prove_nothing, "policies", "problem", "add one"),
        (a_passphrase_that_others_read, "ca_passphrase_file", "warning", "chmod 600"),
        (a_list_that_ran_out, "client CA", "problem", "fetch the new one"),
        (something_of_somebody_else, "state", "problem", "chown -R"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_so_is_one_that_is_looked_at_here(
    tmp_path: Path, spoil: Callable[[Place], None], name: str, state: str, says: str
) -> None:
    """Without a process for each: it takes seconds to start, and to look at what is not spoiled here."""
    place = Place(tmp_path)
    place.config["policies"] = str(tmp_path)
    spoil(place)
    (tmp_path / "proxy.yaml").write_text(yaml.safe_dump(place.config))
    settings = load_settings(tmp_path / "proxy.yaml", {}, {})
    folder = StateDir(place.state)
    answers = [*kept(settings, folder), *secrets(settings, None), *network(settings), *people(settings, folder)]
    assert [(one.state, says in one.says) for one in answers if one.name == name][-1] == (state, True)


def test_too_few_descriptors_and_a_port_of_somebody_else(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        place.config["listen"] = f"127.0.0.1:{other.getsockname()[1]}"
        code, answers = place.answers(files=300)
    assert code == 1
    assert answers["open files"] == (
        "problem",
        "limit 300: two for each connection; raise it with LimitNOFILE= or ulimit -n",
    )
    assert answers["proxy port"][0] == "problem"
    assert "ss -ltnp" in answers["proxy port"][1]


def test_the_ports_of_a_proxy_that_is_not_ready_are_still_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a full disk it was said that whoever holds the port should be stopped: it was the proxy itself."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()
            self.wfile.write(json.dumps({"ready": False, "self_test": "blocked", "store": "full"}).encode())

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - its name there
            pass

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with HTTPServer(("127.0.0.1", 0), Desk) as desk, socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=desk.serve_forever, args=(0.01,)).start()
        listen, operations = (Address("127.0.0.1", one) for one in (listening.getsockname()[1], desk.server_port))
        answers = list(network(Settings(listen=listen, operations=operations)))
        desk.shutdown()
    assert [(one.name, one.state) for one in answers] == [("proxy port", "fine"), ("operations", "fine")]


def test_a_state_folder_on_the_network_or_in_memory(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path}/far nfs4 rw 0 0\ntmpfs {tmp_path}/mem tmpfs rw 0 0\n"
    )
    assert file_system(tmp_path / "far" / "state", mounts).state == "problem"
    assert "disk of this machine" in file_system(tmp_path / "far" / "state", mounts).says
    assert file_system(tmp_path / "mem", mounts).state == "warning"
    assert file_system(tmp_path / "other", mounts) == file_system(Path("/"), mounts)


def test_no_room_no_time_no_memory() -> None:
    assert room(500 * 1024**2, 1024**3).state == "problem"
    assert room(3 * 1024**3, 4 * 1024**3).state == "warning"
    assert room(100 * 1024**3, 4 * 1024**3).state == "fine"
    assert memory(Settings(workers=4, inspectors=8), 2 * 1024**3).state == "problem"
    assert memory(Settings(workers=1, inspectors=1), 2 * 1024**3).state == "fine"


def test_inspectors_want_a_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a read-only container without one all was said to be fine, and every upload was stopped."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert temporary_files() == Answer("temporary", "fine", f"files go to {tmp_path}")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "none")])
    told = temporary_files()
    assert (told.state, "mount one at /tmp" in told.says) == ("problem", True)


def test_the_limit_of_a_container_counts_and_not_what_its_machine_has() -> None:
    told = memory(Settings(workers=1, inspectors=2), 64 * 1024**3, 512 * 1024**2)
    assert (told.state, "512 MB is the limit of this container" in told.says) == ("problem", True)
    assert memory(Settings(workers=1, inspectors=2), 64 * 1024**3, 4 * 1024**3).state == "fine"
    assert memory(Settings(workers=2, inspectors=4), 3 * 350 * 1024**2).state == "problem"  # two for each worker
    told = threads(Settings(workers=8, inspectors=8), 512)
    assert (told.state, "pids_limit" in told.says) == ("problem", True)
    assert threads(Settings(workers=1, inspectors=2), 512).state == "fine"


NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "newest", "kept_right", "state", "says"),
    [
        pytest.param(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), None, True, "problem", "NTP", id="before the program"),
        pytest.param(NOW, NOW + dt.timedelta(days=2), True, "problem", "it went back", id="before the last event"),
        pytest.param(NOW, NOW, False, "warning", "nothing that keeps it", id="nothing keeps it"),
        pytest.param(NOW, NOW, True, "fine", "2027-03-01 09:00 UTC", id="right"),
    ],
)
def test_the_clock(now: dt.datetime, newest: dt.datetime | None, kept_right: bool, state: str, says: str) -> None:  # noqa: FBT001 - a table
    told = clock(now, newest, kept_right=kept_right)
    assert (told.state, says in told.says) == (state, True)


@pytest.mark.parametrize(
    ("answers", "config", "state", "says"),
    [
        pytest.param([], {}, "fine", "answers", id="answers"),
        pytest.param(
            socket.gaierror(socket.EAI_NONAME, "unknown"), {}, "fine", "does not know", id="knows not this one"
        ),
        pytest.param(socket.gaierror(socket.EAI_AGAIN, "later"), {}, "problem", "/etc/resolv.conf", id="dead"),
        pytest.param(
            socket.gaierror(socket.EAI_AGAIN, "later"),
            {"upstream_proxy": "http://10.0.0.1:3128"},
            "warning",
            "two seconds",
            id="dead, and another proxy looks names up",
        ),
    ],
)
def test_dns(answers: object, config: dict[str, Any], state: str, says: str) -> None:
    def look_up(_name: str) -> object:
        if isinstance(answers, OSError):
            raise answers
        return answers

    (told,) = names(Settings(**config), look_up)
    assert (told.state, says in told.says) == (state, True)


def test_dns_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlp_proxy.cli.examine.names._SECONDS", 0.05)
    (told,) = names(Settings(), lambda _: threading.Event().wait(1))
    assert (told.state, "no answer" in told.says) == ("problem", True)


def test_a_look_that_fails_is_told_and_the_others_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> Any:
        raise PermissionError(13, "Permission denied", "/var/lib/dlp-proxy/ca")

    monkeypatch.setattr("dlp_proxy.cli.doctor.kept", failing)
    monkeypatch.setattr("dlp_proxy.cli.doctor.people", lambda *_: 1 / 0)
    place = Place(tmp_path)
    settings = Settings(state=place.state, policies=ROOT / "policies")
    answers = {one.name: one for one in look(settings)}
    assert answers["state"].says.startswith("/var/lib/dlp-proxy/ca: Permission denied")
    assert "ZeroDivisionError" in answers["people"].says
    assert {"program", "proxy port", "firewall"} <= answers.keys()


@pytest.mark.parametrize(
    ("code", "says"),
    [(sqlite3.SQLITE_CANTOPEN, "look at the disk"), (sqlite3.SQLITE_IOERR, "look at the disk"),
     (sqlite3.SQLITE_CORRUPT, "restore your backup")],
)  # fmt: skip
def test_a_backup_is_put_back_only_where_the_store_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, says: str
) -> None:
    """A full disk, or a file of root's, is no reason to lose what was recorded since."""

    def failing(*_: object, **__: object) -> Any:
        error = sqlite3.OperationalError("of this kind")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr("dlp_proxy.cli.examine.disk.sqlite3.connect", failing)
    told = store(tmp_path / "events.db")
    assert (told.state, says in told.says) == ("problem", True)


def test_tesseract_without_its_languages_is_not_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tesseract").write_text("#!/bin/sh\n")
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (told,) = [one for one in program(Settings()) if one.name == "pictures"]
    assert (told.state, "TESSDATA_PREFIX" in told.says) == ("warning", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_root_looks_as_the_owner_of_the_state_folder_and_leaves_nothing_of_its_own(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for path in (place.state, *place.state.rglob("*")):
        os.chown(path, 10_001, 10_001)
    _, answers = place.answers()
    assert answers["user"][1].startswith(("looks as 10001", "10001, whose "))
    assert [path for path in place.state.rglob("*") if path.lstat().st_uid != 10_001] == []
