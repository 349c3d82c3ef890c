"""The operations port of an installation, one process or many."""

from __future__ import annotations

import ipaddress
import json
import os
import platform
from pathlib import Path

from dlp_proxy.proxy.operations import Desk, OperationsServer
from dlp_proxy.settings import Settings
from dlp_proxy.wiring.start_error import ProxyStartError


def open_desk(desk: Desk, settings: Settings) -> OperationsServer:
    """Bind the operations port and answer there.

    Raises:
        ProxyStartError: it is taken, or not on loopback.
    """
    server = OperationsServer(desk)
    address = settings.operations
    try:
        server.listen(address.host, address.port)
    except (OSError, ValueError) as error:
        raise ProxyStartError(f"cannot listen on the operations port {address}: {error}") from error
    return server


def asks_for_tls(settings: Settings) -> bool:
    """Tell whether clients must speak TLS to the proxy: without it they cannot show a certificate."""
    return settings.client_ca is not None and settings.client_certificate == "required"


def shown_address(settings: Settings, host: str, port: int) -> str:
    """Return where workstations find the proxy: as the settings say, else where it listens.

    All addresses of a machine are none that a workstation could connect to: then it is the machine's name.
    """
    if settings.pac_proxy is not None:
        host, port = settings.pac_proxy[0], settings.pac_proxy[1] or port
    elif ipaddress.ip_address(host).is_unspecified:
        host = platform.node()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def write_ready_file(path: Path | None, port: int, operations: int) -> None:
    """Say in a file, whole or not at all, that it is ready and on which ports."""
    if path is None:
        return
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    waiting.write_text(json.dumps({"listen": port, "operations": operations, "pid": os.getpid()}))
    waiting.replace(path)
