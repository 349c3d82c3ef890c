"""A POST of newline-delimited JSON (or lines of CEF) over HTTPS; taken is what is answered 2xx."""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.forward.carriers.carrier import NotTakenError, RefusedError
from dlp_proxy.forward.carriers.tls import context
from dlp_proxy.forward.target import Target, TargetError

_SECONDS: Final = 15.0
_NEVER: Final = frozenset({400, 413, 415, 422})
"""Answers that say something of the events; any other may change: a password, a path, a server that is down."""
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~]+)")


class Webhook:
    """One kept connection to a web server."""

    def __init__(self, target: Target, node: str) -> None:
        """Take a target.

        Raises:
            TargetError: its header file cannot be used.
        """
        self._target = target
        kind = "text/plain; charset=utf-8" if target.format == "cef" else "application/x-ndjson"
        self._headers = {"Content-Type": kind, "User-Agent": "dlp_proxy", "X-DLP-Proxy-Node": node, **_header(target)}
        self._connection: http.client.HTTPConnection | None = None

    def send(self, lines: Sequence[str]) -> None:
        body = "".join(f"{line}\n" for line in lines).encode()
        try:
            wire = self._connection = self._connection or self._connect()
            wire.request("POST", self._target.path, body, self._headers)
            answer = wire.getresponse()
            answer.read(65_536)
        except (OSError, http.client.HTTPException, TargetError) as error:
            self.close()
            raise NotTakenError(f"{self._target}: {error or type(error).__name__}") from error
        if answer.will_close or not answer.isclosed():
            self.close()
        if answer.status in _NEVER:
            raise RefusedError(f"{self._target}: {answer.status} {answer.reason}")
        if not 200 <= answer.status < 300:
            raise NotTakenError(f"{self._target}: {answer.status} {answer.reason}")

    def reach(self) -> None:
        try:
            self._connection = self._connection or self._connect()
            self._connection.connect()
        except (OSError, TargetError) as error:
            self.close()
            raise NotTakenError(f"{self._target}: {error}") from error

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None

    def _connect(self) -> http.client.HTTPConnection:
        target = self._target
        if target.scheme == "http":
            return http.client.HTTPConnection(target.host, target.port, timeout=_SECONDS)
        return http.client.HTTPSConnection(target.host, target.port, timeout=_SECONDS, context=context(target))


def _header(target: Target) -> dict[str, str]:
    if target.header_file is None:
        return {}
    try:
        text = target.header_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(f"`{target.name}`: cannot read header_file: {error}") from error
    found = _HEADER.fullmatch(text)
    if found is None:
        raise TargetError(f"`{target.name}`: {target.header_file} must hold one line, e.g. Authorization: Bearer ...")
    return {found[1]: found[2]}
