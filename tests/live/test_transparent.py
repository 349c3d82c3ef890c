"""Transparent mode as it is deployed: a gateway with the shipped nftables rules, a workstation behind it; as root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.live.harness import ROOT, SITE, Certificates, ProxyProcess, running, start_stand_in
from tests.live.recorder import Recorder

pytestmark = pytest.mark.live

RULES = ROOT / "deploy" / "nftables" / "transparent.nft"
SOMEWHERE = "93.184.215.14"
PORT = 18080
TAG = str(os.getpid() % 100_000)
GATEWAY, STATION = f"dlpg{TAG}", f"dlps{TAG}"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def gateway() -> Iterator[Callable[[Callable[[], object]], object]]:
    """Make two network namespaces with a cable between them; return what runs a function in the gateway's."""
    assert os.geteuid() == 0, "network namespaces are made as root: run this test as root"
    made: list[str] = []
    try:
        for one in (GATEWAY, STATION):
            ip("netns", "add", one)
            made.append(one)
            ip("-n", one, "link", "set", "lo", "up")
        ip("-n", GATEWAY, "link", "add", "lan0", "type", "veth", "peer", "name", "eth0", "netns", STATION)
        for one, link, address in ((GATEWAY, "lan0", "10.77.1.1/24"), (STATION, "eth0", "10.77.1.2/24")):
            ip("-n", one, "addr", "add", address, "dev", link)
            ip("-n", one, "link", "set", link, "up")
        ip("-n", STATION, "route", "add", "default", "via", "10.77.1.1")
        rules = RULES.read_text().replace('lan = "eth1"', 'lan = "lan0"').replace("proxy = 8080", f"proxy = {PORT}")
        subprocess.run(["ip", "netns", "exec", GATEWAY, "nft", "-f", "-"], input=rules, text=True, check=True)

        def there(do: Callable[[], object]) -> object:
            def work() -> object:
                with open(f"/run/netns/{GATEWAY}", "rb") as namespace:  # noqa: PTH123 - its descriptor is wanted
                    os.setns(namespace.fileno(), os.CLONE_NEWNET)
                return do()

            with ThreadPoolExecutor(1) as thread:
                return thread.submit(work).result()

        yield there
    finally:
        for one in made:
            ip("netns", "del", one)


@pytest.fixture(scope="module")
def site(gateway: Callable[[Callable[[], object]], object], certificates: Certificates) -> Iterator[Recorder]:
    one = gateway(lambda: Recorder(certificates.leaf(SITE)))
    assert isinstance(one, Recorder)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def proxy(
    gateway: Callable[[Callable[[], object]], object],
    site: Recorder,
    tmp_path_factory: pytest.TempPathFactory,
    proxy_ca: Path,
    certificates: Certificates,
) -> Iterator[ProxyProcess]:
    folder = tmp_path_factory.mktemp("transparent")
    (folder / "bypass.yaml").write_text(
        f"- {{host: pinned.{SITE}, port: 443, owner: li, reason: pins, expires: 2099-01-01}}"
    )
    made = gateway(
        lambda: start_stand_in(
            folder / "proxy",
            proxy_ca,
            transparent=True,
            listen="0.0.0.0",  # noqa: S104 - in a namespace of its own
            port=PORT,
            upstream_ca=str(certificates.ca),
            device_map={"10.77.1.2": "li.wei"},
            bypass_file=str(folder / "bypass.yaml"),
            resolve={
                SITE: f"127.0.0.1:{site.port}",
                f"pinned.{SITE}": f"127.0.0.1:{site.port}",
                f"plain.{SITE}": f"127.0.0.1:{site.plain_port}",
            },
        )
    )
    assert isinstance(made, ProxyProcess)
    with running(made):
        yield made


def ask(proxy: ProxyProcess, url: str, *more: str, at: str = SOMEWHERE) -> tuple[int, int]:
    """Run curl on the workstation, where every name is at `at`; return its exit code and the status."""
    done = subprocess.run(
        [
            *("ip", "netns", "exec", STATION, "curl", "--silent", "--max-time", "10", "--cacert", str(proxy.ca)),
            *("--noproxy", "*", "--output", "/dev/null", "--write-out", "%{response_code}"),
            *("--connect-to", f"::{at}:", *more, url),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, int(done.stdout or 0)


def test_the_shipped_rules_bring_everything_to_the_proxy(proxy: ProxyProcess, site: Recorder) -> None:
    site.got.clear()
    assert ask(proxy, f"https://{SITE}/in", "--data", "hello") == (0, 200)
    assert ask(proxy, f"http://plain.{SITE}/in", "--data", "hello there") == (0, 200)
    assert b"hello there" in site.got
    told = [(one["user"], one["site"], one["action"]) for one in proxy.recorded()]
    assert told == [("li.wei", SITE, "allow"), ("li.wei", f"plain.{SITE}", "allow")]
    assert ask(proxy, f"https://{SITE}/in", "--data", "BLOCK-ME") == (0, 403)
    assert ask(proxy, f"http://plain.{SITE}/in", "--data", "BLOCK-ME") == (0, 403)
    assert b"BLOCK-ME" not in site.got


def test_destinations_are_checked_by_the_address_they_are_headed_for(proxy: ProxyProcess, site: Recorder) -> None:
    site.got.clear()
    for inside in ("169.254.169.254", "10.9.9.9"):
        assert ask(proxy, f"http://plain.{SITE}/", at=inside) == (0, 403)
        assert ask(proxy, f"https://{SITE}/", at=inside) == (0, 403)
    for to in ("127.0.0.1", "169.254.169.254", "localhost"):
        assert ask(proxy, f"http://plain.{SITE}/", "--header", f"Host: {to}")[1] in {403, 421}
    assert ask(proxy, f"https://{SITE}/", "--header", f"Host: plain.{SITE}") == (0, 421)
    assert site.got == b""


def test_the_port_of_the_proxy_is_no_way_in_and_its_headers_no_way_round(proxy: ProxyProcess) -> None:
    direct = f"http://10.77.1.1:{PORT}/"
    assert ask(proxy, direct, "--max-time", "1", at="10.77.1.1")[0] in {7, 28}
    through = ("--noproxy", "", "--proxy", f"http://{SOMEWHERE}:80", "--proxytunnel")
    assert ask(proxy, f"http://plain.{SITE}/", *through)[0] == 56  # CONNECT refused


def test_a_pinned_name_is_passed_on_to_where_we_find_it(proxy: ProxyProcess, site: Recorder) -> None:
    """The address that a packet is headed for says nothing: the name in it could be written by anybody."""
    site.got.clear()
    data = ("--insecure", "--data", "BLOCK-ME")
    assert ask(proxy, f"https://pinned.{SITE}/", *data, at="198.41.0.4") == (0, 200)
    assert b"BLOCK-ME" in site.got
    begun = proxy.recorded("unopened")[0]
    assert (begun["principal"]["user"], begun["site"]) == ("li.wei", f"pinned.{SITE}:443")
    site.got.clear()
    assert ask(proxy, f"https://xpinned.{SITE}/", *data, at="198.41.0.4") == (0, 403)
    assert site.got == b""
