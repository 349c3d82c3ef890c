"""Fixtures of the live tests: one world outside and one CA for the session, a fresh proxy for each test that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.harness import SITE, Certificates, OriginThread, ProxyProcess, make_ca, running, start_stand_in
from tests.live.recorder import Recorder
from tests.live.system import HOSTS, System, start_system


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("outside"))


@pytest.fixture(scope="session")
def proxy_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ca(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def origin(certificates: Certificates) -> Iterator[OriginThread]:
    thread = OriginThread(certificates.leaf(SITE, f"www.{SITE}", "127.0.0.1"))
    yield thread
    thread.stop()


@pytest.fixture
def stand_in(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> Iterator[ProxyProcess]:
    proxy = start_stand_in(
        tmp_path / "proxy",
        proxy_ca,
        upstream_ca=str(certificates.ca),
        resolve={SITE: f"127.0.0.1:{origin.port}", f"plain.{SITE}": f"127.0.0.1:{origin.plain_port}"},
        device_map={"127.0.0.1": "li.wei", "127.0.0.5": "zhao.min"},
    )
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def sites(certificates: Certificates) -> Iterator[OriginThread]:
    """The sites that the shipped policies know, all at one origin."""
    thread = OriginThread(certificates.leaf(*HOSTS))
    yield thread
    thread.stop()


@pytest.fixture(scope="session")
def running_system(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, sites: OriginThread
) -> Iterator[System]:
    proxy = start_system(tmp_path_factory.mktemp("system"), certificates.ca, sites)
    yield proxy
    proxy.stop()


@pytest.fixture
def world(sites: OriginThread) -> OriginThread:
    """The sites, with an empty log."""
    sites.seen.clear()
    return sites


@pytest.fixture
def system(running_system: System, world: OriginThread) -> System:
    """The running system, seen from now on, with people nobody has heard of yet: their windows are empty."""
    running_system.start_afresh()
    return running_system


@pytest.fixture(scope="module")
def recorder(certificates: Certificates) -> Iterator[Recorder]:
    one = Recorder(certificates.leaf(SITE))
    yield one
    one.stop()


@pytest.fixture(scope="module")
def strict(
    tmp_path_factory: pytest.TempPathFactory, proxy_ca: Path, certificates: Certificates, recorder: Recorder
) -> Iterator[ProxyProcess]:
    pins = {SITE: f"127.0.0.1:{recorder.port}", f"plain.{SITE}": f"127.0.0.1:{recorder.plain_port}"}
    folder = tmp_path_factory.mktemp("framing")
    with running(start_stand_in(folder / "proxy", proxy_ca, upstream_ca=str(certificates.ca), resolve=pins)) as one:
        yield one
