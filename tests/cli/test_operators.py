from __future__ import annotations

import json
import socket
import tempfile
from pathlib import Path

import pytest

from dlp_proxy.cli.main import COMMANDS
from dlp_proxy.settings import describe, load_settings
from tests.cli.commands import POLICIES, ROOT, dlp_proxy, dlp_proxy_here


@pytest.mark.parametrize("name", [name for name, *_ in COMMANDS])
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = dlp_proxy(name, "--help")
    assert done.code == 0
    assert "Example:" in done.out
    assert f"dlp-proxy {name}" in done.out or "| dlp-proxy" in done.out


def test_unknown_commands_and_options_are_wrong_usage() -> None:
    assert dlp_proxy("nonsense").code == 2
    assert dlp_proxy("scan", "--nonsense").code == 2


def test_a_ca_is_made_once_and_shown_without_its_key(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert "made a CA" in dlp_proxy("ca", "init", "--state", state, "--name", "Example CA").out
    assert "already" in dlp_proxy("ca", "init", "--state", state).out
    shown = json.loads(dlp_proxy("ca", "show", "--state", state, "--json").out)
    assert "Example CA" in shown["subject"]
    assert dlp_proxy("ca", "show", "--state", state, "--pem").out == shown["certificate"]
    assert "PRIVATE" not in shown["certificate"]
    assert str(state) in dlp_proxy("ca", "install-help", "--state", state).out


def test_a_missing_ca_says_how_to_make_one(tmp_path: Path) -> None:
    done = dlp_proxy("ca", "show", "--state", tmp_path)
    assert done.code == 2
    assert "dlp-proxy ca init" in done.err


def test_doctor_is_content_with_a_good_place(tmp_path: Path) -> None:
    done = dlp_proxy("doctor", "--state", tmp_path / "state", "--policies", POLICIES, "--json")
    answers = {one["name"]: one for one in json.loads(done.out)}
    problems = {name for name, one in answers.items() if one["state"] == "problem"}
    assert problems <= {"DNS"}  # which not every machine that runs tests has
    assert done.code == (1 if problems else 0)
    assert answers["policies"]["state"] == "fine"
    assert answers["state"]["state"] == "fine"


def test_doctor_tells_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "a.yaml").write_text("format: dlp-policy/v1\npolicy: a\nrulez: {}\n")
    (tmp_path / "state").mkdir(mode=0o755)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = tmp_path / "proxy.yaml"
        config.write_text(f"listen: 127.0.0.1:{taken.getsockname()[1]}\n")
        done = dlp_proxy(
            "doctor", "--config", config, "--state", tmp_path / "state", "--policies", tmp_path / "policies"
        )
    assert done.code == 1
    assert "policy check" in done.out
    assert "chmod 700" in done.out
    assert "is not free" in done.out


def test_doctor_says_how_it_is_known_who_sends(tmp_path: Path) -> None:
    (tmp_path / "htpasswd").write_text("li.na:{SHA}JZAz1BSlEF10vQdmBV23Aw62SJ4=\n")
    config = tmp_path / "proxy.yaml"
    config.write_text(f"htpasswd: {tmp_path / 'htpasswd'}\nidentity_header: X-Authenticated-User\n")
    words = ("doctor", "--config", config, "--state", tmp_path / "state", "--policies", POLICIES, "--json")
    answers = {one["name"]: one for one in json.loads(dlp_proxy(*words).out)}
    assert answers["who sends"]["state"] == "warning"
    for said in ("log-in required, 1 users", "SHA without salt", "believed from nobody"):
        assert said in answers["who sends"]["says"]
    (tmp_path / "htpasswd").write_text("li.na:plain\n")
    done = dlp_proxy(*words)
    assert done.code == 1
    assert "htpasswd:1: must be USER:HASH" in done.out


def test_incidents_of_a_place_where_no_proxy_ran_say_so(tmp_path: Path) -> None:
    done = dlp_proxy("incident", "list", "--state", tmp_path)
    assert done.code == 2
    assert "--state" in done.err


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("listn: 127.0.0.1:1\n", "did you mean `listen`?"),
        ("listen: nowhere\n", "HOST:PORT"),
        ("monitor: maybe\n", "true or false"),
        ("listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", "written twice"),
        ("device_map: {not-an-address: li}\n", "is not an IP address"),
        ("- a\n", "must hold"),
        ("a: [\n", "not valid YAML"),
        ("body_bytes: many\n", "whole number"),
        ("on_error: shrug\n", "one of: block, allow"),
    ],
)
def test_a_config_that_cannot_be_used_is_told_before_anything_starts(tmp_path: Path, config: str, says: str) -> None:
    (tmp_path / "proxy.yaml").write_text(config)
    done = dlp_proxy("run", "--config", tmp_path / "proxy.yaml", "--state", tmp_path / "state")
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "state").exists()


def test_insecure_upstream_must_be_confirmed(tmp_path: Path) -> None:
    done = dlp_proxy("run", "--ssl-insecure", "--state", tmp_path / "state", "--policies", POLICIES)
    assert done.code == 2
    assert "confirm" in done.err


def test_the_proxy_does_not_start_on_policies_with_errors(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "a.yaml").write_text("format: dlp-policy/v1\npolicy: a\nrulez: {}\n")
    done = dlp_proxy(
        "run", "--policies", tmp_path / "policies", "--state", tmp_path / "state", "--listen", "127.0.0.1:0"
    )
    assert done.code == 2
    assert "a.yaml:3:1: error[UNKNOWN-KEY]" in done.err


def test_the_proxy_does_not_start_on_policies_that_block_nothing(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "a.yaml").write_text("format: dlp-policy/v1\npolicy: a\nowner: a@corp.example\n")
    done = dlp_proxy(
        "run", "--policies", tmp_path / "policies", "--state", tmp_path / "state", "--listen", "127.0.0.1:0"
    )
    assert done.code == 2
    assert "self-test" in done.err


@pytest.mark.usefixtures("logs_as_before")
def test_the_proxy_does_not_start_without_a_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "none")])
    done = dlp_proxy_here("run", "--policies", POLICIES, "--state", tmp_path / "state", "--listen", "127.0.0.1:0")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("dlp-proxy: no folder for temporary files")
    assert not (tmp_path / "state").exists()


def test_the_demo_shows_what_it_promises() -> None:
    done = dlp_proxy("demo", "--once", "--policies", ROOT / "policies")
    assert done.code == 0, done.out + done.err
    assert done.out.count("BLOCKED") == 4
    assert "bulk uploads among them: 0 of 3" in done.out
    assert "with the 200th different order" in done.out
    assert "DEMO KEYS" in done.out
    assert "refused: nobody has approved" in done.out
    assert "60 of 60 orders in it" in done.out


def test_every_setting_can_be_set_by_flag_and_by_environment() -> None:
    shown = dlp_proxy("run", "--help").out
    for name, _, _ in describe():
        assert f"--{name.replace('_', '-')}" in shown
    flags = {"device_map": "127.0.0.5=li.na@corp.example, ::1=zhang", "resolve": "a.example=127.0.0.1:443"}
    settings = load_settings(None, {"DLP_PROXY_BODY_BYTES": "4096", "DLP_PROXY_MONITOR": "yes"}, flags)
    assert settings.device_map == {"127.0.0.5": "li.na@corp.example", "::1": "zhang"}
    assert settings.resolve == {"a.example": "127.0.0.1:443"}
    assert (settings.body_bytes, settings.monitor) == (4096, True)
