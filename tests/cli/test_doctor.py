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
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from dlp_proxy.cli.examine.disk import file_system, room
from dlp_proxy.cli.examine.machine import clock, memory
from dlp_proxy.settings import Settings
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir

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
    assert code == (1 if state == "problem" else 0)


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
    assert "NTP" in clock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).says
    assert memory(Settings(workers=4, inspectors=8), 2 * 1024**3).state == "problem"
    assert memory(Settings(workers=1, inspectors=1), 2 * 1024**3).state == "fine"
