"""Where events are forwarded to, as the setting `forward` says it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

SCHEMES: Final = {"syslog+tls": 6514, "syslog+tcp": 601, "syslog+udp": 514, "https": 443, "http": 80}
"""What carries events -> its usual port (RFC 5425, 6587, 5426)."""

FORMATS: Final = ("ocsf", "ecs", "cef")
CHOICES: Final = ("alerts", "findings", "all")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


class TargetError(ValueError):
    """A target that cannot be used; the operator must change it. The text says which and to what."""


@dataclass(frozen=True, slots=True)
class Target:
    """One receiver of events.

    Attributes:
        name: names its cursor in the state folder; a new name begins with the events that come from then on.
        scheme, host, port, path: where it is.
        format: a word of `FORMATS`.
        send: ``alerts`` (logged, redacted, coached, blocked), ``findings`` (those and what stayed under limits) or
            ``all`` (light records of every upload too).
        ca: PEM file of CAs to trust instead of the system's.
        header_file: file with one line ``Name: value`` for a webhook, such as its Authorization.
    """

    name: str
    scheme: str
    host: str
    port: int
    path: str = "/"
    format: str = "ocsf"
    send: str = "alerts"
    ca: Path | None = None
    header_file: Path | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path if self.scheme.startswith('http') else ''}"


def read_targets(value: object) -> tuple[Target, ...]:
    """Return the targets of the setting's map of name to ``{to, format, send, ca, header_file}``.

    Raises:
        TargetError: one of them cannot be used.
    """
    if not isinstance(value, Mapping):
        raise TargetError("must be a map, e.g. {siem: {to: syslog+tls://siem.corp.example, format: cef}}")
    return tuple(_target(str(name), one) for name, one in value.items())


def _target(name: str, value: object) -> Target:
    where = f"`{name}`"
    if not _NAME.fullmatch(name):
        raise TargetError(f"{where} is not a name: small letters, digits and hyphens, at most 32")
    if not isinstance(value, Mapping) or not isinstance(value.get("to"), str):
        raise TargetError(f"{where} needs `to`, e.g. to: syslog+tls://siem.corp.example:6514")
    known = ("to", *(one.name for one in fields(Target)[5:]))
    for key in value:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
            raise TargetError(f"{where}: `{key}` is not known; {hint}")
    more: dict[str, Any] = {}
    for key, words in (("format", FORMATS), ("send", CHOICES)):
        if key in value:
            if value[key] not in words:
                raise TargetError(f"{where}: `{key}` is `{value[key]}`, but must be one of: {', '.join(words)}")
            more[key] = value[key]
    more |= {key: Path(str(value[key])) for key in ("ca", "header_file") if value.get(key)}
    return Target(name, *_address(where, str(value["to"])), **more)


def _address(where: str, to: str) -> tuple[str, str, int, str]:
    says = f"{where}: `to` is `{to}`, but must be SCHEME://HOST[:PORT], SCHEME one of {', '.join(SCHEMES)}"
    try:
        parts = urlsplit(to)
        port = parts.port
    except ValueError as error:
        raise TargetError(says) from error
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise TargetError(says)
    if parts.username or parts.password:
        raise TargetError(f"{where}: a password in `to` would be printed; put it into `header_file`")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or SCHEMES[parts.scheme], path
