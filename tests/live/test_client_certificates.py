"""Client certificates on the proxy's own port: who holds a good one is named in it, in every kind of transfer."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.live.client_certificates import People
from tests.live.harness import (
    SITE,
    Answer,
    Certificates,
    OriginThread,
    ProxyProcess,
    curl,
    running,
    start_stand_in,
    wait_until,
)
from tests.live.websocket_client import connect

pytestmark = pytest.mark.live

HEADER: Final = "X-Authenticated-User"
PLAIN: Final = f"http://plain.{SITE}/"
MARKED: Final = ("--data-binary", "BLOCK-ME")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    return People(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def outside(certificates: Certificates) -> Iterator[OriginThread]:
    thread = OriginThread(certificates.leaf(SITE, f"plain.{SITE}"))
    yield thread
    thread.stop()


@pytest.fixture
def world(outside: OriginThread) -> OriginThread:
    outside.seen.clear()
    return outside


@pytest.fixture(scope="module")
def told(people: People, certificates: Certificates, outside: OriginThread) -> dict[str, Any]:
    return {
        "upstream_ca": str(certificates.ca),
        "resolve": {SITE: f"127.0.0.1:{outside.port}", f"plain.{SITE}": f"127.0.0.1:{outside.plain_port}"},
        "identity_header": HEADER,
        "certificates": {
            "authority": str(people.file),
            "revoked": str(people.revoke(people.folder / "revoked.pem")),
            "front_proxies": ["front-1.corp.example"],
        },
    }


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory, proxy_ca: Path, told: dict[str, Any]) -> Iterator[ProxyProcess]:
    with running(start_stand_in(tmp_path_factory.mktemp("asking") / "proxy", proxy_ca, **told)) as proxy:
        yield proxy


def ask(proxy: ProxyProcess, url: str, certificate: Path | None, *words: str, check: bool = True) -> Answer:
    """Send by TLS to the proxy, with a certificate or without."""
    shown = ("--proxy-cert", str(certificate)) if certificate is not None else ()
    secure = ("--proxy", f"https://127.0.0.1:{proxy.port}", "--proxy-cacert", str(proxy.ca))
    return curl(proxy, url, *secure, *shown, *words, check=check)


def last(proxy: ProxyProcess) -> tuple[str, str, str, str]:
    who = proxy.recorded()[-1]["principal"]
    return who["user"], who["method"], who["strength"], who["via"]


def test_whoever_holds_a_good_certificate_is_named_in_it(
    asking: ProxyProcess, people: People, world: OriginThread
) -> None:
    li = people.client("王芳@corp.example")
    for url, version in ((f"https://{SITE}/a", "--http1.1"), (f"https://{SITE}/a", "--http2"), (PLAIN, "--http1.1")):
        before = len(asking.recorded())
        assert ask(asking, url, li, version, *MARKED).code == 403
        assert ask(asking, url, li, version, "--data-binary", "fine").code == 200
        for event in asking.recorded()[before:]:
            who = event["principal"]
            assert (who["user"], who["method"], who["strength"]) == ("王芳@corp.example", "certificate", "strong")
            assert (who["address"], who["shared"]) == ("127.0.0.1", False)
        assert len(asking.recorded()) == before + 2
    assert len(world.seen) == 3


def test_the_name_follows_into_a_websocket(
    tmp_path: Path, asking: ProxyProcess, people: People, world: OriginThread
) -> None:
    to_proxy = ssl.create_default_context(cafile=str(asking.ca))
    to_proxy.load_cert_chain(people.client("li.na"))
    to_site = ssl.create_default_context(cafile=str(asking.ca))
    before = len(asking.recorded())
    with connect(
        f"wss://{SITE}/chat", proxy=f"https://127.0.0.1:{asking.port}", proxy_ssl=to_proxy, ssl=to_site
    ) as client:
        client.send("hello")
        assert client.recv() == "hello"
        client.send("BLOCK-ME")
        assert wait_until(lambda: any(one["action"] == "block" for one in asking.recorded()[before:]))
    assert last(asking)[:3] == ("li.na", "certificate", "strong")


def of_the_proxy(folder: Path, proxy_ca: Path) -> People:
    """Return the CA by which the proxy speaks for sites, as one of people."""
    content = (proxy_ca / "mitmproxy-ca.pem").read_bytes()
    key = serialization.load_pem_private_key(content, None)
    return People(folder, key, x509.load_pem_x509_certificate(content).subject)  # type: ignore[arg-type]


def test_nobody_gets_in_without_a_good_one(
    asking: ProxyProcess, people: People, proxy_ca: Path, world: OriginThread
) -> None:
    other = People(people.folder / "other").client("boss")
    bad = [
        None,
        other,
        of_the_proxy(people.folder / "own", proxy_ca).client("boss"),
        people.client("boss", forged=True),
        people.client("boss", days=-1),
        people.client("boss", use="server"),
    ]
    before, said = len(asking.recorded()), asking.said().count("connection refused")
    for number, certificate in enumerate(bad):
        for url in (PLAIN, f"https://{SITE}/a"):
            answer = ask(asking, url, certificate, *MARKED, check=False)
            assert (number, url, answer.exit_code != 0, answer.code) == (number, url, True, 0)
    for nameless in (people.client(), people.client("a", "b"), people.client("a\u0001b")):
        assert ask(asking, PLAIN, nameless).code == 403
    assert curl(asking, PLAIN, *MARKED).code == 403  # in the clear there is no certificate at all
    assert "response 403" in curl(asking, f"https://{SITE}/", check=False).said
    assert (world.seen, asking.recorded()[before:]) == ([], [])
    assert wait_until(lambda: asking.said().count("connection refused") == said + 2 * len(bad) + 5)


def test_a_certificate_that_is_revoked_proves_nobody_any_more(
    asking: ProxyProcess, people: People, told: dict[str, Any], world: OriginThread
) -> None:
    lost, kept = people.client("li.na"), people.client("li.na")
    assert ask(asking, PLAIN, lost).code == 200
    revoked = Path(told["certificates"]["revoked"])
    people.revoke(revoked, lost)
    assert ask(asking, PLAIN, lost, check=False).exit_code != 0
    assert ask(asking, PLAIN, kept).code == 200
    revoked.write_text("nothing\n")  # a broken list changes nothing
    assert ask(asking, PLAIN, lost, check=False).exit_code != 0
    assert ask(asking, PLAIN, kept).code == 200
    assert "stays in force" in asking.said()
    people.revoke(revoked)


def test_a_front_proxy_with_its_certificate_names_the_user_and_nobody_else_does(
    asking: ProxyProcess, people: People, world: OriginThread
) -> None:
    front, li = people.client("front-1.corp.example"), people.client("li.na")
    boss = f"{HEADER}: zhang.wei"
    assert ask(asking, PLAIN, front, "-H", boss, *MARKED).code == 403
    assert last(asking) == ("zhang.wei", "header", "medium", "front-1.corp.example")
    assert ask(asking, f"https://{SITE}/a", front, "--proxy-header", boss, *MARKED).code == 403
    assert last(asking) == ("zhang.wei", "header", "medium", "front-1.corp.example")
    before = len(asking.recorded())
    assert ask(asking, PLAIN, li, "-H", boss, *MARKED).code == 400
    assert curl(asking, PLAIN, "-H", boss, *MARKED).code == 400
    assert ask(asking, f"https://{SITE}/a", front, "-H", boss, *MARKED).code == 400  # inside: the workstation writes
    assert asking.recorded()[before:] == []
    assert ask(asking, PLAIN, front, *MARKED).code == 403
    assert last(asking) == ("front-1.corp.example", "certificate", "weak", "")  # it speaks for itself
    assert "authenticated" not in str([one.headers for one in world.seen]).lower()


@pytest.mark.parametrize(("name", "user"), [("email", "li@corp.example"), ("upn", "li.na@CORP")])
def test_optional_and_names_elsewhere(
    name: str, user: str, tmp_path: Path, proxy_ca: Path, told: dict[str, Any], people: People, world: OriginThread
) -> None:
    chosen = {**told["certificates"], "required": False, "name": name}
    with running(start_stand_in(tmp_path / "proxy", proxy_ca, **{**told, "certificates": chosen})) as proxy:
        both = people.client("Li Na", email="li@corp.example", upn="li.na@CORP")
        assert ask(proxy, PLAIN, both, *MARKED).code == 403
        assert last(proxy)[:3] == (user, "certificate", "strong")
        assert ask(proxy, PLAIN, people.client("Li Na"), *MARKED).code == 403
        assert curl(proxy, PLAIN, *MARKED).code == 403
        assert ask(proxy, f"https://{SITE}/a", None, *MARKED).code == 403
        assert last(proxy)[:2] == ("127.0.0.1", "address")
        assert len(proxy.recorded()) == 3  # not of the one whose certificate names nobody
        assert ask(proxy, PLAIN, people.client("x", email="li@corp.example", forged=True), check=False).exit_code
