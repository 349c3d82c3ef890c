"""What `deploy/` hands to an operator: each path and setting named there exists, and the tools take the files."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import pytest
import yaml
from click import Context

from dlp_proxy.cli.examine.machine import threads
from dlp_proxy.cli.run import run
from dlp_proxy.proxy.bypass_file import read_bypass
from dlp_proxy.settings import Settings, describe, load_settings

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
UNIT: Final = DEPLOY / "systemd" / "dlp-proxy.service"
_INSTRUCTIONS: Final = (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR"
)
DOCKERFILE: Final = DEPLOY / "docker" / "Dockerfile"
COMPOSE: Final = DEPLOY / "docker" / "compose.yaml"


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT.read_text())
    return parser


def settings() -> Settings:
    return load_settings(DEPLOY / "proxy.yaml", {}, {})


def test_the_unit_starts_what_there_is_and_gives_it_no_rights() -> None:
    service = unit()["Service"]
    _, *words = service["ExecStart"].split()
    run.parse_args(Context(run), words[1:])
    assert words[0] == "run"
    assert service["StateDirectory"] == settings().state.name
    assert int(service["TimeoutStopSec"]) > settings().drain_seconds
    assert (service["Type"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("notify", "yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["WatchdogSec"]) >= 10
    assert int(service["LimitNOFILE"]) >= 65536


def test_commands_beside_the_unit_run_as_its_user_on_what_it_runs_on() -> None:
    script = DEPLOY / "systemd" / "dlp-proxy.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    service, text = unit()["Service"], script.read_text()
    program, _, config = re.fullmatch(r"(\S+) run (--config) (\S+)", service["ExecStart"]).groups()  # type: ignore[union-attr]
    assert f"runuser -u {service['User']} -- env DLP_PROXY_CONFIG={config} DLP_PROXY_STATE={settings().state} " in text
    assert f'DLP_PROXY_POLICIES={settings().policies} {program} "$@"' in text


def test_a_container_may_have_the_threads_of_many_cores() -> None:
    """With `workers: auto` on sixteen cores 512 were too few: no inspector could be started, uploads were stopped."""
    (service,) = yaml.safe_load(COMPOSE.read_text())["services"].values()
    assert threads(Settings(workers=32), service["pids_limit"]).state == "fine"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    there = tmp_path / UNIT.name
    program = Path(sys.executable).with_name("dlp-proxy")
    there.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={program}", UNIT.read_text()))
    done = subprocess.run(["systemd-analyze", "verify", there], capture_output=True, text=True, check=False)
    mine = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert mine == []


def test_the_image_copies_what_there_is() -> None:
    text = DOCKERFILE.read_text()
    copied = [one.split() for one in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)]
    assert len(copied) >= 5
    for *sources, _ in copied:
        for source in sources:
            assert (ROOT / source).exists(), source
    assert f"VOLUME {settings().state}\n" in text
    assert f"EXPOSE {settings().listen.port}\n" in text
    told = settings().operations
    assert f"HTTPConnection('{told.host}', {told.port}, timeout=4); c.request('GET', '/readyz')" in text
    words = yaml.safe_load(re.findall(r"^CMD (\[.+\])$", text, re.MULTILINE)[-1])
    assert words[0] == "run"
    run.parse_args(Context(run), words[1:])
    assert f"COPY policies {settings().policies}\n" in text
    assert f"WORKDIR {settings().policies.parent}\n" in text.split("\nFROM ")[-1]
    assert re.search(r"^USER [1-9]\d*$", text, re.MULTILINE)


def test_the_image_holds_what_the_package_links_to() -> None:
    """A folder that the package has by a link must be there when the package is built, else it is silently left out."""
    links = [one for one in (ROOT / "dlp_proxy").rglob("*") if one.is_symlink()]
    assert links
    built = DOCKERFILE.read_text().split("\nFROM ")[1]
    for link in links:
        target = link.resolve().relative_to(ROOT).as_posix()
        assert f"\nCOPY {target} {target}\n" in built, f"{link.relative_to(ROOT)} would be missing from the image"


def test_the_image_is_made_of_instructions_that_there_are() -> None:
    lines = [line for line in DOCKERFILE.read_text().splitlines() if line and not line.startswith("#")]
    instructions = [one.split(maxsplit=1) for one in "\n".join(lines).replace("\\\n", " ").splitlines()]
    stages: list[str] = []
    for name, rest in instructions:
        assert name in _INSTRUCTIONS.split(), name
        assert stages or name == "FROM"
        if name == "FROM":
            stages.append(rest.partition(" AS ")[2])
        for stage in re.findall(r"^--from=(\S+)", rest):
            assert stage in stages[:-1]
        for shell in [rest] if name == "RUN" else []:
            assert subprocess.run(["sh", "-n", "-c", shell], check=False).returncode == 0, shell
        for listed in re.findall(r"(?:^|CMD )(\[.*\])$", rest):
            assert all(isinstance(word, str) for word in json.loads(listed))
    assert len(instructions) >= 15


def test_in_the_image_ended_processes_are_buried_and_signals_reach_the_program() -> None:
    """As the first process of a container the program kept what a killed worker leaves behind, as zombies for ever."""
    text = DOCKERFILE.read_text()
    init, *words = json.loads(re.findall(r"^ENTRYPOINT (\[.+\])$", text, re.MULTILINE)[-1])
    assert init == "/usr/bin/tini"
    assert words == ["--", "/opt/dlp-proxy/bin/dlp-proxy"]
    assert " tini " in text.split("\nFROM ")[-1].split("apt-get install", 1)[1]


def test_the_image_has_what_every_start_would_make_again() -> None:
    """It is read-only when it runs: what the set-up of a checkout keeps beside the code must be made with the image."""
    built = DOCKERFILE.read_text().split("\nFROM ")[1]
    (module,) = re.findall(r"-m (dlp_proxy\.\S*warm_up) policies", (ROOT / "scripts" / "bootstrap").read_text())
    # Not from the sources beside it: what is kept would lie beside them, and be left behind.
    assert f"\n && cd / && /opt/dlp-proxy/bin/python -m {module} /src/policies\n" in built


def test_the_user_and_group_of_the_image_are_the_same_in_every_build() -> None:
    """A file that the host gives to that group stays readable when the base image has one group more."""
    text = DOCKERFILE.read_text()
    (user,) = re.findall(r"^USER (\d+)$", text, re.MULTILINE)
    assert f"groupadd --gid {user} dlp-proxy" in text
    assert f"useradd --uid {user} --gid {user} " in text


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_says_why_and_asks_no_proxy(status: int, code: int) -> None:
    """What Docker's own settings put into a container's environment must not send it to the company's proxy."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(b"the store takes no write")

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - its name there
            pass

    text = DOCKERFILE.read_text().replace("\\\n", "")
    _, *words = json.loads(re.findall(r"^HEALTHCHECK .+?CMD (\[.+\])$", text, re.MULTILINE)[-1])
    with HTTPServer(("127.0.0.1", 0), Desk) as desk:
        threading.Thread(target=desk.serve_forever, args=(0.01,)).start()
        asked = [word.replace(f"{settings().operations.port}", f"{desk.server_port}") for word in words]
        away = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        done = subprocess.run([sys.executable, *asked], capture_output=True, text=True, check=False, env=away)
        desk.shutdown()
    assert (done.returncode, done.stdout, done.stderr) == (code, "the store takes no write\n", "")


def test_what_compose_makes_is_named_after_the_program_and_not_after_a_folder() -> None:
    """`docker build -t dlp-proxy` made an image that compose did not take, and the volume was called `docker_state`."""
    told = yaml.safe_load(COMPOSE.read_text())
    (service,) = told["services"].values()
    assert told["name"] == service["image"] == "dlp-proxy"
    assert f" -t {service['image']} " in DOCKERFILE.read_text()


def test_the_log_of_a_container_does_not_fill_the_disk() -> None:
    (service,) = yaml.safe_load(COMPOSE.read_text())["services"].values()
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_the_compose_file_names_what_there_is() -> None:
    told = yaml.safe_load(COMPOSE.read_text())
    (service,) = told["services"].values()
    context = (COMPOSE.parent / service["build"]["context"]).resolve()
    assert context == ROOT
    assert (context / service["build"]["dockerfile"]).samefile(DOCKERFILE)
    for volume in service["volumes"]:
        source, target, *_ = volume.split(":")
        assert source in told["volumes"] or (COMPOSE.parent / source).exists(), source
        assert target in {str(settings().state), str(settings().policies), "/etc/dlp-proxy/proxy.yaml"}
    assert int(service["stop_grace_period"].removesuffix("s")) > settings().drain_seconds


def test_every_setting_in_the_config_is_one_also_those_that_are_switched_off() -> None:
    text = (DEPLOY / "proxy.yaml").read_text()
    switched_off = set(re.findall(r"^# ([a-z_]+): ?\S*", text, re.MULTILINE))
    assert switched_off <= {name for name, _, _ in describe()}
    assert len(switched_off) >= 6
    assert str(settings().listen) == "0.0.0.0:8080"


def test_the_bypass_file_is_one() -> None:
    assert [(one.name, sorted(one.people)) for one in read_bypass(DEPLOY / "bypass.yaml")] == [
        ("updates.vendor.example:443", []),
        ("*.payroll.example:443", ["hr"]),
    ]


def test_nftables_takes_the_rules() -> None:
    rules = DEPLOY / "nftables" / "transparent.nft"
    done = subprocess.run(["/usr/sbin/nft", "-c", "-f", rules], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    stricter = rules.read_text().replace("# iifname", "iifname")
    assert stricter != rules.read_text()
    done = subprocess.run(
        ["/usr/sbin/nft", "-c", "-f", "-"], input=stricter, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"define proxy = {settings().listen.port} " in rules.read_text()
    assert f"define operations = {settings().operations.port} " in rules.read_text()
