"""The ways to an origin that benchmarks compare, all started at once: straight, other proxies, and ours."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from benchmarks.processes import family_cpu, free_port, process, wait_for, wait_for_file
from dlp_proxy.cli.demo_site import DemoSite
from dlp_proxy.stores.authority import make_authority
from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.wiring.gates import command, kept_gate

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "localhost"
DIRECT: Final = "direct"
STOCK: Final = "stock mitmdump"
REGEX: Final = "mitmdump, plain regex"
SQUID: Final = "Squid, bump only"
OURS: Final = "dlp_proxy"
OURS_TWO: Final = "dlp_proxy, 2 workers"
_CERTGEN: Final = Path("/usr/lib/squid/security_file_certgen")


@dataclass(frozen=True, slots=True)
class Origins:
    """Ports of the origin."""

    tls: int
    plain: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the origin: a proxy that runs, or none."""

    name: str
    port: int
    trust: Path
    pid: int = 0

    def cpu(self) -> float:
        """Return the CPU seconds of the proxy and its children so far."""
        return family_cpu(self.pid) if self.pid else 0.0


def compile_gate(state: Path) -> None:
    """Put the gate of the shipped policies into a new state folder; compiled once, and kept with the environment."""
    policies, kept = ROOT / "policies", ROOT / ".venv" / "gates"
    texts = read_policies(policies).texts
    kept.mkdir(exist_ok=True)
    if kept_gate(kept, texts) is None:
        subprocess.run(command(policies, kept, texts), check=True)
    state.mkdir(mode=0o700)
    shutil.copytree(kept, state / "gates")


class Starter:
    """Starts proxies in a folder, all trusting the same origin."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack, trust: Path, *, compiled: bool) -> None:
        self._folder = folder
        self._stack = stack
        self._trust = trust
        self._compiled = compiled

    def _process(self, name: str, *words: str) -> int:
        return self._stack.enter_context(process(*words, log=self._folder / f"{name}.log")).pid

    def mitmdump(self, name: str, folder: str, *more: str) -> Way:
        port, home = free_port(), self._folder / folder
        pid = self._process(
            folder, str(Path(sys.executable).parent / "mitmdump"), "-q",
            "--listen-host", "127.0.0.1", "-p", str(port), "--set", f"confdir={home}", "--set", "flow_detail=0",
            "--set", f"ssl_verify_upstream_trusted_ca={self._trust}", *more,
        )  # fmt: skip
        return Way(name, port, home / "mitmproxy-ca-cert.pem", pid)

    def ours(self, name: str, workers: int) -> Way:
        port, operations = free_port(), free_port()
        home = self._folder / f"ours-{workers}"
        home.mkdir()
        if self._compiled:
            compile_gate(home / "state")
        config = home / "proxy.yaml"
        config.write_text(yaml.safe_dump({"upstream_ca": str(self._trust), "allow_private_destinations": True}))
        pid = self._process(
            f"ours-{workers}", sys.executable, "-m", "dlp_proxy.cli.main", "run", "--config", str(config),
            "--listen", f"127.0.0.1:{port}", "--operations", f"127.0.0.1:{operations}", "--workers", str(workers),
            "--policies", str(ROOT / "policies"), "--state", str(home / "state"),
            "--ready-file", str(home / "ready"),
        )  # fmt: skip
        return Way(name, port, home / "state" / "ca" / "ca.pem", pid)

    def squid(self, name: str) -> Way | None:
        """Start Squid that opens TLS with a CA of its own and looks at nothing; None where it is not installed."""
        program = shutil.which("squid", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None or not _CERTGEN.exists():
            return None
        port, home = free_port(), self._folder / "squid"
        home.mkdir(mode=0o777)
        home.chmod(0o777)
        make_authority(home / "ca", "bench")
        for path in (home / "ca", *(home / "ca").iterdir()):
            path.chmod(0o755)
        subprocess.run([str(_CERTGEN), "-c", "-s", str(home / "db"), "-M", "4MB"], check=True, capture_output=True)
        for path in (home / "db", *(home / "db").rglob("*")):
            path.chmod(0o777)
        (home / "hosts").write_text(f"127.0.0.1 {HOST}\n")
        (home / "squid.conf").write_text(
            f"http_port 127.0.0.1:{port} ssl-bump tls-cert={home}/ca/mitmproxy-ca.pem"
            " generate-host-certificates=on dynamic_cert_mem_cache_size=4MB\n"
            f"sslcrtd_program {_CERTGEN} -s {home}/db -M 4MB\nsslcrtd_children 2\n"
            "acl hello at_step SslBump1\nssl_bump peek hello\nssl_bump bump all\n"
            f"tls_outgoing_options cafile={self._trust}\nhosts_file {home}/hosts\n"
            "http_access allow all\ncache deny all\naccess_log none\n"
            f"cache_log {home}/cache.log\npid_filename {home}/squid.pid\ncoredump_dir {home}\n"
            "shutdown_lifetime 0 seconds\nclient_request_buffer_max_size 2 MB\n"
        )
        pid = self._process("squid", program, "-N", "-f", str(home / "squid.conf"))
        return Way(name, port, home / "ca" / "ca.pem", pid)


@contextlib.contextmanager
def ways(folder: Path, *, compiled: bool = False, only: tuple[str, ...] = ()) -> Iterator[tuple[Origins, list[Way]]]:
    """Start the origin and the proxies; yield the origin's ports and the ways to it.

    Args:
        compiled: our proxy starts with its gate compiled, as it is a minute after a first start.
        only: the ways that are wanted; all where none is named.
    """
    site = DemoSite(folder, (HOST,))
    site.ca.chmod(0o644)
    with contextlib.ExitStack() as stack:
        origin = stack.enter_context(
            process(sys.executable, "-m", "benchmarks.origin", str(folder / "site.pem"), log=folder / "origin.log")
        )
        assert origin.stdout is not None
        origins = Origins(*map(int, origin.stdout.readline().split()))
        start = Starter(folder, stack, site.ca, compiled=compiled)
        addon = str(Path(__file__).parent / "stock_regex.py")
        starts = {
            DIRECT: lambda: Way(DIRECT, 0, site.ca),
            STOCK: lambda: start.mitmdump(STOCK, "stock"),
            REGEX: lambda: start.mitmdump(REGEX, "regex", "-s", addon),
            SQUID: lambda: start.squid(SQUID),
            OURS: lambda: start.ours(OURS, 1),
            OURS_TWO: lambda: start.ours(OURS_TWO, 2),
        }
        some = [way for name in only or starts if (way := starts[name]()) is not None]
        for way in some:
            if way.port:
                wait_for(way.port)
            if way.name in {OURS, OURS_TWO}:
                wait_for_file(way.trust.parents[2] / "ready")
        time.sleep(1)
        yield origins, some
