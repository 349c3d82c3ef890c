"""Logging in against a real LDAP server."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest

from dlp_proxy.proxy.ldap import Directory
from dlp_proxy.proxy.ports import LdapSettings
from tests.cli.commands import dlp_proxy
from tests.live.harness import (
    SITE,
    WAIT,
    Certificates,
    OriginThread,
    curl,
    free_port,
    running,
    start_stand_in,
    wait_until,
)
from tests.live.system import start_system
from tests.live.test_login import htpasswd

pytestmark = pytest.mark.live

BASE: Final = "dc=corp,dc=example"
SECRET: Final = "search-Secret-3391"
PASSWORD: Final = "Rohrdommel-8812"
CONFIG: Final = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "{base}"
rootdn "cn=proxy,{base}"
rootpw {secret}
directory {folder}
"""
ENTRIES: Final = f"""
dn: {BASE}
objectClass: dcObject
objectClass: organization
o: corp
dc: corp

dn: uid=li.na,{BASE}
objectClass: inetOrgPerson
uid: li.na
cn: Li Na
sn: Li
userPassword: {PASSWORD}

dn: cn=sales,{BASE}
objectClass: groupOfNames
cn: sales
member: uid=li.na,{BASE}
"""

POLICY = """
format: dlp-policy/v1
policy: sales
description: Sales send no phones.
owner: a@corp.example
mode: enforce
people: {sales: {groups: [sales], users: [test@corp.example]}}
rules:
  none-out:
    description: None.
    severity: low
    when: {from: sales}
    find: std/phone-cn
    action: block
    message: {en: 'Stopped. Ask {help} and quote {incident}.'}
tests:
  - name: one phone
    request: {from: test@corp.example, to: 'https://transfer.example/', body: 'call 13912345678'}
    expect: {action: block, rule: none-out}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "db").mkdir()
    config = folder / "slapd.conf"
    config.write_text(CONFIG.format(base=BASE, secret=SECRET, folder=folder / "db"))
    (folder / "entries.ldif").write_text(ENTRIES)
    subprocess.run(["/usr/sbin/slapadd", "-f", config, "-l", folder / "entries.ldif"], check=True, capture_output=True)
    port = free_port()
    url = f"ldap://127.0.0.1:{port}"
    server = subprocess.Popen(["/usr/sbin/slapd", "-d", "0", "-f", config, "-h", url], stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: _listens(port))
        yield {"url": url, "people": BASE, "account": f"cn=proxy,{BASE}", "secret": SECRET, "groups": BASE}
    finally:
        server.terminate()
        server.wait(WAIT)


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_a_bind_proves_a_user_and_no_filter_does(told: dict[str, str]) -> None:
    directory = Directory(LdapSettings(**told))
    assert directory.proves("li.na", PASSWORD) == ("sales",)
    tried = [("li.na", "x"), ("li.na", ""), ("*", PASSWORD), ("li.*", PASSWORD), ("li.na)(uid=*", PASSWORD), ("x", "y")]
    assert [directory.proves(*one) for one in tried] == [None] * 6
    assert SECRET not in repr(LdapSettings(**told))


def test_a_directory_that_is_away_proves_nobody() -> None:
    assert Directory(LdapSettings(f"ldap://127.0.0.1:{free_port()}", BASE)).proves("li.na", PASSWORD) is None


def test_its_users_log_in_with_their_groups(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread, told: dict[str, str]
) -> None:
    more: dict[str, Any] = {"upstream_ca": str(certificates.ca), "resolve": {SITE: f"127.0.0.1:{origin.port}"}}
    with running(start_stand_in(tmp_path / "proxy", proxy_ca, ldap=told, **more)) as proxy:
        url = f"https://{SITE}/a"
        assert "response 407" in curl(proxy, url, "--proxy-user", "li.na:wrong", check=False).said
        assert (origin.seen, origin.connections) == ([], 0)
        assert curl(proxy, url, "--http2", "--proxy-user", f"li.na:{PASSWORD}").code == 200
        (event,) = proxy.recorded()
        assert (event["user"], event["method"], event["principal"]["groups"]) == ("li.na", "password", ["sales"])
        files = [path for path in proxy.stderr.parent.rglob("*") if path.is_file()]
        assert [
            path for path in files if b"Rohrdommel" in path.read_bytes() or SECRET.encode() in path.read_bytes()
        ] == []


def spellings(user: str, password: str) -> Iterator[bytes]:
    """Yield a password as it may lie in a file: in charsets, escaped, in hexadecimal, and as it is sent."""
    for text in (password, f"{user}:{password}"):
        for charset in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
            yield text.encode(charset)
        plain = text.encode()
        yield quote(text).encode()
        yield json.dumps(text)[1:-1].encode()
        yield plain.hex().encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + plain)
            yield coded[4 : len(coded) // 4 * 4 - 4]


def test_the_whole_proxy_writes_no_password_down(
    tmp_path: Path, certificates: Certificates, world: OriginThread, told: dict[str, str]
) -> None:
    """Log-ins against both, good and bad, in tunnels and in the clear; then everything it left and says is searched."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "sales.yaml").write_text(POLICY)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    groups = tmp_path / "groups"
    groups.write_text("sales: wang.wu\n")
    file, other = tmp_path / "htpasswd", "grün:Vogel-7741"
    htpasswd(file, "-B", "-C", "4", user="wang.wu", password=other)
    names: dict[str, Any] = {f"ldap_{key}": told[key] for key in ("url", "people", "account", "groups")}
    files: dict[str, Any] = {
        "ldap_secret_file": str(tmp_path / "secret"),
        "htpasswd": str(file),
        "groups_file": str(groups),
    }
    system = start_system(
        tmp_path / "proxy", certificates.ca, world, tmp_path / "policies", **names, **files, shared_users=["wang.wu"]
    )
    with running(system):
        for user, password in (("li.na", PASSWORD), ("wang.wu", other)):
            for version in ("--http1.1", "--http2"):
                said = ("--proxy-user", f"{user}:{password}", version, "--data-binary", "call 13912345678")
                assert curl(system, "https://transfer.example/up", *said).code == 403
            wrong = ("--proxy-user", f"{user}:{password}x", "--data-binary", "call 13912345678")
            assert "response 407" in curl(system, "https://transfer.example/up", *wrong, check=False).said
            assert curl(system, "http://transfer.example/up", *wrong).code == 407
        whose = [(kept.event.user, kept.event.body["identity"]) for kept in system.events()]
        assert [user for user, _ in whose] == ["li.na", "li.na", "wang.wu", "wang.wu"]
        assert [(one["method"], one["strength"], one["groups"]) for _, one in whose[1:3]] == [
            ("password", "medium", ["sales"]),
            ("password", "weak", ["sales"]),
        ]
        shown = [system.ask("/metrics"), json.dumps(system.ask("/readyz")), system.said()]
        assert "dlp_proxy_log_ins_total" in shown[0]
        shown += [
            dlp_proxy("incident", *words, "--state", system.state).out
            for words in (("list", "--json"), ("show", system.events()[0].event.uid, "--json"))
        ]
        left = {path: path.read_bytes() for path in (tmp_path / "proxy").rglob("*") if path.is_file()}
        left = {path: data for path, data in left.items() if "curl-" not in path.name}
        assert any(path.name == "events.db" for path in left)
        searched = [*left.values(), *(text.encode() for text in shown)]
        marks = [*spellings("li.na", PASSWORD), *spellings("wang.wu", other), *spellings("proxy", SECRET)]
        assert [(number, one) for number, data in enumerate(searched) for one in marks if one in data] == []
        assert b"li.na" in left[system.state / "events.db"] + left[system.state / "events.db-wal"]  # it is searched
