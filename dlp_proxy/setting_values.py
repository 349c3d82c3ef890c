"""Values of settings: how each kind is read, from a file, from the environment and from a flag."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import yaml

from dlp_proxy.forward.target import Target, TargetError, read_targets

_HOST_PATTERN: Final = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_NOT_FOR_TENANTS: Final = frozenset(
    ["host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "content-type", "content-encoding"]
)
_NAME_AND_PORT: Final = re.compile(r"(\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(:(?P<port>[0-9]{1,5}))?")
_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,63}")


class SettingsError(Exception):
    """A setting that cannot be used; the operator must change it. The text says which and to what."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(name: str, value: object) -> Address:
    host, colon, port = str(value).rpartition(":")
    if not colon or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise SettingsError(f"`{name}` is `{value}`, but must be HOST:PORT, e.g. 127.0.0.1:8080")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise SettingsError(f"`{name}` is `{value}`, but its host must be an IP address, e.g. 127.0.0.1") from error
    return Address(host, int(port))


def name_and_port(name: str, value: object) -> tuple[str, int] | None:
    """Read NAME, an address or NAME:PORT; the port is 0 where there is none."""
    if value in {None, ""}:
        return None
    found = _NAME_AND_PORT.fullmatch(str(value))
    if found is None or int(found["port"] or 1) not in range(1, 65536):
        raise SettingsError(f"`{name}` is `{value}`, but must be a name, or NAME:PORT, e.g. proxy.corp.example:8080")
    return found["six"] or found["name"], int(found["port"] or 0)


def folder(name: str, value: object) -> Path:
    if not isinstance(value, (str, Path)) or not str(value):
        raise SettingsError(f"`{name}` must be a path")
    return Path(value)


def file_or_none(name: str, value: object) -> Path | None:
    return None if value in {None, ""} else folder(name, value)


def destinations(name: str, value: object) -> tuple[tuple[str, int], ...]:
    """Read destinations: a list, or one text, of ``HOST:PORT``."""
    some = [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value
    if not isinstance(some, (list, tuple)):
        raise SettingsError(f"`{name}` must be a list of HOST:PORT, e.g. [db.partner.example:5432]")
    found = []
    for one in some:
        host, colon, port = str(one).rpartition(":")
        if not colon or not host or not port.isdigit() or not 0 < int(port) <= 65535:
            raise SettingsError(f"`{name}`: `{one}` is not HOST:PORT, e.g. db.partner.example:5432")
        found.append((host.removeprefix("[").removesuffix("]"), int(port)))
    return tuple(found)


def switch(name: str, value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise SettingsError(f"`{name}` is `{value}`, but must be true or false")


def text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"`{name}` must be text")
    return value


def one_of(*words: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if value is False and "off" in words:
            value = "off"  # YAML's word for it
        if value not in words:
            raise SettingsError(f"`{name}` is `{value}`, but must be one of: {', '.join(words)}")
        return str(value)

    return read


def number(least: int) -> Callable[[str, object], int]:
    def read(name: str, value: object) -> int:
        try:
            number = int(str(value))
        except ValueError as error:
            raise SettingsError(f"`{name}` is `{value}`, but must be a whole number") from error
        if number < least:
            raise SettingsError(f"`{name}` is {number}, but must be at least {least}")
        return number

    return read


def count(name: str, value: object) -> int | str:
    return "auto" if value == "auto" else number(1)(name, value)


def names(name: str, value: object) -> Mapping[str, str]:
    """Read a map; as one text, for flags and the environment: ``key=value,key=value``."""
    if isinstance(value, str):
        pairs = [one.partition("=") for one in value.split(",") if one.strip()]
        if not all(equals for _, equals, _ in pairs):
            raise SettingsError(f"`{name}` is `{value}`, but must be KEY=VALUE,KEY=VALUE")
        value = {key.strip(): meant.strip() for key, _, meant in pairs}
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for pair in value.items() for one in pair):
        raise SettingsError(f"`{name}` must be a map of text to text")
    return dict(value)


def addresses_to_names(name: str, value: object) -> Mapping[str, str]:
    mapped = names(name, value)
    for address in mapped:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise SettingsError(f"`{name}`: `{address}` is not an IP address") from error
    return mapped


def networks(name: str, value: object) -> tuple[str, ...]:
    """Read what may be reached: true for all private addresses, or a list of networks."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in {"true", "false"}):
        return ("0.0.0.0/0", "::/0") if switch(name, value) else ()
    return network_list(name, value)


def network_list(name: str, value: object) -> tuple[str, ...]:
    some = _listed(name, value, "networks, e.g. [10.8.0.0/16]")
    for one in some:
        try:
            ipaddress.ip_network(str(one))
        except ValueError as error:
            raise SettingsError(f"`{name}`: `{one}` is not a network, e.g. 10.8.0.0/16") from error
    return some


def texts(name: str, value: object) -> tuple[str, ...]:
    return _listed(name, value, "texts")


def _listed(name: str, value: object, of: str) -> tuple[str, ...]:
    some = [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value
    if not isinstance(some, (list, tuple)):
        raise SettingsError(f"`{name}` must be a list of {of}")
    return tuple(str(one) for one in some)


def directory_url(name: str, value: object) -> str:
    if value and not str(value).startswith(("ldap://", "ldaps://")):
        raise SettingsError(f"`{name}` is `{value}`, but must begin with ldaps:// or ldap://")
    return str(value or "")


def targets(name: str, value: object) -> tuple[Target, ...]:
    """Read receivers of events; as one text, for flags and the environment, it is YAML."""
    try:
        return read_targets(yaml.safe_load(value) if isinstance(value, str) else value)
    except (TargetError, yaml.YAMLError) as error:
        raise SettingsError(f"`{name}`: {error}") from error


def proxy_url(name: str, value: object) -> str:
    if not value:
        return ""
    parts = urlsplit(str(value))
    try:
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port
    except ValueError:
        good = False
    if not good or parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingsError(
            f"`{name}` must be http://HOST:PORT or https://HOST:PORT; a log-in is in upstream_login_file"
        )
    return str(value)


def headers_of_hosts(name: str, value: object) -> Mapping[str, Mapping[str, str]]:
    """Read a map of maps; as one text, for flags and the environment, it is YAML."""
    try:
        some = yaml.safe_load(value) if isinstance(value, str) else value
    except yaml.YAMLError as error:
        raise SettingsError(f"`{name}` is not valid YAML: {error}") from error
    if not isinstance(some, Mapping):
        raise SettingsError(f"`{name}` must be a map of hosts to headers")
    found: dict[str, dict[str, str]] = {}
    for host, headers in some.items():
        if not _HOST_PATTERN.fullmatch(str(host).lower()):
            raise SettingsError(f"`{name}`: `{host}` is not a host such as login.example.com, or *.example.com")
        if not isinstance(headers, Mapping) or not headers:
            raise SettingsError(
                f"`{name}`: `{host}` must have headers, e.g. {{Restrict-Access-To-Tenants: corp.example}}"
            )
        for header, text in headers.items():
            header_name(f"{name}.{host}", header)
            if not isinstance(text, str) or not text.strip() or not text.isprintable() or not text.isascii():
                raise SettingsError(f"`{name}`: the value of `{header}` for `{host}` must be a text in ASCII; quote it")
            if str(header).lower() in _NOT_FOR_TENANTS:
                raise SettingsError(f"`{name}`: `{header}` is the protocol's own")
        found[str(host).lower()] = dict(headers)
    return found


def header_name(name: str, value: object) -> str:
    if value and not _HEADER_NAME.fullmatch(str(value)):
        raise SettingsError(f"`{name}` is `{value}`, but must be a name of letters, digits and hyphens")
    return str(value or "")
