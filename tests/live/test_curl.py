"""curl over TLS, in both versions of HTTP and in every way it sends a body: what the origin saw decides."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.live.harness import SITE, OriginThread, ProxyProcess, curl

pytestmark = pytest.mark.live

VERSIONS = {"--http1.1": ("1.1", "HTTP/1.1"), "--http2": ("2", "HTTP/2")}
CLEAN = b"an ordinary note\n" * 2000
MARKED = CLEAN + b"BLOCK-ME"
SENDERS = ("form", "data-binary", "chunked", "expect")


def _arguments(sender: str, path: Path) -> list[str]:
    return {
        "form": ["-F", f"file=@{path}"],
        "data-binary": ["--data-binary", f"@{path}"],
        "chunked": ["-T", "-", "-X", "POST"],
        "expect": ["--data-binary", f"@{path}", "-H", "Expect: 100-continue"],
    }[sender]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("sender", SENDERS)
def test_a_clean_body_arrives_as_it_was_sent(
    sender: str, version: str, stand_in: ProxyProcess, origin: OriginThread, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(CLEAN)
    answer = curl(stand_in, f"https://{SITE}/in?x=1", version, *_arguments(sender, path), stdin=CLEAN)
    client, server = VERSIONS[version]
    assert (answer.code, answer.version) == (200, client)
    (seen,) = origin.seen
    assert (seen.version, seen.complete, seen.target, seen.host) == (server, True, "/in?x=1", SITE)
    assert CLEAN in seen.body
    if sender != "form":
        assert hashlib.sha256(seen.body).digest() == hashlib.sha256(CLEAN).digest()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("sender", SENDERS)
def test_a_blocked_body_never_arrives(
    sender: str, version: str, stand_in: ProxyProcess, origin: OriginThread, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(MARKED)
    answer = curl(stand_in, f"https://{SITE}/in", version, *_arguments(sender, path), stdin=MARKED)
    assert (answer.code, answer.version) == (403, VERSIONS[version][0])
    (event,) = stand_in.recorded()
    assert (event["action"], event["user"], event["site"]) == ("block", "li.wei", SITE)
    assert answer.headers["x-dlp-proxy"] == event["uid"]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert (problem["status"], problem["incident"]) == (403, "INC-2026-0001")
    assert problem["instance"].endswith(event["uid"])
    assert (origin.seen, origin.connections) == ([], 0)


def test_plain_http_is_judged_too(stand_in: ProxyProcess, origin: OriginThread) -> None:
    assert curl(stand_in, f"http://plain.{SITE}/a", "--data-binary", "hello").code == 200
    assert curl(stand_in, f"http://plain.{SITE}/b", "--data-binary", "BLOCK-ME").code == 403
    assert [(seen.target, seen.body, seen.version) for seen in origin.seen] == [("/a", b"hello", "HTTP/1.1")]


def test_a_header_is_judged_too(stand_in: ProxyProcess, origin: OriginThread) -> None:
    assert curl(stand_in, f"https://{SITE}/", "-H", "X-Note: BLOCK-ME").code == 403
    assert origin.connections == 0


def test_what_is_meant_for_the_proxy_stays_with_it(stand_in: ProxyProcess, origin: OriginThread) -> None:
    curl(
        stand_in, f"http://plain.{SITE}/", "-H", "Proxy-Authorization: Basic c2VjcmV0", "-H", "Proxy-Connection: close"
    )
    (seen,) = origin.seen
    assert [name for name, _ in seen.headers if name.lower().startswith("proxy-")] == []


def test_two_workstations_are_two_people(stand_in: ProxyProcess) -> None:
    curl(stand_in, f"https://{SITE}/", "--interface", "127.0.0.5", "--data-binary", "BLOCK-ME")
    curl(stand_in, f"https://{SITE}/", "--interface", "127.0.0.9", "--data-binary", "BLOCK-ME")
    assert [(event["user"], event["method"]) for event in stand_in.recorded()] == [
        ("zhao.min", "device-map"),
        ("127.0.0.9", "address"),
    ]
