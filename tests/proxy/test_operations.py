from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.operations import Desk, OperationsServer, exposition_of, pac_text
from dlp_proxy.proxy.readiness import Readiness

PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\nKEY\n-----END RSA PRIVATE KEY-----\n"
    "-----BEGIN CERTIFICATE-----\nCERT\n-----END CERTIFICATE-----\n"
)


class State:
    ready = True
    reloads = 0

    async def reload(self) -> tuple[int, str]:
        self.reloads += 1
        return (200, "policy: sha256:2\n") if self.reloads == 1 else (422, "a.yaml:6:7: error[BAD-VALUE]: wrong")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[str, State]]:
    certificate = tmp_path / "ca.pem"
    certificate.write_text(PEM)
    state = State()

    async def readiness() -> Readiness:
        return Readiness(state.ready, {"policy": "sha256:1", "self_test": "blocked"})

    desk = Desk(
        readiness,
        exposition_of(Metrics()),
        certificate,
        lambda: '127.0.0.1:8080"; evil()',
        lambda: "policy: sha256:1 since then",
        state.reload,
    )
    running = OperationsServer(desk)
    running.listen("127.0.0.1", 0)
    yield f"http://127.0.0.1:{running.port}", state
    await running.stop()


async def get(url: str, host: str = "") -> tuple[int, str, str]:
    headers = {"Host": host} if host else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, answer.headers["Content-Type"], await answer.text()


async def test_alive_and_ready(server: tuple[str, State]) -> None:
    url, state = server
    assert (await get(f"{url}/healthz"))[0] == 200
    status, _, body = await get(f"{url}/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True, "policy": "sha256:1", "self_test": "blocked"})
    state.ready = False
    assert (await get(f"{url}/readyz"))[0] == 503
    assert (await get(f"{url}/healthz"))[0] == 200


async def test_health_says_which_policies_are_in_force(server: tuple[str, State]) -> None:
    assert (await get(f"{server[0]}/healthz"))[2] == "alive\npolicy: sha256:1 since then\n"


async def test_a_reload_answers_what_came_of_it(server: tuple[str, State]) -> None:
    url, state = server
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/-/reload") as answer:
            assert (answer.status, await answer.text()) == (200, "policy: sha256:2\n")
        async with session.post(f"{url}/-/reload") as answer:
            assert (answer.status, await answer.text()) == (422, "a.yaml:6:7: error[BAD-VALUE]: wrong\n")
        assert (await get(f"{url}/-/reload"))[0] == 405
        for header in ("Origin", "Referer", "Sec-Fetch-Site"):
            async with session.post(f"{url}/-/reload", headers={header: "https://evil.example"}) as answer:
                assert answer.status == 403
    assert state.reloads == 2


async def test_metrics_have_their_names(server: tuple[str, State]) -> None:
    status, kind, body = await get(f"{server[0]}/metrics")
    assert (status, kind.startswith("text/plain")) == (200, True)
    for name in ("requests", "verdicts", "gaps", "step_seconds", "exceptions", "inspector_restarts"):
        assert f"# TYPE dlp_proxy_{name}" in body
    assert "dlp_proxy_client_connections 0.0" in body


async def test_only_the_certificate_is_given(server: tuple[str, State]) -> None:
    _, _, body = await get(f"{server[0]}/ca.pem")
    assert body == "-----BEGIN CERTIFICATE-----\nCERT\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8081", "127.0.0.1.evil.example", "10.0.0.1"])
@pytest.mark.parametrize("path", ["/readyz", "/metrics", "/ca.pem", "/nothing"])
async def test_a_name_pointed_here_reads_nothing(host: str, path: str, server: tuple[str, State]) -> None:
    assert (await get(f"{server[0]}{path}", host))[0] == 421


async def test_what_is_not_there_is_not_there(server: tuple[str, State]) -> None:
    assert (await get(f"{server[0]}/../etc/passwd"))[0] == 404


async def test_the_pac_file_offers_no_way_around(server: tuple[str, State]) -> None:
    _, kind, body = await get(f"{server[0]}/proxy.pac")
    assert kind == "application/x-ns-proxy-autoconfig"
    assert 'return "PROXY 127.0.0.1:8080\\"; evil()";' in body
    assert pac_text("127.0.0.1:8080").count("DIRECT") == 1


def test_the_port_shows_internals_so_it_stays_on_loopback(tmp_path: Path) -> None:
    async def readiness() -> Readiness:
        return Readiness(True, {})

    metrics = exposition_of(Metrics())
    desk = Desk(readiness, metrics, tmp_path / "x", lambda: "", lambda: "", State().reload)
    with pytest.raises(ValueError, match="loopback"):
        OperationsServer(desk).listen("10.0.0.1", 0)
