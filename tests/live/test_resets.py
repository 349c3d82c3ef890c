"""A destination that resets a connection as soon as it has taken it: it may be gone before it is asked where it is."""

from __future__ import annotations

import contextlib
import shutil
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.harness import SITE, Certificates, running, start_stand_in, wait_until

pytestmark = pytest.mark.live

_TIMES = 300
"""One in forty was answered by nobody."""
_RESET = struct.pack("ii", 1, 0)


@pytest.fixture
def resetting() -> Iterator[int]:
    """Yield the port of a destination that resets."""
    server = socket.create_server(("127.0.0.1", 0), backlog=_TIMES)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = server.accept()
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                taken.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def test_a_destination_that_resets_at_once_is_told_to_every_client(
    resetting: int, tmp_path: Path, proxy_ca: Path, certificates: Certificates
) -> None:
    ca = Path(shutil.copytree(proxy_ca, tmp_path / "state" / "ca"))
    pins = {SITE: f"127.0.0.1:{resetting}"}
    with running(start_stand_in(tmp_path / "proxy", ca, upstream_ca=str(certificates.ca), resolve=pins)) as proxy:
        said: Counter[bytes] = Counter()
        for _ in range(_TIMES):
            with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as client:
                client.sendall(f"GET http://{SITE}/ HTTP/1.1\r\nHost: {SITE}\r\n\r\n".encode())
                with contextlib.suppress(TimeoutError):
                    said[client.recv(12)] += 1
        assert said == {b"HTTP/1.1 502": _TIMES}
        assert wait_until(lambda: proxy.descriptors() <= proxy.idle_descriptors)
        assert wait_until(lambda: proxy.task_count() == proxy.idle_tasks)
