"""``dlp-proxy demo``: the real proxy on real traffic, on this machine alone.

Nothing is canned: each line printed is read back from the proxy's answer, the site's log or the event store.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import urlopen

import click
import yaml

from dlp_proxy.cli.demo_evidence import make_keys, reveal_one
from dlp_proxy.cli.demo_site import DemoSite
from dlp_proxy.cli.demo_traffic import as_csv, as_json, as_multipart, as_zip, orders
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import POLICIES
from dlp_proxy.stores.authority import CERTIFICATE_FILE
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir

_HOSTS: Final = ("www.news.example", "mail.qq.example", "pan.baidu.example", "transfer.example")
_ZHANG: Final = ("127.0.0.1", "zhang.wei@corp.example")
_CHEN: Final = ("127.0.0.2", "chen.jie@corp.example")
_DRIP: Final = 4
_START_SECONDS: Final = 180
"""A bound for machines that are slow or busy: a start takes some nine seconds of CPU, the first one more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client of the demo got back."""

    status: int
    event: str
    page: str

    @property
    def blocked(self) -> bool:
        return self.status == 403 and bool(self.event)


@dataclass(frozen=True, slots=True)
class Proxy:
    """The running proxy of the demo: where it listens and whom it may be trusted by."""

    port: int
    state: StateDir

    def send(self, sender: tuple[str, str], url: str, body: bytes = b"", kind: str = "text/plain") -> Answer:
        """Send one request through the proxy over TLS, as a browser's page load or upload would."""
        parts = urlsplit(url)
        trust = ssl.create_default_context(cafile=self.state.ca / CERTIFICATE_FILE)
        source = (sender[0], 0) if sys.platform == "linux" else None
        client = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, source_address=source, context=trust)
        client.set_tunnel(parts.hostname or "", 443)
        headers = {"Accept": "text/html", "Accept-Language": "en"} | ({"Content-Type": kind} if body else {})
        try:
            client.request("POST" if body else "GET", parts.path, body or None, headers)
            answer = client.getresponse()
            return Answer(answer.status, answer.getheader("X-DLP-Proxy", ""), answer.read().decode())
        finally:
            client.close()


@click.command()
@click.option("--once", is_flag=True, help="Stop at the end instead of staying up.")
@POLICIES
def demo(policies: Path, *, once: bool) -> None:
    """Show the proxy at work on real traffic, on this machine alone. Exits 1 when it did not do its job.

    \b
    Example:
      dlp-proxy demo --once
    """
    folder = Path(tempfile.mkdtemp(prefix="dlp-proxy-demo-"))
    site = DemoSite(folder, _HOSTS)
    try:
        port = site.start()
        with _running(folder, policies, port, site.ca) as proxy:
            missed = _play(proxy, site)
            _incidents(proxy.state)
            missed += reveal_one(proxy.state, folder)
            if not once:
                _stay(proxy)
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if missed:
        click.echo(f"\nNOT as it should be: {'; '.join(missed)}", err=True)
        raise click.exceptions.Exit(PROBLEMS)


def _play(proxy: Proxy, site: DemoSite) -> list[str]:
    """Send the demo's traffic, tell what became of it, and return what was not as it should be."""
    missed: list[str] = []
    stolen = orders(60, seed=2012)

    def step(says: str, answer: Answer, *, blocked: bool) -> None:
        _say(says, answer)
        if answer.blocked is not blocked:
            missed.append(says)

    step("zhang.wei opens https://www.news.example/", proxy.send(_ZHANG, "https://www.news.example/"), blocked=False)
    one = orders(1, seed=1)[0]
    mail = f"您好，订单 {one.number} 的收货电话是 {one.phone}，请查收。".encode()
    step(
        "zhang.wei mails one customer's order", proxy.send(_ZHANG, "https://mail.qq.example/send", mail), blocked=False
    )
    kind, body = as_multipart("orders.csv", as_csv(stolen))
    answer = proxy.send(_ZHANG, "https://pan.baidu.example/upload", body, kind)
    step("zhang.wei uploads 60 orders as a CSV file", answer, blocked=True)
    _show_page(answer)
    kind, body = as_multipart("photos.zip", as_zip(stolen))
    step(
        "zhang.wei uploads the same as a zip",
        proxy.send(_ZHANG, "https://pan.baidu.example/upload", body, kind),
        blocked=True,
    )
    answer = proxy.send(_ZHANG, "https://transfer.example/api", as_json(stolen), "image/png")
    step("zhang.wei posts the same as JSON, labelled a picture", answer, blocked=True)
    _drip(proxy, missed)
    _site_log(site, [order.number for order in stolen], missed)
    return missed


def _drip(proxy: Proxy, missed: list[str]) -> None:
    """Send a few customers a request until the window trips, and tell at which."""
    slow = orders(400, seed=77)
    click.echo(f"\nchen.jie sends {_DRIP} different orders a request, each under every limit for one request ...")
    for number in range(100):
        some = slow[number * _DRIP : (number + 1) * _DRIP]
        answer = proxy.send(_CHEN, f"https://transfer.example/u/{number}", as_json(some), "application/json")
        if answer.blocked:
            sent = (number + 1) * _DRIP
            _say(f"chen.jie's request {number + 1}, with the {sent}th different order", answer)
            if sys.platform == "linux" and sent != 200:
                missed.append(f"the drip tripped at {sent} orders, not at 200")
            return
    missed.append("the drip was never stopped")


def _site_log(site: DemoSite, stolen: list[str], missed: list[str]) -> None:
    """Tell from the site's own log what arrived, of the bulk uploads and of the drip."""
    arrived = b"\n".join(one.body for one in site.received)
    leaked = [number for number in stolen if number.encode() in arrived]
    uploads = [one for one in site.received if one.host.startswith("pan.baidu") or one.target == "/api"]
    before = len(set(re.findall(rb"SO-\d{8}-77\d{4}", arrived)))
    click.echo(f"\nthe outside site's own log: {len(site.received)} requests arrived")
    click.echo(
        f"  bulk uploads among them: {len(uploads)} of 3; their orders anywhere in it: {len(leaked)} of {len(stolen)}"
    )
    click.echo(f"  orders of the drip in it, sent before the limit: {before}")
    if leaked or uploads:
        missed.append(f"{len(uploads)} blocked uploads with {len(leaked)} orders reached the site")


def _say(says: str, answer: Answer) -> None:
    click.echo(f"{'BLOCKED' if answer.blocked else 'passed ':<8} {says}  (HTTP {answer.status})")


def _show_page(answer: Answer) -> None:
    body = re.sub(r"<(style|head|script|title)\b.*?</\1>", " ", answer.page, flags=re.DOTALL)
    lines = (unescape(line).strip() for line in re.sub(r"<[^>]+>", "\n", body).splitlines())
    for line in (line for line in lines if line):
        click.echo(f"           | {line}")


def _incidents(state: StateDir) -> None:
    click.echo("\nincidents in the event store:")
    with SqliteReader(state.events) as reader:
        for row in reversed(list(reader.incidents(20))):
            where = ", ".join(row.sites)
            counts = f"{row.records:>4} customers  {row.events} events"
            click.echo(f"  {row.incident}  {row.action:<6} {counts}  {row.user} -> {where}")


def _stay(proxy: Proxy) -> None:
    click.echo(
        f"\nThe proxy stays up on 127.0.0.1:{proxy.port}. Look around, e.g.:\n"
        f"  dlp-proxy incident list --state {proxy.state.path}\n"
        f"  dlp-proxy evidence list --state {proxy.state.path}\n"
        f"  curl --proxy http://127.0.0.1:{proxy.port} --cacert {proxy.state.ca / CERTIFICATE_FILE}"
        " https://www.news.example/\nCtrl-C ends it and removes everything."
    )
    try:
        signal.pause()
    except KeyboardInterrupt:
        click.echo()


@contextmanager
def _running(folder: Path, policies: Path, site_port: int, site_ca: Path) -> Iterator[Proxy]:
    """Start ``dlp-proxy run`` as a process of its own and yield it when it says it is ready."""
    state = StateDir(folder / "state")
    state.make()
    make_keys(state, folder)
    config = folder / "proxy.yaml"
    config.write_text(
        yaml.safe_dump(
            {
                "device_map": dict([_ZHANG, _CHEN]),
                "resolve": dict.fromkeys(_HOSTS, f"127.0.0.1:{site_port}"),
                "upstream_ca": str(site_ca),
                "help_contact": "soc@corp.example",
            }
        )
    )
    ready = folder / "ready.json"
    command = [sys.executable, "-m", "dlp_proxy.cli.main", "run", "--config", str(config)]
    command += ["--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--policies", str(policies)]
    command += ["--state", str(state.path), "--allow-private-destinations", "--ready-file", str(ready)]
    log = folder / "proxy.log"
    click.echo("starting the proxy: compiling the policies, opening the store, blocking a test record inside ...")
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - our own program
        try:
            yield Proxy(_wait(process, ready, log), state)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], ready: Path, log: Path) -> int:
    """Wait until the proxy is ready and return its port."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if ready.exists():
            ports = json.loads(ready.read_text())
            with urlopen(f"http://127.0.0.1:{ports['operations']}/readyz") as answer:
                click.echo(f"ready: {answer.read().decode().strip()}\n")
            return int(ports["listen"])
        time.sleep(0.1)
    click.echo(log.read_text(errors="replace"), err=True)
    late = f" in {_START_SECONDS} s: this machine is slow or busy" if process.poll() is None else ""
    raise click.ClickException(f"the proxy did not start{late}; its log is above")
