"""How one proxy is set up: one table of settings, read from a YAML file, the environment and flags, in that order."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import yaml

ENVIRONMENT_PREFIX: Final = "DLP_PROXY_"


class SettingsError(Exception):
    """A setting that cannot be used; the operator must change it. The text says which and to what."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _setting(default: object, read: Callable[[str, object], object], says: str) -> Any:  # noqa: ANN401 - as dataclasses.field
    if callable(default):
        return field(default_factory=default, metadata={"read": read, "says": says})
    return field(default=default, metadata={"read": read, "says": says})


def _address(name: str, value: object) -> Address:
    host, colon, port = str(value).rpartition(":")
    if not colon or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise SettingsError(f"`{name}` is `{value}`, but must be HOST:PORT, e.g. 127.0.0.1:8080")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise SettingsError(f"`{name}` is `{value}`, but its host must be an IP address, e.g. 127.0.0.1") from error
    return Address(host, int(port))


def _folder(name: str, value: object) -> Path:
    if not isinstance(value, (str, Path)) or not str(value):
        raise SettingsError(f"`{name}` must be a path")
    return Path(value)


def _file_or_none(name: str, value: object) -> Path | None:
    return None if value in {None, ""} else _folder(name, value)


def _switch(name: str, value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise SettingsError(f"`{name}` is `{value}`, but must be true or false")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"`{name}` must be text")
    return value


def _one_of(*words: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if value not in words:
            raise SettingsError(f"`{name}` is `{value}`, but must be one of: {', '.join(words)}")
        return str(value)

    return read


def _number(least: int) -> Callable[[str, object], int]:
    def read(name: str, value: object) -> int:
        try:
            number = int(str(value))
        except ValueError as error:
            raise SettingsError(f"`{name}` is `{value}`, but must be a whole number") from error
        if number < least:
            raise SettingsError(f"`{name}` is {number}, but must be at least {least}")
        return number

    return read


def _names(name: str, value: object) -> Mapping[str, str]:
    """Read a map; as one text, for flags and the environment: ``key=value,key=value``."""
    if isinstance(value, str):
        pairs = [one.partition("=") for one in value.split(",") if one.strip()]
        if not all(equals for _, equals, _ in pairs):
            raise SettingsError(f"`{name}` is `{value}`, but must be KEY=VALUE,KEY=VALUE")
        value = {key.strip(): meant.strip() for key, _, meant in pairs}
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for pair in value.items() for one in pair):
        raise SettingsError(f"`{name}` must be a map of text to text")
    return dict(value)


def _addresses_to_names(name: str, value: object) -> Mapping[str, str]:
    mapped = _names(name, value)
    for address in mapped:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise SettingsError(f"`{name}`: `{address}` is not an IP address") from error
    return mapped


def _networks(name: str, value: object) -> tuple[str, ...]:
    """Read what may be reached: true for all private addresses, or a list of networks."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in {"true", "false"}):
        return ("0.0.0.0/0", "::/0") if _switch(name, value) else ()
    some = [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value
    if not isinstance(some, (list, tuple)):
        raise SettingsError(f"`{name}` must be true, false, or a list of networks, e.g. [10.8.0.0/16]")
    for one in some:
        try:
            ipaddress.ip_network(str(one))
        except ValueError as error:
            raise SettingsError(f"`{name}`: `{one}` is not a network, e.g. 10.8.0.0/16") from error
    return tuple(str(one) for one in some)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the metadata of each says what it means."""

    listen: Address = _setting(Address("127.0.0.1", 8080), _address, "where workstations reach the proxy")
    operations: Address = _setting(
        Address("127.0.0.1", 8081), _address, "health, readiness, metrics, PAC file and CA certificate; loopback only"
    )
    policies: Path = _setting(Path("policies"), _folder, "folder of policy files")
    state: Path = _setting(Path("state"), _folder, "folder of the CA, keys and events; only its owner may read it")
    monitor: bool = _setting(False, _switch, "block nothing, record what would have been done")
    allow_private_destinations: tuple[str, ...] = _setting(
        (), _networks, "loopback and private addresses that may be reached: true for all, or a list of networks"
    )
    on_error: str = _setting(
        "block", _one_of("block", "allow"), "what becomes of a message that a step of ours failed on"
    )
    device_map: Mapping[str, str] = _setting(dict, _addresses_to_names, "workstation address: user")
    resolve: Mapping[str, str] = _setting(dict, _names, "host name: ADDRESS or ADDRESS:PORT to connect to instead")
    upstream_ca: Path | None = _setting(None, _file_or_none, "PEM file of CAs to trust upstream beside the usual ones")
    ssl_insecure: bool = _setting(False, _switch, "do not verify destinations' certificates; needs the next one too")
    i_know_upstream_is_not_verified: bool = _setting(False, _switch, "the second confirmation of ssl_insecure")
    help_contact: str = _setting("your security team", _text, "whom the block page tells people to ask")
    body_bytes: int = _setting(1024 * 1024 * 1024, _number(1024), "largest request body that is inspected, in bytes")
    websocket_bytes: int = _setting(4 * 1024 * 1024, _number(1024), "largest WebSocket message inspected, in bytes")
    spool_bytes: int = _setting(
        4 * 1024**3, _number(1024 * 1024), "bytes of request bodies over 1 MiB held in files at once, in STATE/spool"
    )
    hyperscan: bool = _setting(True, _switch, "one pass for all patterns where it is installed; off starts sooner")
    inspectors: int = _setting(2, _number(1), "processes that inspect large or packed bodies")


def load_settings(path: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Settings:
    """Return the settings: the file's, over them the environment's, over them the flags'. None in `flags` is unset.

    Raises:
        SettingsError: the file cannot be read, a key is unknown, or a value cannot be used.
    """
    found: dict[str, Any] = {}
    if path is not None:
        found.update(_from_file(path))
    for name in (one.name for one in fields(Settings)):
        value = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if value is not None:
            found[name] = value
    found.update({name: value for name, value in flags.items() if value is not None})
    known = {one.name: one for one in fields(Settings)}
    values = {name: known[name].metadata["read"](name, value) for name, value in found.items()}
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read the config file {path}: {error}") from error
    try:
        _refuse_twice(path, yaml.compose(text, Loader=yaml.SafeLoader))
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(found, dict):
        raise SettingsError(f"{path} must hold `setting: value` lines")
    known = [one.name for one in fields(Settings)]
    for name in found:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(known)
            raise SettingsError(f"{path}: `{name}` is not a setting; {hint}")
    return found


def _refuse_twice(path: Path, node: yaml.Node | None) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            raise SettingsError(f"{path}:{key.start_mark.line + 1}: `{key.value}` is written twice; delete one")
        seen.add(key.value)
        _refuse_twice(path, value)


def describe() -> list[tuple[str, str, str]]:
    """Return (name, default as text, meaning) of every setting, for help and docs."""
    rows = []
    for one in fields(Settings):
        default = one.default if one.default is not MISSING else "{}"
        rows.append((one.name, str(default), one.metadata["says"]))
    return rows
