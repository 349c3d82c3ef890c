"""How connections come in and go out: what is passed on unopened, the proxy upstream, the transparent mode."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.proxy.bypass_file import expired, read_bypass
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.settings import Settings
from dlp_proxy.wiring.ways import upstream_of

_SECONDS: Final = 3.0
_SOON: Final = 14 * 24 * 3600


def ways(settings: Settings) -> Iterator[Answer]:
    """Yield what is there."""
    if settings.bypass_file is not None:
        yield _bypass(settings)
    if settings.upstream_proxy:
        yield _upstream(settings)
    if settings.mode == "transparent":
        says = "only addresses tell who sends; TLS without a name in it is judged by its address"
        yield Answer("transparent", "warning", says)


def _bypass(settings: Settings) -> Answer:
    try:
        entries = read_bypass(settings.bypass_file) if settings.bypass_file is not None else ()
    except KnownFileError as error:
        return Answer("bypass", "problem", str(error))
    now = time.time()
    over = expired(entries, now)
    soon = [one for one in expired(entries, now + _SOON) if one not in over]
    says = [f"{len(entries) - len(over)} destinations are passed on unopened: nobody sees what is sent there"]
    if over:
        says.append(f"over, and do not hold: {', '.join(over)}: ask the owner, then renew or delete")
    if soon:
        says.append(f"over in two weeks: {', '.join(soon)}")
    return Answer("bypass", "warning" if len(entries) else "fine", "; ".join(says))


def _upstream(settings: Settings) -> Answer:
    try:
        found = upstream_of(settings)
    except KnownFileError as error:
        return Answer("upstream", "problem", str(error))
    if found is None:
        return Answer("upstream", "fine", "none")
    try:
        socket.create_connection((found.host, found.port), _SECONDS).close()
    except OSError as error:
        says = f"{found.host}:{found.port} does not answer ({error}): nothing would get out; mend `upstream_proxy`"
        return Answer("upstream", "problem", says)
    weak = found.scheme == "http" and found.login
    says = f"everything goes through {found.host}:{found.port}"
    return Answer("upstream", "warning" if weak else "fine", says + "; the log-in goes there in the clear" * bool(weak))
